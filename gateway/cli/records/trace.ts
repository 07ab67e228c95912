import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { plugins } from '../../../plugins/index.ts'
import { KeyFault } from '../../access/keys.ts'
import type { Config } from '../../config/config.ts'
import type { Bilingual } from '../../contracts.ts'
import { renderFaults } from '../../policy/fault.ts'
import { loadPolicies } from '../../policy/load.ts'
import type { Policy } from '../../policy/policy.ts'
import { testKeys } from '../../policy/run-tests.ts'
import type { TraceRequest } from '../../records/proof/trace-request.ts'
import { localTime } from '../../records/query/when.ts'
import { type Trace, Tracing } from '../../records/tracing.ts'
import { type Command, exit, type Io, say, UsageError, unable } from '../command.ts'
import { installedConfig } from '../installed-config.ts'
import { parse } from '../options.ts'
import { whoRuns } from '../who-runs.ts'
import { type Asked, askingOptions, askRecords, placeOf } from './asking.ts'
import { deliver } from './deliver.ts'
import { namedFilters } from './filters.ts'
import { affectedBy, affectedOptions } from './trace-affected.ts'
import { keysOfAuthority, keysOfFolder, type MonthKeys, peopleUnder } from './trace-keys.ts'
import { type Listed, type ReadList, readList, tellOf } from './trace-list.ts'
import { tracePage } from './trace-page.ts'
import { type Approved, type AskedTrace, approvedRequest, writeRequest } from './trace-request.ts'
import { sightingAsJson, traceAsJson, traceAsText } from './trace-text.ts'
import { type Traced, toldOf } from './trace-told.ts'

const text = { type: 'string' } as const
const options = {
  ...askingOptions,
  ...affectedOptions,
  affected: { type: 'boolean' },
  people: text,
  type: text,
  column: { type: 'string', multiple: true },
  case: text,
  ask: text,
  request: text,
  authority: text,
  config: text,
  out: text,
  json: { type: 'boolean' },
} as const

/** Accessors on a page. */
const mostOnPage = 100
const mostBytes = 64 * 1024 * 1024
export const command: Command = {
  name: 'records trace',
  summary: {
    zh: '凭泄露名单查出谁看过这些人，按可能性排序；须两人批准',
    en: 'find who was shown the people of a leaked list, the likeliest first, by leave of two people',
  },
  usage: `--people FILE --case NUMBER --ask REQUEST      first: writes what is asked for, to be approved
  veilgate records trace --people FILE --request REQUEST       then, approved: looks for them
  veilgate records trace --affected --operator NAME  whom somebody was shown, as blind indexes; takes the filters of query
    --people FILE       the list: CSV, XLSX, XLS, lines of text, or what a chat or a screenshot says, a person a row; - for standard input
    --column NAME=TYPE  what a column holds, by its name or number: 手机号=cn_mobile; else by its name and by what is in it
    --type TYPE         what all values of the list are
    --case NUMBER       what it is for, as it goes on record
    --from, --until WHEN  only answers of this time, in the configured timezone
    --request REQUEST   with two signatures: veilgate records approve
    --authority SECRET  the trace authority's secret key, for past months; else the keys folder opens what it can
    --config FILE       gateway.yaml in this folder if left out: approvers, policies, where records and keys are
    --records DIR, --postgres WHAT  other records than those
    --out FILE          a page of it, to be printed, signed and handed in
    --json              one object for the trace, for each accessor and for each time somebody was shown
    --scan              reads every record instead of asking the index`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    if (values.affected === true) {
      const place = await placeOf(values, io)
      return typeof place === 'number' ? place : askRecords(place, io, affectedBy(values, place.timezone, io))
    }
    const isNarrowed = namedFilters(values).some(name => name !== 'from' && name !== 'until')
    if (isNarrowed || values.people === undefined || (values.ask === undefined) === (values.request === undefined))
      throw new UsageError(words.usage)
    const config = await installedConfig(values.config, io)
    if (typeof config === 'number') return config
    const policy = policyOf(config, io)
    if (policy === null) return exit.wrong
    const list = await listOf(values, policy, io)
    if ('zh' in list) return unable(list, io)
    const { people } = list
    for (const told of tellOf(list, policy)) io.stderr(`${say(told, io.lang)}\n`)
    if (values.ask !== undefined) return writeRequest(values as AskedTrace, people, config, io)
    const approved = approvedRequest(resolve(io.cwd, values.request!), people, config)
    if ('zh' in approved) return unable(approved, io)
    const keys = await keysFor(values.authority, config, io)
    if ('zh' in keys) return unable(keys, io)
    const where = values.records === undefined && values.postgres === undefined ? { records: config.records } : {}
    const style = values.json === true ? 'json' : { out: values.out }
    const place = await placeOf({ ...values, ...where }, io)
    if (typeof place === 'number') return place
    return askRecords(place, io, asked => trace(asked, people, approved, keys, config, style, io))
  },
}

type Values = { readonly [Key in keyof typeof options]?: string | boolean | string[] | undefined }

function policyOf(config: Config, io: Io): Policy | null {
  const loaded = loadPolicies(config.policies, { plugins, keys: testKeys, shippedSystems: [] })
  if ('policy' in loaded) return loaded.policy
  io.stderr(renderFaults(loaded.faults, io.lang))
  return null
}

