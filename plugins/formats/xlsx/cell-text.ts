/** Cells as values of JSON (RFC 8259). */
import { Bytes } from '../bytes.ts'

/** Most bytes of JSON for each unit of a text, as `\u0000` takes, and those around it. */
export const mostBytes = 6
export const bytesAround = 2

const [quote, backslash] = [0x22, 0x5c]
/** What of the numbers in cells JSON can say as they are. */
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Values one behind the other; for each there must be room. */
export class CellText extends Bytes {
  putText(text: string): void {
    if (!this.#putPlain(text)) this.length += this.bytes.write(JSON.stringify(text), this.length)
  }

  /** False where a character needs an escape or two units. */
  #putPlain(text: string): boolean {
    const out = this.bytes
    let at = this.length
    out[at++] = quote
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code < 0x80) {
        if (code < 0x20 || code === quote || code === backslash) return false
        out[at++] = code
      } else if (code < 0x800) {
        out[at++] = 0xc0 | (code >> 6)
        out[at++] = 0x80 | (code & 0x3f)
      } else {
        if ((code & 0xf800) === 0xd800) return false
        out[at++] = 0xe0 | (code >> 12)
        out[at++] = 0x80 | ((code >> 6) & 0x3f)
        out[at++] = 0x80 | (code & 0x3f)
      }
    }
    out[at++] = quote
    this.length = at
    return true
  }

  /** False where JSON cannot say it as it is. */
  putNumber(text: string): boolean {
    if (!number.test(text)) return false
    this.length += this.bytes.write(text, this.length, 'latin1')
    return true
  }
}
