import { rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { plugins } from '../../../plugins/index.ts'
import type { Config } from '../../config/config.ts'
import { upstreamOnly } from '../../config/upstream-only.ts'
import type { Bilingual } from '../../contracts.ts'
import type { OperationalLog } from '../../log.ts'
import { renderFaults } from '../../policy/fault.ts'
import { type Command, exit, type Io, say, UsageError, unable } from '../command.ts'
import { headersOf, parse } from '../options.ts'
import { unmetText } from '../policies/unmet-fields.ts'
import { startGateway } from '../serve/start.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { watchFields } from './fields.ts'
import { type Rehearsal, rehearse } from './rehearsing.ts'
import { readRequests } from './requests.ts'
import { type SystemAsked, type SystemFound, shownFrom, systemToAsk, textOf } from './system.ts'
import { rehearsalText, type SaidOfFaults } from './text.ts'

const mostRequests = 500

const words = {
  needs: {
    zh: '需要 --requests，以及 --upstream 与 --config 之一。',
    en: 'It needs --requests, and one of --upstream and --config.',
  },
  limit: { zh: '--limit 是 1 到 100000 之间的数。', en: '--limit is a number from 1 to 100000.' },
  noRequests: (file: string): Bilingual => ({
    zh: `${file} 既不是每行一个路径的列表，也不是 HAR 文件。`,
    en: `${file} is neither a list of paths, one on each line, nor a HAR file.`,
  }),
  system: (name: string, known: readonly string[]): Bilingual => ({
    zh: `请用 --system 指明策略中的系统${name === '' ? '' : `（没有“${name}”）`}；有：${known.join('、') || '（无）'}`,
    en: `Name a system of the policies by --system${name === '' ? '' : ` (there is no '${name}')`}: ${known.join(', ') || '(none)'}`,
  }),
  audience: (name: string, known: readonly string[]): Bilingual => ({
    zh: `没有受众“${name}”；有：${known.join('、')}`,
    en: `There is no audience '${name}'; there are: ${known.join(', ')}`,
  }),
  begins: (asked: number, left: number, others: number, url: string): Bilingual => ({
    zh: `将逐个发出 ${asked} 个 GET 请求到 ${url}；不发其他方法（${others} 个），超出上限不发（${left} 个）。结果不含任何值。`,
    en: `Asking ${url} for ${asked} paths, GET only and one at a time; left out are ${others} by other methods and ${left} over the limit. No value is shown.`,
  }),
}

/** What would be withheld, refused or masked, before anyone depends on the gateway. */
export const command: Command = {
  name: 'rehearse',
  summary: {
    zh: '预演：经网关走一遍请求，说明哪些会被扣留、拒绝或脱敏，以及怎样写策略',
    en: 'ask a system through the gateway, and say what would be withheld or masked, and the YAML that settles it',
  },
  usage: `(--upstream URL [--ca FILE] | --config FILE) --requests FILE [--policies DIR] [--system S] [--audience A] [--header H ...] [--limit N]
      --config FILE    a gateway.yaml: --system is one of its systems, asked as the gateway would, by its policies and limits
      --ca FILE        certificate of the authority that issued the system's, where it is one's own
      --requests FILE  a list of paths, one on each line, or a HAR file saved by a browser
      --policies DIR   the shipped policy, or those of --config, if left out
      --audience A     public if left out
      --header H       "NAME: VALUE", sent with each request: a session, credentials
      --limit N        requests at most; ${mostRequests} if left out`,
  async run(args, io) {
    const asked = read(args)
    const requests = await requestsIn(asked.requests, io)
    if (requests === null) return exit.unable
    const found = await systemToAsk(asked, io)
    if (found === null) return exit.unable
    const directory = await temporaryFolder('rehearsal')
    if (typeof directory !== 'string') return unable(directory, io)
    try {
      const config = configOf(asked, found, directory)
      const targets = [...requests.targets].slice(0, asked.limit)
      const left = requests.targets.size - targets.length
      io.stderr(`${say(words.begins(targets.length, left, requests.others, found.system.upstream.origin), io.lang)}\n`)
      const said: SaidOfFaults = new Map()
      const rehearsed = await through(config, asked, targets, said, io)
      if (typeof rehearsed === 'number') return rehearsed
      const { done, unmet } = rehearsed
      io.stdout(rehearsalText(done, said, io.lang))
      const told = unmetText(found.system.name, unmet, io.lang)
      if (told !== '') io.stdout(`\n${told}`)
      return done.every(({ code }) => code === null) ? exit.well : exit.wrong
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
}

type Asked = SystemAsked & {
  readonly requests: string
  readonly audience: string
  readonly headers: ReadonlyMap<string, string>
  readonly limit: number
}

function read(args: readonly string[]): Asked {
  const text = { type: 'string' } as const
  const options = {
    upstream: text,
    config: text,
    ca: text,
    requests: text,
    policies: text,
    system: text,
    audience: text,
    header: { type: 'string', multiple: true },
    limit: text,
  } as const
  const { values } = parse(() => parseArgs({ args: [...args], options }))
  const {
    upstream = null,
    config = null,
    ca = null,
    requests,
    policies,
    system,
    audience,
    limit = String(mostRequests),
  } = values
  if ((upstream === null) === (config === null) || requests === undefined) throw new UsageError(words.needs)
  if (!/^[1-9]\d{0,4}$|^100000$/.test(limit)) throw new UsageError(words.limit)
  const named = { policies: policies ?? null, system: system ?? null, audience: audience ?? 'public' }
  return { upstream, config, ca, requests, ...named, headers: headersOf(values.header), limit: Number(limit) }
}

async function requestsIn(file: string, io: Io) {
  const text = await textOf(file, io)
  if (text === null) return null
  const requests = readRequests(text)
  if (requests === null) io.stderr(`${say(words.noRequests(file), io.lang)}\n`)
  return requests
}

/** A gateway of its own in a folder that goes away, with one consumer in the audience asked for. */
function configOf(asked: Asked, { system, policies, limits }: SystemFound, directory: string): Config {
  const { origin, headers } = system.upstream
  const base = upstreamOnly(origin, { directory, listen: '127.0.0.1:0', admin: '127.0.0.1:0' })!
  const upstream = { ...system.upstream, headers: new Map([...headers, ...asked.headers]) }
  return {
    ...base,
    admin: null,
    policies,
    limits: limits ?? base.limits,
    systems: new Map([[system.name, { ...system, upstream }]]),
    anonymous: { ...base.anonymous!, audience: asked.audience },
  }
}

async function through(
  config: Config,
  asked: Asked,
  targets: readonly (readonly [string, number])[],
  said: SaidOfFaults,
  io: Io,
): Promise<Rehearsal | number> {
  const watch = watchFields(plugins)
  const log = faultsTo(said)
  const { policies } = config
  const shown = policies === null ? {} : { policiesShownAs: asked.policies ?? shownFrom(io, policies) }
  const running = await startGateway({ config, plugins: watch.plugins, log, ...shown })
  if ('faults' in running) {
    io.stderr(renderFaults(running.faults, io.lang))
    return exit.wrong
  }
  try {
    const { policy } = running
    const [name] = [...config.systems.keys()] as [string]
    const system = policy.systems.get(name)
    if (system === undefined) throw new UsageError(words.system(asked.system ?? '', [...policy.systems.keys()]))
    if (!policy.audiences.has(asked.audience))
      throw new UsageError(words.audience(asked.audience, [...policy.audiences.keys()]))
    return await rehearse(targets, { port: running.address.port, policy, system, audience: asked.audience, watch })
  } finally {
    await running.close()
  }
}

/** A log that keeps what is said of a system's faults, once for each code, and nothing else. */
function faultsTo(said: SaidOfFaults): OperationalLog {
  const nothing = () => {}
  const warn: OperationalLog['warn'] = (words, fields) => {
    if (fields?.code !== undefined && !said.has(fields.code)) said.set(fields.code, words)
  }
  return { debug: nothing, info: nothing, warn, error: nothing }
}
