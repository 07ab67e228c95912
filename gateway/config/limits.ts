/** Every limit by its name in gateway.yaml: default, bounds and meaning. The schema and the documents come from here. */
import type { Bilingual } from '../contracts.ts'
import type { Limits, ReviewLimits, UpstreamPool, UpstreamTimeouts } from './config.ts'
import { parseSize, parseTime } from './quantities.ts'

export type LimitKind = 'size' | 'time' | 'count'

export type LimitRule<Key extends string = string> = {
  readonly key: Key
  /** Its name in gateway.yaml. */
  readonly name: string
  readonly kind: LimitKind
  readonly preset: string
  readonly least: string
  readonly most: string
  readonly about: Bilingual
}

const rule = <Key extends string>(
  key: Key,
  kind: LimitKind,
  [preset, least, most]: readonly [string, string, string],
  zh: string,
  en: string,
): LimitRule<Key> => ({
  key,
  name: key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
  kind,
  preset,
  least,
  most,
  about: { zh, en },
})

export const limitRules: readonly LimitRule<keyof Limits>[] = [
  rule('scalar', 'size', ['4MiB', '1KiB', '64MiB'], '正文中单个值或名称', 'one scalar or name in a body'),
  rule('depth', 'count', ['128', '8', '1024'], '正文的嵌套层数', 'containers inside one another in a body'),
  rule('page', 'size', ['4MiB', '64KiB', '64MiB'], '整页读取的正文（HTML）', 'a page, which is read whole (HTML)'),
  rule('workbook', 'size', ['20MiB', '64KiB', '20MiB'], '工作簿文件（XLSX、XLS）', 'a workbook file (XLSX, XLS)'),
  rule('event', 'size', ['256KiB', '1KiB', '4MiB'], '事件流中的一个事件', 'one event of an event stream'),
  rule('expansion', 'count', ['200', '1', '10000'], '应答解压后与解压前的倍数', 'decoded bytes for each encoded byte'),
  rule('requestBody', 'size', ['64MiB', '0B', '64GiB'], '请求正文', 'a request body'),
  rule(
    'requestBodies',
    'size',
    ['512MiB', '1MiB', '1024GiB'],
    '同时整体读入内存的请求正文合计（至少为 request_body 的两倍）；一个调用方至多占一半',
    'all request bodies that are read whole at one time, twice request_body at least; one caller may have half of it',
  ),
  rule(
    'answerWhole',
    'size',
    ['256KiB', '4KiB', '16MiB'],
    '脱敏后不超过此值的应答整体放行',
    'a masked answer up to this is released whole',
  ),
  rule(
    'answerWindow',
    'size',
    ['1MiB', '64KiB', '16MiB'],
    '更长的应答按此大小分段记录放行',
    'longer answers are recorded and released in windows of this size',
  ),
  rule('answerWindowTime', 'time', ['1s', '50ms', '10s'], '或按此时间分段', 'or of this time'),
  rule('answerBody', 'size', ['4GiB', '4KiB', '1024GiB'], '整个应答（解压后）', 'a whole answer, decoded'),
  rule('asset', 'size', ['32MiB', '1KiB', '4GiB'], '页面所需的单个文件', 'one file that a page needs besides data'),
  rule('requestTarget', 'size', ['8KiB', '256B', '64KiB'], '请求地址', 'the request target'),
  rule('requestHeaders', 'size', ['16KiB', '1KiB', '256KiB'], '请求头合计', 'all request headers'),
  rule('requestHeaderCount', 'count', ['100', '10', '2000'], '请求头个数', 'how many request headers'),
  rule('answerHeaders', 'size', ['64KiB', '1KiB', '1MiB'], '上游应答头合计', 'all headers of an upstream answer'),
  rule('inFlight', 'count', ['1024', '1', '100000'], '同时处理的请求数', 'exchanges at one time'),
  rule('connections', 'count', ['8192', '1', '1000000'], '同时的客户端连接数', 'client connections at one time'),
  rule('clientHeaders', 'time', ['10s', '1s', '5m'], '客户端发完请求头的时限', 'for a client to send its request head'),
  rule(
    'clientIdle',
    'time',
    ['30s', '1s', '1h'],
    '客户端收发停顿的时限',
    'for a client to send, or to take, the next bytes',
  ),
  rule('clientRequest', 'time', ['5m', '1s', '24h'], '客户端发完请求的时限', 'for a client to send its whole request'),
  rule('clientKeepAlive', 'time', ['60s', '1s', '1h'], '空闲连接的保留时间', 'how long an idle connection is kept'),
  rule(
    'drain',
    'time',
    ['30s', '0s', '1h'],
    '停止时等待进行中应答的时限',
    'how long a stop waits for answers in flight',
  ),
  rule(
    'recordsFile',
    'size',
    ['64MiB', '64KiB', '256MiB'],
    '单个记录文件，到此封存',
    'one file of records, sealed then',
  ),
  rule('recordsFileTime', 'time', ['1h', '1s', '24h'], '单个记录文件的时长，到此封存', 'the age of one, sealed then'),
  rule(
    'failedAuthentications',
    'count',
    ['60', '1', '1000000'],
    '每个地址每分钟允许的认证失败次数',
    'failed authentications of one address within a minute',
  ),
]

