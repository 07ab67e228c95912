/** One line of a log as `records verify` reads it, by gateway/records/README.md and not by what writes it. Pure. */
import { maxLineBytes } from '../entry.ts'

/** An entry as it is in the log. */
export type Seen = { readonly seq: number; readonly time: string; readonly kind: string } & Record<string, unknown>

const control = /[\u0000-\u001f\u007f]/
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** A line without its line feed as an entry of this log; or what is wrong with it. */
export function readEntry(line: Buffer, ofLog: string): Seen | 'LINE_MALFORMED' | 'VERSION_UNKNOWN' | 'LOG_OTHER' {
  const text = line.toString('utf8')
  if (line.length > maxLineBytes || control.test(text) || !Buffer.from(text).equals(line)) return 'LINE_MALFORMED'
  let value: Record<string, unknown>
  try {
    value = JSON.parse(text)
  } catch {
    return 'LINE_MALFORMED'
  }
  const { v, log, seq, time, kind } = value ?? {}
  if (Number.isSafeInteger(v) && v !== 1) return 'VERSION_UNKNOWN'
  const shaped =
    v === 1 &&
    Number.isSafeInteger(seq) &&
    typeof time === 'string' &&
    timePattern.test(time) &&
    typeof kind === 'string'
  if (!shaped) return 'LINE_MALFORMED'
  return log === ofLog ? { ...value, seq: seq as number, time, kind } : 'LOG_OTHER'
}

/** Whether a last line without its line feed is as a write leaves it that was cut short. */
export function isTorn(rest: Buffer): boolean {
  const text = rest.toString('latin1')
  const begins = '{"v":1,'.startsWith(text.slice(0, 7)) || '{"batch":'.startsWith(text.slice(0, 9))
  return begins && !/"sha256":"[^"]{43}"\}./s.test(text)
}
