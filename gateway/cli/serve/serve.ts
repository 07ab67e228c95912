import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { plugins } from '../../../plugins/index.ts'
import { KeyFault } from '../../access/keys.ts'
import type { Config } from '../../config/config.ts'
import { upstreamOnly } from '../../config/upstream-only.ts'
import { LagBoard } from '../../console/lag.ts'
import type { Bilingual } from '../../contracts.ts'
import { createLog } from '../../log.ts'
import { readyToServe } from '../../memory.ts'
import { renderFaults } from '../../policy/fault.ts'
import { RecordsFault } from '../../records/log/records-fault.ts'
import { type Command, exit, type Io, say, UsageError } from '../command.ts'
import { DraftRequests } from '../companions/draft-requests.ts'
import { startHousekeeping } from '../companions/housekeeping.ts'
import { followPostgres } from '../companions/postgres-follower.ts'
import { GateFault } from '../in-force/policy-gate.ts'
import { keepMonths } from '../keys/months.ts'
import { parse } from '../options.ts'
import { outliveReaders } from '../outlive-readers.ts'
import { type Serving, startWorkers } from '../workers/start.ts'
import { WorkerFault } from '../workers/workers.ts'
import { readConfigFile } from './config-file.ts'
import { watchConfig } from './config-watch.ts'
import type { StartOptions } from './gateway-parts.ts'
import { listeningWords } from './listening-words.ts'
import { tellOfFewFiles } from './open-files.ts'
import { startGateway } from './start.ts'
import { stopSignal } from './stop-signal.ts'
import { servingText } from './text.ts'
import { recordCertificates } from './whole-gateway.ts'

const words = {
  either: { zh: '--config 与 --upstream 只能用一个。', en: 'Give --config or --upstream, not both.' },
  addresses: {
    zh: '--listen 与 --admin 只与 --upstream 同用；有 gateway.yaml 时，地址写在其中的 listen 与 admin。',
    en: '--listen and --admin go with --upstream only; with a gateway.yaml the addresses are its `listen` and `admin`.',
  },
  none: {
    zh: '没有找到 gateway.yaml。用 --config 指明文件，或用 --upstream URL 直接开始。',
    en: 'There is no gateway.yaml here. Name one with --config, or begin with --upstream URL.',
  },
  workers: { zh: '--workers 应为 1 到 64 的整数。', en: '--workers takes a whole number from 1 to 64.' },
  upstream: {
    zh: '--upstream 应为 http 或 https 地址，--listen 与 --admin 应为本机地址，如 127.0.0.1:8080。',
    en: '--upstream takes an http or https URL; --listen and --admin take a loopback address such as 127.0.0.1:8080.',
  },
  stopping: { zh: '正在停止：等待处理中的请求……', en: 'Stopping: waiting for answers in flight.' },
  stopped: { zh: '已停止。', en: 'Stopped.' },
  hangup: {
    zh: 'SIGHUP：立即查看 gateway.yaml 写明的证书与私钥，有变即启用；策略与 alerts.yaml 改动后自动启用，gateway.yaml 本身在启动时读取。',
    en: 'SIGHUP: certificates and keys that gateway.yaml names are looked at now, and taken up where they changed. Policies and alerts.yaml are taken up by themselves; gateway.yaml itself is read at a start.',
  },
}

export const command: Command = {
  name: 'serve',
  summary: { zh: '启动网关', en: 'start the gateway' },
  usage: `[--config FILE | --upstream URL [--listen HOST:PORT] [--admin HOST:PORT]] [--workers N]
      --config FILE    gateway.yaml in this folder if left out
      --upstream URL   without any configuration: for this machine only, by the shipped policies
      --workers N      so many processes that serve as one, each with a log of its own; \`workers\` in gateway.yaml if left out`,
  async run(args, io) {
    outliveReaders()
    // a service or `nohup` goes on, also while it starts; on a terminal that is closed nobody could stop it any more
    let look = (): void => {}
    const onHangup = (): void => {
      io.stderr(`${say(words.hangup, io.lang)}\n`)
      look()
    }
    const hangup = process.stderr.isTTY === true ? undefined : onHangup
    if (hangup !== undefined) process.on('SIGHUP', hangup)
    const chosen = await choose(args, io)
    if (typeof chosen === 'number') return chosen
    const running = await start(chosen, io)
    if (typeof running === 'number') return running
    if (hangup !== undefined) process.off('SIGHUP', hangup)
    look = running.look
    const stop = stopSignal(hangup)
    // who reads that it serves may stop it at once, and is heard
    io.stdout(servingText(chosen.config, running, io))
    await stop.first
    io.stderr(`${say(words.stopping, io.lang)}\n`)
    void stop.again.then(() => running.gateway.cut())
    await running.close()
    stop.done()
    io.stderr(`${say(words.stopped, io.lang)}\n`)
    return exit.well
  },
}