export const timeoutRules: readonly LimitRule<keyof UpstreamTimeouts>[] = [
  rule('connect', 'time', ['5s', '10ms', '5m'], '连接上游的时限', 'to connect'),
  rule('headers', 'time', ['30s', '10ms', '1h'], '等待上游应答头的时限', 'for the head of the answer'),
  rule('idle', 'time', ['30s', '10ms', '1h'], '上游应答停顿的时限', 'between two pieces of the answer'),
  rule('total', 'time', ['10m', '10ms', '24h'], '整个交换的时限', 'for the whole exchange'),
]

export const poolRules: readonly LimitRule<keyof UpstreamPool>[] = [
  rule('connections', 'count', ['64', '1', '10000'], '到上游的连接数', 'connections to the upstream'),
  // under the 5 s of many servers: who closes first must not be the one that a request is on its way to
  rule(
    'keepAlive',
    'time',
    ['4s', '10ms', '1h'],
    '空闲连接的保留时间；须短于系统自己的，否则偶有请求因连接刚被关闭而得到 502',
    'how long an idle one is kept; less than the system keeps it, else now and then a request meets a connection that is just being closed, and gets 502',
  ),
  rule(
    'pipelining',
    'count',
    ['1', '1', '64'],
    '一个连接上可同时未应答的请求数',
    'requests on one connection at a time',
  ),
]

export const reviewRules: readonly LimitRule<keyof ReviewLimits>[] = [
  rule(
    'expire',
    'time',
    ['24h', '1m', '720h'],
    '应答等待审核与领取的时限，过后清除',
    'for review and fetching; then erased',
  ),
  rule('remind', 'time', ['4h', '1m', '720h'], '等待超过此时间即提醒', 'until it is told that an answer still waits'),
  rule('answers', 'count', ['1000', '1', '100000'], '同时等待的应答数', 'answers that wait at one time'),
  rule('bytes', 'size', ['1GiB', '64KiB', '1024GiB'], '等待的应答合计', 'all answers that wait'),
  rule(
    'answer',
    'size',
    ['4MiB', '4KiB', '16MiB'],
    '可等待的单个应答（脱敏后）',
    'one answer, masked; longer ones are withheld',
  ),
]

/** The number a limit's text stands for: bytes, milliseconds or a count; null where it is not of its kind. */
export function amountOf(kind: LimitKind, value: unknown): number | null {
  if (kind === 'count') {
    const count = typeof value === 'string' ? Number(value) : value
    return Number.isSafeInteger(count) ? (count as number) : null
  }
  if (kind === 'size' && Number.isSafeInteger(value)) return value as number
  if (typeof value !== 'string') return null
  return kind === 'size' ? parseSize(value) : parseTime(value)
}

/** All limits of one table: what is given, defaults for the rest. Values must have been checked. */
export function limitsFrom<Key extends string>(
  rules: readonly LimitRule<Key>[],
  given: Readonly<Record<string, unknown>> = {},
): Readonly<Record<Key, number>> {
  const entries = rules.map(({ key, name, kind, preset }) => [key, amountOf(kind, given[name] ?? preset)!] as const)
  return Object.fromEntries(entries) as Record<Key, number>
}
