/** Forms as `application/x-www-form-urlencoded` writes them (WHATWG URL, section 5.1), up to the bytes: charsets come later. */
import { percentDecoded } from '../percent.ts'

/** The name and value of a pair, as written; a name alone has no value. */
export function halvesOf(pair: string): readonly [name: string, value: string | null] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [pair, null] : [pair.slice(0, equals), pair.slice(equals + 1)]
}

/** The bytes that a name or value is written for, where each character of it is a byte (latin1). */
export function formDecoded(written: string): Buffer {
  return percentDecoded(written.replaceAll('+', ' '))
}