async function listOf(values: Values, policy: Policy, io: Io): Promise<ReadList | Bilingual> {
  const columns = new Map<string, string>()
  for (const given of (values.column ?? []) as string[]) {
    const at = given.lastIndexOf('=')
    columns.set(given.slice(0, at), given.slice(at + 1))
  }
  const type = (values.type as string | undefined) ?? null
  for (const name of [...columns.values(), ...(type === null ? [] : [type])])
    if (policy.catalogue.get(name)?.identifies == null) throw new UsageError(words.type)
  const bytes = await bytesOf(values.people as string, io)
  if (bytes === null) return words.list
  try {
    const list = await readList(bytes, policy, { type, columns })
    return list.people.length === 0 ? words.empty : list
  } catch {
    // What is thrown may quote the list.
    return words.list
  }
}

async function bytesOf(path: string, io: Io): Promise<Buffer | null> {
  if (path !== '-') {
    const file = resolve(io.cwd, path)
    const found = statSync(file, { throwIfNoEntry: false })
    return found?.isFile() && found.size <= mostBytes ? readFileSync(file) : null
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of io.stdin) {
    chunks.push(chunk)
    size += chunk.length
    if (size > mostBytes) return null
  }
  return Buffer.concat(chunks)
}

async function keysFor(authority: string | undefined, config: Config, io: Io): Promise<MonthKeys | Bilingual> {
  try {
    if (authority === undefined) return await keysOfFolder(config.keys)
    const path = resolve(io.cwd, authority)
    if (!existsSync(path) || statSync(path).size > 1024) return words.authority
    return (await keysOfAuthority(config.records, readFileSync(path, 'utf8').trim())) ?? words.authority
  } catch (error) {
    if (error instanceof KeyFault) return error.words
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return words.keys
  }
}

async function trace(
  { source, reading }: Asked,
  people: readonly Listed[],
  { request, approvers, digest }: Approved,
  keys: MonthKeys,
  { timezone }: Config,
  style: 'json' | { readonly out: string | undefined },
  io: Io,
): Promise<number> {
  const months = [...keys.opened.keys()].filter(month => isIn(month, request))
  const { personOf, wanted } = peopleUnder(people, keys, months)
  const tracing = new Tracing(personOf)
  for await (const sighting of source.sightings(wanted, request)) tracing.add(sighting)
  const result: Trace = tracing.result(await source.reach(months))
  const { caseNumber, from, until } = request
  const told = { kind: 'trace', caseNumber, people: people.length, known: result.known, from, until } as const
  const id = await reading.append({ ...told, request: digest, approvers, operator: whoRuns() })
  if (id === null) return unable(words.unrecorded, io)
  const closed = keys.closed.filter(month => isIn(month, request))
  const shown = { trace: result, people: people.length, caseNumber, approvers, months, closed, record: id }
  if (style !== 'json') return tell(shown, style.out, timezone, io)
  for (const line of traceAsJson(shown)) io.stdout(line)
  // Once more: they may be too many to be kept.
  for await (const sighting of source.sightings(wanted, request)) io.stdout(sightingAsJson(sighting, personOf))
  return exit.well
}

/** On the terminal, or in a page of its own that only its owner can read. */
function tell(shown: Traced, out: string | undefined, timezone: string, io: Io): number {
  const local = (time: string) => localTime(time, timezone)
  if (out === undefined) {
    io.stdout(traceAsText(toldOf(shown, local, io.lang)))
    return exit.well
  }
  const told = toldOf(shown, local, io.lang, mostOnPage)
  const made = `${local(new Date().toISOString()).slice(0, 16)} (${timezone})`
  return deliver(tracePage(told, shown.caseNumber, made, io.lang), out, io)
}

/** A month that is at most one off, as its key is that of another timezone than the records' time. */
function isIn(month: string, { from, until }: TraceRequest): boolean {
  const near = (time: string, days: number) => new Date(Date.parse(time) + days * 86_400_000).toISOString().slice(0, 7)
  return (from === null || month >= near(from, -1)) && (until === null || month <= near(until, 1))
}

const words = {
  usage: {
    zh: '请用 --people 给出名单；先用 --case 与 --ask 写出申请，经两人批准后再用 --request 执行。',
    en: 'Give the list by --people. First write a request with --case and --ask; once two people have approved it, use --request.',
  },
  type: {
    zh: '--type 与 --column 名称=类型 中的类型须是策略中能辨认个人的数据类型，例如 cn_mobile。',
    en: 'A type in --type, or --column NAME=TYPE, is a data type of the policy that says who somebody is, such as cn_mobile.',
  },
  list: {
    zh: '名单无法读取：应为文本、CSV、XLSX 或 XLS，不超过 64 MiB。',
    en: 'The list cannot be read: text, CSV, XLSX or XLS, of at most 64 MiB.',
  },
  empty: {
    zh: '名单中没有认出能辨认个人的值；请用 --column 名称=类型 指明。',
    en: 'Nothing in the list was recognised as saying who somebody is; say what is where by --column NAME=TYPE.',
  },
  authority: { zh: '这不是溯源保管人的私钥文件。', en: 'This is no secret key of a trace authority.' },
  keys: {
    zh: '没有密钥目录；请用 --authority 给出溯源保管人的私钥。',
    en: 'There is no keys folder; give the secret key of the trace authority by --authority.',
  },
  unrecorded: {
    zh: '此目录不可写，溯源无法留下记录，因此不显示结果。',
    en: 'This folder cannot be written to: the trace cannot go on record, so nothing is shown.',
  },
}
