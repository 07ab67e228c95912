/**
 * The operational log: what the gateway does, for those who run it. One JSON object a line; lines for people where it
 * goes to a terminal. It holds constant words and an allow-list of fields, each with its shape, so that no URL, header,
 * body or message of a foreign error can get into it.
 */
import pino from 'pino'
import type { Bilingual } from './contracts.ts'
import { codeIn, errorCode } from './error-code.ts'

/** All that can stand beside the words. What has not its shape is left out, and `withheld` names it. */
export type LogFields = {
  readonly system?: string
  readonly consumer?: string
  readonly audience?: string
  readonly route?: string
  readonly code?: string
  /** What a library calls the fault behind it: ECONNREFUSED. */
  readonly cause?: string
  readonly status?: number
  readonly count?: number
  readonly bytes?: number
  readonly seconds?: number
  /** `log:seq`. */
  readonly record?: string
  readonly digest?: string
  /** A file or folder that the operator named; never one that a request names. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** An address the gateway listens on, or an upstream's origin, from the configuration. */
  readonly origin?: string
  readonly signal?: string
  /** Anything thrown: class, code and places are logged, its message is not. */
  readonly error?: unknown
}

/** `words` are constants: nothing that varies is put into them. */
export type OperationalLog = {
  debug(words: Bilingual, fields?: LogFields): void
  info(words: Bilingual, fields?: LogFields): void
  warn(words: Bilingual, fields?: LogFields): void
  error(words: Bilingual, fields?: LogFields): void
}

export type LogOptions = {
  readonly lang: 'zh' | 'en'
  /** Takes whole lines. */
  readonly write: (line: string) => void
  /** Lines for people in place of JSON. */
  readonly forPeople: boolean
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

export function createLog(options: LogOptions): OperationalLog {
  const write = options.forPeople ? (line: string) => options.write(lineForPeople(line)) : options.write
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    { write },
  )
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (words: Bilingual, fields: LogFields = {}): void =>
      logger[level](allowed(fields), words[options.lang])
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

const name = /^[\p{L}\p{N}_][\p{L}\p{N}._@+:-]{0,127}$/u
const path = /^[^\p{C}\u2028\u2029]{1,512}$/u
const shapes: Readonly<Record<Exclude<keyof LogFields, 'error'>, RegExp | 'number'>> = {
  system: name,
  consumer: name,
  audience: name,
  route: /^\/[^\s\p{C}?#]{0,511}$/u,
  code: errorCode,
  cause: errorCode,
  status: 'number',
  count: 'number',
  bytes: 'number',
  seconds: 'number',
  record: /^[a-z0-9][a-z0-9-]{0,62}:\d{1,16}$/,
  digest: /^sha256:[0-9a-f]{64}$/,
  file: path,
  line: 'number',
  column: 'number',
  origin: /^(?:https?:\/\/)?[A-Za-z0-9._[\]:-]{1,255}$/,
  signal: /^SIG[A-Z0-9]{1,12}$/,
}

function allowed(fields: LogFields): Record<string, unknown> {
  const out: Record<string, unknown> = Object.create(null)
  const withheld: string[] = []
  for (const [key, shape] of Object.entries(shapes)) {
    const value = fields[key as keyof LogFields]
    if (value === undefined) continue
    const fits = shape === 'number' ? Number.isFinite(value) : typeof value === 'string' && shape.test(value)
    if (fits) out[key] = value
    else withheld.push(key)
  }
  if (withheld.length > 0) out['withheld'] = withheld
  if (fields.error !== undefined) out['error'] = describeError(fields.error)
  return out
}

export type ErrorDescription = {
  readonly class: string
  readonly code?: string
  /** The innermost places first. */
  readonly at?: readonly string[]
  readonly cause?: ErrorDescription
}

/** What may be said of any thrown thing: its class, its code, and where. A message can quote what was being read. */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { class: typeof error }
  const code = codeIn(error)
  const at = framesOf(error)
  return {
    class: /^[A-Za-z]\w{0,63}$/.test(error.name) ? error.name : 'Error',
    ...(code !== undefined && { code }),
    ...(at.length > 0 && { at }),
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  }
}

const frame =
  /^ {4}at (?:(?:async |new )?[\w$.<># [\]]{1,128} \()?((?:file:\/\/|node:|\/|[A-Za-z]:\\)[^\s()]{1,512}:\d+:\d+)\)?$/

/** A message of several lines can look like frames: it is cut off first, and where it is not found nothing is shown. */
function framesOf(error: Error): string[] {
  const stack = typeof error.stack === 'string' ? error.stack : ''
  const head = stack.indexOf(error.message)
  if (head < 0) return []
  const lines = stack.slice(head + error.message.length).split('\n')
  return lines.flatMap(line => frame.exec(line)?.[1] ?? []).slice(0, 8)
}

/** `09:30:00 WARN words key=value`, and where an error was thrown on lines of their own. */
function lineForPeople(line: string): string {
  const { level, time, message, error, ...rest } = JSON.parse(line) as Record<string, unknown>
  const fields = Object.entries(rest).map(([key, value]) => `${key}=${value}`)
  const clock = new Date(String(time)).toTimeString().slice(0, 8)
  const head = [clock, String(level).toUpperCase().padEnd(5), message, ...fields].join(' ')
  return `${head}\n${error === undefined ? '' : errorForPeople(error as ErrorDescription)}`
}

function errorForPeople({ class: type, code, at = [], cause }: ErrorDescription): string {
  const lines = [`         ${type}${code === undefined ? '' : ` ${code}`}`, ...at.map(place => `           ${place}`)]
  return `${lines.join('\n')}\n${cause === undefined ? '' : errorForPeople(cause)}`
}
