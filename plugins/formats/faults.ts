import { isUtf8 } from 'node:buffer'
import type { FormatFault } from '../../gateway/contracts.ts'

/** What a reader throws where a body cannot be read. It says nothing of the body. */
export function fault(code: FormatFault): Error {
  return Object.assign(new Error(code), { code })
}

/** What it throws where it does not find what it had masked apart: without a code, so that it counts as a fault of the gateway itself. */
export function lost(): Error {
  return new RangeError('a row was not found again')
}

/** Throws where bytes are not UTF-8, or hold control characters that no text has: it is something else under a text's name. */
export function checkText(bytes: Buffer, from: number, to: number): void {
  let wide = false
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    if (byte >= 0x80) wide = true
    else if (byte < 0x20 && controls[byte] === 1) throw fault('malformed')
  }
  if (wide && !isUtf8(bytes.subarray(from, to))) throw fault('not_utf8')
}

/** Control characters but for tab, line feed, vertical tab, form feed, carriage return and escape (colours in logs). */
const controls = new Uint8Array(32).fill(1)
for (const harmless of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]) controls[harmless] = 0

/** Whether a body that begins so could be text: no bytes that only binary formats have. */
export function beginsText(head: Uint8Array): boolean {
  return head.every(byte => byte >= 0x20 || controls[byte] === 0)
}
