import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Running, startGateway } from '../../gateway/cli/serve/start.ts'
import type { Config, Consumer, SystemSettings } from '../../gateway/config/config.ts'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import type { Plugins } from '../../gateway/contracts.ts'
import { createLog } from '../../gateway/log.ts'
import { readRecords } from '../../gateway/records/files/read.ts'
import type { AskDraft } from '../../gateway/records/sealing/sealer.ts'
import { makeApiKey } from '../../plugins/identities/api-key.ts'
import { plugins as shipped } from '../../plugins/index.ts'
import { consumer, withKey } from './consumer.ts'
import { removeFolder } from './remove-folder.ts'

/** A gateway in this process, with real folders, keys, policies and records. */
export type TestGateway = {
  readonly url: string
  readonly port: number
  readonly directory: string
  readonly running: Running
  /** Of `staff` and `counsellor`, for the Authorization header. */
  readonly keys: { readonly staff: string; readonly counsellor: string }
  /** What the operational log said. */
  readonly log: string[]
  /** All records written so far, in order. */
  records(): Promise<TestRecord[]>
  close(): Promise<void>
}

export type TestRecord = Record<string, unknown> & { kind: string; seq: number; log: string }

export type TestOptions = {
  readonly upstream: string
  /** By name under the policy folder, e.g. `systems/upstream.yaml`; none: the shipped policy. */
  readonly policies?: Readonly<Record<string, string>>
  readonly limits?: Partial<Config['limits']>
  readonly timeouts?: Partial<SystemSettings['upstream']['timeouts']>
  readonly pool?: Partial<SystemSettings['upstream']['pool']>
  readonly system?: Partial<SystemSettings>
  /** Towards the upstream. */
  readonly tls?: SystemSettings['upstream']['tls']
  readonly config?: Partial<Config>
  readonly plugins?: Plugins
  /** Left out: the notary compresses full log files itself. */
  readonly askDraft?: AskDraft
  /** Leaves out callers without credentials. */
  readonly closed?: boolean
  readonly directory?: string
  /** Called before it listens, once it is warm; left out: it is not made warm. */
  readonly loaded?: () => void
}

/** One system, `upstream`; anybody as `public`, and consumers `staff` and `counsellor` by key. */
export async function startTestGateway(options: TestOptions): Promise<TestGateway> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'veilgate-')))
  for (const [name, text] of Object.entries(options.policies ?? {})) {
    const path = join(directory, 'policies', name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  const keys = { staff: makeApiKey(), counsellor: makeApiKey() }
  const config = configOf(options, directory, keys)
  const log: string[] = []
  const plugins = options.plugins ?? shipped
  const write = (line: string) => void log.push(line)
  const { loaded } = options
  const running = await startGateway({
    config,
    plugins,
    log: createLog({ lang: 'en', write, forPeople: false }),
    ...(options.askDraft !== undefined && { askDraft: options.askDraft }),
    ...(loaded && { loaded }),
  })
  if ('faults' in running) throw new Error(`policy: ${JSON.stringify(running.faults.map(fault => fault.message.en))}`)
  const { port } = running.address
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    directory,
    running,
    keys,
    log,
    records: () => recordsIn(config.records),
    async close() {
      await running.close()
      if (options.directory === undefined) await removeFolder(directory)
    },
  }
}

function configOf(options: TestOptions, directory: string, keys: TestGateway['keys']): Config {
  const base = upstreamOnly(options.upstream, { directory, listen: '127.0.0.1:0', admin: '127.0.0.1:0' })!
  const [[name, plain]] = [...base.systems] as [[string, SystemSettings]]
  const upstream = {
    ...plain.upstream,
    ...(options.tls !== undefined && { tls: options.tls }),
    timeouts: { ...plain.upstream.timeouts, ...options.timeouts },
    pool: { ...plain.upstream.pool, ...options.pool },
  }
  const system = { ...plain, upstream, shippedPolicy: options.policies === undefined, ...options.system }
  return {
    ...base,
    admin: null,
    policies: options.policies === undefined ? null : join(directory, 'policies'),
    limits: { ...base.limits, ...options.limits },
    systems: new Map([[name, system]]),
    consumers: new Map([
      ['staff', trusted('staff', keys.staff)],
      ['counsellor', trusted('counsellor', keys.counsellor)],
    ]),
    anonymous: options.closed === true ? null : base.anonymous,
    ...options.config,
  }
}

function trusted(name: keyof TestGateway['keys'], key: string): Consumer {
  return consumer(name, {
    audience: name,
    credentials: withKey(key),
    namesOperators: true,
    purposes: ['enrolment'],
    bases: ['work_order'],
  })
}

/** As `records query` reads them: what was never acknowledged is left out. */
async function recordsIn(folder: string): Promise<TestRecord[]> {
  const records: TestRecord[] = []
  for await (const record of readRecords(folder)) records.push(record as TestRecord)
  return records
}