/** The configuration asked for; or, where there is none, the exit status, with what is wrong printed. */
async function choose(args: readonly string[], io: Io): Promise<Omit<StartOptions, 'log'> | number> {
  const { config: file, upstream, listen, admin, workers } = optionsFrom(args)
  const many = workers === undefined ? {} : { workers: workersFrom(workers) }
  if (file !== undefined && upstream !== undefined) throw new UsageError(words.either)
  if (upstream !== undefined) {
    const config = upstreamOnly(upstream, { directory: io.cwd, ...(listen && { listen }), ...(admin && { admin }) })
    if (config === null) throw new UsageError(words.upstream)
    return { config: { ...config, ...many }, plugins }
  }
  if (listen !== undefined || admin !== undefined) throw new UsageError(words.addresses)
  const path = resolve(io.cwd, file ?? 'gateway.yaml')
  if (file === undefined && !existsSync(path)) throw new UsageError(words.none)
  const read = await readConfigFile(path, io)
  return typeof read === 'number' ? read : { ...read, config: { ...read.config, ...many } }
}

function workersFrom(text: string): number {
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > 64) throw new UsageError(words.workers)
  return count
}

type Options = { config?: string; upstream?: string; listen?: string; admin?: string; workers?: string }

function optionsFrom(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const options = { config: text, upstream: text, listen: text, admin: text, workers: text }
  return parse(() => parseArgs({ args: [...args], options })).values
}

async function start(chosen: Omit<StartOptions, 'log'>, io: Io): Promise<(Serving & { look(): void }) | number> {
  const log = createLog({ lang: io.lang, write: io.stderr, forPeople: process.stderr.isTTY === true })
  try {
    const { workers } = chosen.config
    const lag = new LagBoard()
    const drafts = new DraftRequests()
    const options = { ...chosen, log, lag, askDraft: drafts.ask }
    const running =
      workers === null
        ? await startGateway({ ...options, loaded: readyToServe })
        : await startWorkers({ ...options, lang: io.lang }, workers)
    if (!('faults' in running)) {
      await tellOfFewFiles(chosen.config, log)
      // a primary answers nobody but its operators
      if (workers !== null) readyToServe()
      const { records, postgres } = chosen.config
      const housekeeping = startHousekeeping(records, drafts, log, lag)
      const copy = postgres === null ? null : followPostgres(records, postgres, log, lag)
      const months = keepMonths(chosen.config, running.records, log)
      const watch = watchConfig(chosen.config, {
        log,
        renew: running.renew,
        refused: faults => recordCertificates(running.records, chosen.config.digest, faults),
      })
      const close = async () => {
        await watch?.close()
        await months.close()
        await housekeeping.close()
        await running.close()
        await copy?.close()
      }
      return { ...running, close, look: () => watch?.look() }
    }
    io.stderr(renderFaults(running.faults, io.lang))
    return exit.wrong
  } catch (error) {
    const said = wordsOf(error, chosen.config)
    if (said === null) throw error
    io.stderr(`${say(said, io.lang)}\n`)
    return exit.unable
  }
}

function wordsOf(error: unknown, config: Config): Bilingual | null {
  if (
    error instanceof KeyFault ||
    error instanceof RecordsFault ||
    error instanceof WorkerFault ||
    error instanceof GateFault
  )
    return error.words
  const { code, syscall, port } = error as NodeJS.ErrnoException & { port?: number }
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return null
  const { host, port: wanted } = port !== undefined && port === config.admin?.port ? config.admin : config.listen
  return listeningWords(host, wanted, String(code))
}
