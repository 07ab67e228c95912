/**
 * Tells those who run the gateway when a system is the reason that its callers get nothing: it cannot be reached, breaks the
 * protocol, or answers with what the gateway cannot read. The caller learns a code, and the record keeps it; why, in words
 * and with what to do, is told here. Once a minute for each reason, so that a system that is down fills no disk.
 */
import type { Refusal } from '../../errors.ts'
import type { LogFields, OperationalLog } from '../../log.ts'
import { faultWordsOf } from './fault-words.ts'

/** Milliseconds for which the same is not told again. */
const quiet = 60_000

/** What has been told, by system and reason: all of them names from the configuration and codes, so there are few. */
export class UpstreamFaults {
  readonly #log: Pick<OperationalLog, 'warn'>
  readonly #now: () => number
  readonly #told = new Map<string, { at: number; since: number }>()

  /** `now`: milliseconds that only grow. */
  constructor(log: Pick<OperationalLog, 'warn'>, now: () => number = () => performance.now()) {
    this.#log = log
    this.#now = now
  }

  /** Logs why, unless it was told less than a minute ago; `count` is then how often it was so since. Of other refusals nothing. */
  tell({ code, cause: thrown }: Pick<Refusal, 'code' | 'cause'>, names: LogFields): void {
    const cause = causeOf(thrown)
    const words = faultWordsOf(code, cause)
    if (words === null) return
    // what a library reports is the same on every route of a system; what cannot be read is a matter of the route
    const key = [names.system, cause === null ? names.route : '', code, cause].join(' ')
    const before = this.#told.get(key)
    const now = this.#now()
    if (before !== undefined && now - before.at < quiet) {
      before.since++
      return
    }
    this.#told.set(key, { at: now, since: 0 })
    const count = before === undefined || before.since === 0 ? {} : { count: before.since + 1 }
    this.#log.warn(words, { ...names, code, ...(cause !== null && { cause }), ...count })
  }
}

/**
 * What llhttp calls what it refuses (its http.ts), which undici passes on in words only. Listed, since an error's words could
 * hold some of the answer; what is not here is told as HPE_OTHER.
 */
const parserReasons = new Set([
  'Chunk size overflow',
  'Content-Length already present',
  "Content-Length can't be present with chunked encoding",
  "Content-Length can't be present with Transfer-Encoding",
  'Content-Length overflow',
  'Empty Content-Length',
  'Expected HTTP/',
  'Expected HTTP/, RTSP/ or ICE/',
  'Expected LF after chunk data',
  'Expected space after version',
  'Invalid character in chunk extensions',
  'Invalid character in chunk size',
  'Invalid character in Content-Length',
  'Invalid header field char',
  'Invalid header token',
  'Invalid header value char',
  'Invalid HTTP version',
  'Invalid response status',
  'Invalid status code',
  'Missing expected CR after header value',
  'Missing expected CR after response line',
  'Missing expected LF after header value',
  "Transfer-Encoding can't be present with Content-Length",
  'Unexpected whitespace after header value',
])

/** The code of what was thrown. null: it has none. */
function causeOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null
  // formats have words of their own, in lower case, which the refusal's code says already
  if ('code' in thrown && typeof thrown.code === 'string') return /^[A-Z]/.test(thrown.code) ? thrown.code : null
  if (thrown.name !== 'HTTPParserError') return null
  const reason = /\(([^()]+)\)$/.exec(thrown.message)?.[1] ?? ''
  return parserReasons.has(reason) ? `HPE_${reason.toUpperCase().replace(/[^A-Z]+/g, '_')}` : 'HPE_OTHER'
}
