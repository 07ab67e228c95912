import { existsSync } from 'node:fs'
import { appendFile, cp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hashApiKey, makeApiKey } from '../../../plugins/identities/api-key.ts'
import { plugins } from '../../../plugins/index.ts'
import { loadConfig } from '../../config/load.ts'
import { type LegacySystem, startLegacySystem } from '../../demo/legacy-system.ts'
import { walkThrough } from '../../demo/walkthrough.ts'
import { createLog } from '../../log.ts'
import { renderFaults } from '../../policy/fault.ts'
import { type Command, exit, type Io, say, UsageError, unable } from '../command.ts'
import { type Running, startGateway } from '../serve/start.ts'
import { stopSignal } from '../serve/stop-signal.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { renderWalk } from './pages.ts'
import { canaryOf, type Demonstration, makePeople, showPermission } from './permission.ts'
import { showRecords } from './records.ts'
import { demoConfig, demoWords, introduced, statement, tryLines } from './text.ts'

const usualPort = 8080

export const command: Command = {
  name: 'demo',
  summary: {
    zh: '启动虚构的旧系统和它前面的网关，展示前后对比',
    en: 'start a made-up old system with the gateway in front, and show before and after',
  },
  usage: `[--once]
      --once   end after the walk-through: with 0 if all was as it should be, else with 1`,
  async run(args, io) {
    const once = readOnce(args)
    const folder = await temporaryFolder('demo')
    if (typeof folder !== 'string') return unable(folder, io)
    const legacy = await startLegacySystem()
    const stop = stopSignal()
    try {
      const keys = { staff: makeApiKey(), counsellor: makeApiKey() }
      const running = await start(folder, legacy, keys, once ? 0 : await portOrZero(usualPort), io)
      if (running === null) return exit.wrong
      try {
        const url = `http://${running.address.host}:${running.address.port}`
        const admin = `http://${running.admin!.host}:${running.admin!.port}`
        const well = await show({ folder, legacy, url, admin }, keys, io)
        if (!well) return exit.wrong
        if (once) return exit.well
        io.stdout(`\n${say(demoWords.look(url, legacy.url), io.lang)}\n`)
        io.stdout(`\n${say(demoWords.try, io.lang)}\n\n${tryLines(url, folder, keys)}\n`)
        await stop.first
      } finally {
        await running.close()
      }
      io.stdout(`\n${demoWords.stopped[io.lang](folder)}\n`)
      return exit.well
    } finally {
      stop.done()
      await legacy.close()
      if (once) await rm(folder, { recursive: true, force: true })
    }
  },
}

type Keys = { readonly staff: string; readonly counsellor: string }

function readOnce(args: readonly string[]): boolean {
  try {
    return parseArgs({ args: [...args], options: { once: { type: 'boolean' } } }).values.once ?? false
  } catch {
    throw new UsageError({ zh: '只有 --once 一个选项。', en: 'The only option is --once.' })
  }
}

/** Writes the folder of the demonstration and serves it; null where that is not possible, with what is wrong printed. */
async function start(folder: string, legacy: LegacySystem, keys: Keys, port: number, io: Io): Promise<Running | null> {
  await cp(packagedPolicies(), join(folder, 'policies'), { recursive: true })
  await appendFile(join(folder, 'policies/alerts.yaml'), canaryOf(legacy).yaml)
  const hashes = { staff: hashApiKey(keys.staff), counsellor: hashApiKey(keys.counsellor) }
  const file = join(folder, 'gateway.yaml')
  await writeFile(file, demoConfig(port, legacy.url, hashes, await makePeople(folder)), { mode: 0o600 })
  const loaded = await loadConfig(file, { identities: plugins.identities, now: Date.now() })
  // alerts are part of what is shown, and come from the records
  const log = createLog({ lang: io.lang, write: io.stderr, forPeople: true, level: 'error' })
  const running =
    'faults' in loaded ? loaded : await startGateway({ config: loaded.config, against: loaded.against, plugins, log })
  if (!('faults' in running)) return running
  io.stderr(renderFaults(running.faults, io.lang))
  return null
}

/** Walks through it and prints it. Returns whether all was as it should be. */
async function show(demo: Omit<Demonstration, 'key'>, keys: Keys, io: Io): Promise<boolean> {
  const { folder, legacy, url } = demo
  const key = (value: string) => ({ Authorization: `Bearer ${value}` })
  const walk = await walkThrough(legacy, url, [
    { name: 'public', headers: {} },
    { name: 'staff', headers: key(keys.staff) },
    { name: 'counsellor', headers: { ...key(keys.counsellor), ...statement } },
  ])
  io.stdout(`${say(demoWords.intro(legacy.students.length, legacy.url, url), io.lang)}\n\n`)
  io.stdout(renderWalk(walk, introduced, io.lang))
  const failed = [...walk.failed, ...(await showRecords(join(folder, 'records'), walk.exchanges, io))]
  failed.push(...(await showPermission({ ...demo, key: keys.counsellor }, io)))
  const verdict = failed.length === 0 ? demoWords.passed : demoWords.failed
  io.stdout(`\n${say(verdict, io.lang)}\n${failed.map(check => `  - ${check}\n`).join('')}`)
  return failed.length === 0
}

/** Beside `gateway/` in a clone, above `dist/` in a published package. */
function packagedPolicies(): string {
  const candidates = ['../../../policies', '../../../../policies'].map(up => join(import.meta.dirname, up))
  return candidates.find(folder => existsSync(join(folder, 'catalogue.yaml'))) ?? candidates[0]!
}

/** The port, or 0 where something else has it. */
function portOrZero(port: number): Promise<number> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(0))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(port)))
  })
}
