/**
 * Whether copying records to PostgreSQL slows serving down, also while the database is away, and whether the copy is equal
 * to the log in the end: `npm run campaign:copy [-- ROUNDS]`. Two gateways, one without a database, take turns under full
 * load; in each round the other one's database is there, then stopped, then there again until the copy has caught up. On
 * Linux the gateway has a core of its own, and the database, which would be on another machine, gets what is left of the
 * other. Ends with 1 where either's median share of the rate without is below 0.95, or the copy differs. What an answer
 * costs the gateway's own process is told beside it: other work on the machine hardly moves that.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { applyLoad } from '../../bench/gateway/load.ts'
import { linesCopied, linesIn, settingsOf } from '../records/copying.ts'
import { type ServeProcess, startServeProcess } from '../support/serve-process.ts'
import { startPostgres, withoutPostgres } from '../support/start-postgres.ts'
import { startUpstream } from '../support/start-upstream.ts'

const rounds = Number(process.argv[2] ?? 5)
const seconds = 4
const least = 0.95
const run = promisify(execFile)

if (withoutPostgres) {
  console.log(withoutPostgres)
  process.exit(0)
}
const cleanups: (() => unknown)[] = []
const context = { after: (clean: unknown) => void cleanups.push(clean as () => unknown) } as never
const postgres = await startPostgres(context, { priority: constants.priority.PRIORITY_LOW })
await pin(process.pid, '1')
const upstream = await startUpstream((_, response) => {
  response.setHeader('content-type', 'application/json')
  response.end('{"rows":[{"name":"张三丰","mobile":"13800138000"}]}')
})
const base = await mkdtemp(join(tmpdir(), 'veilgate-copy-'))
const settings = settingsOf(postgres.url)
const gateways = { without: await start('without', ''), with: await start('with', ', postgres: { url_file: ../url }') }

type Measured = { readonly rate: number; readonly cost: number }
const measured = { without: [] as Measured[], there: [] as Measured[], away: [] as Measured[] }
for (let round = 1; round <= rounds; round++) {
  measured.without.push(await measure(gateways.without))
  measured.there.push(await measure(gateways.with))
  await caughtUp()
  await postgres.stop()
  measured.away.push(await measure(gateways.with))
  await postgres.start()
  await caughtUp()
  const told = Object.entries(measured).map(([name, all]) => `${name} ${shown(all.at(-1)!)}`)
  console.log(`round ${round}: ${told.join(', ')}`)
}
for (const gateway of Object.values(gateways)) await gateway.end()
const [log, copied] = [await linesIn(join(base, 'with/records')), await linesCopied(settings)]
const isEqual = log.sort().join('\n') === copied.sort().join('\n')
const [there, away] = [shareOf(measured.there), shareOf(measured.away)]
const costs = Object.entries(measured).map(([name, all]) => `${name} ${median(all.map(one => one.cost)).toFixed(0)}`)
console.log(`${log.length} records, copy ${isEqual ? 'equal' : 'NOT EQUAL'}`)
console.log(`share of the rate without: ${there.toFixed(3)} there, ${away.toFixed(3)} away`)
console.log(`CPU of the gateway for an answer, µs: ${costs.join(', ')}`)
await upstream.close()
for (const clean of cleanups) await clean()
await rm(base, { recursive: true, force: true })
process.exitCode = isEqual && there >= least && away >= least ? 0 : 1

async function start(name: string, more: string): Promise<ServeProcess> {
  const folder = join(base, name)
  await mkdir(folder, { recursive: true })
  await writeFile(join(base, 'url'), postgres.url, { mode: 0o600 })
  const system = `systems: { a: { upstream: "${upstream.url}", policy: shipped } }\nanonymous: { audience: public }\n`
  const config = `listen: 127.0.0.1:0\nadmin: false\n${system}records: { folder: ./records${more} }\n`
  await writeFile(join(folder, 'gateway.yaml'), config)
  const gateway = await startServeProcess(folder, [])
  await pin(gateway.pid, '0')
  return gateway
}

/** The gateway itself has the first core, all others share the next. */
async function pin(pid: number, core: string): Promise<void> {
  if (process.platform !== 'linux' || availableParallelism() < 2) return
  await run('taskset', ['-acp', core, String(pid)])
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(/\s+/)
  for (const child of children.filter(Boolean)) await run('taskset', ['-acp', '1', child])
}

async function measure({ url, pid }: ServeProcess): Promise<Measured> {
  const load = { url: `${url}/students`, headers: {}, seconds, connections: 32, core: '1' }
  const before = await cpuOf(pid)
  const { perSecond, requests, errors } = await applyLoad(load)
  if (errors > 0) throw new Error(`${errors} answers were none`)
  return { rate: perSecond, cost: ((await cpuOf(pid)) - before) / requests }
}

/** Microseconds that a process has computed; Linux counts them in hundredths of a second. */
async function cpuOf(pid: number): Promise<number> {
  if (process.platform !== 'linux') return Number.NaN
  const after = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  return (Number(after[11]) + Number(after[12])) * 10_000
}

/** The median over rounds of the rate's share of that without. */
function shareOf(rates: readonly Measured[]): number {
  return median(rates.map(({ rate }, round) => rate / measured.without[round]!.rate))
}

function shown({ rate, cost }: Measured): string {
  return `${rate.toFixed(0)}/s (${cost.toFixed(0)} µs)`
}

/** Resolves when nothing of the folder is missing in the database any more. */
async function caughtUp(): Promise<void> {
  const folder = join(base, 'with/records')
  for (let tries = 0; ; tries++) {
    const files = (await readdir(folder)).filter(file => file.includes('.jsonl'))
    const missing = (await linesIn(folder)).length - (await linesCopied(settings).catch(() => [])).length
    if (missing <= 0 && files.length > 0) return
    if (tries > 300) throw new Error(`${missing} records were not copied`)
    await sleep(1000)
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!
}
