/** A call with one JSON text in it: what stands around that is checked and kept, the text is read as any. */
import type { FieldCursor, Reader } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'

/** `cb(`, `window.App.cb(`, behind the empty comment that keeps the answer from being taken for another kind of file. */
export const opening =
  /^(?:\xef\xbb\xbf)?[\t\n\r ]*(?:\/\*\*\/)?[\t\n\r ]*([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)[\t ]*\(/
const closing = /^[\t\n\r ]*\)[\t\n\r ]*;?[\t\n\r ]*$/
const longestOpening = 320
/** What could be the end is held back; more of it than this is not the end. */
const longestClosing = 256

export class JsonpReader implements Reader {
  readonly #fields: FieldCursor
  readonly #json: Reader
  #isOpen = false
  #held: Buffer = Buffer.alloc(0)

  constructor(fields: FieldCursor, json: Reader) {
    this.#fields = fields
    this.#json = json
  }

  write(chunk: Uint8Array): Uint8Array[] {
    const bytes = Buffer.concat([this.#held, chunk])
    const out: Uint8Array[] = []
    let from = 0
    if (!this.#isOpen) {
      from = this.#openingIn(bytes)
      if (from === 0) {
        this.#held = bytes
        return []
      }
      out.push(bytes.subarray(0, from))
    }
    let to = bytes.length
    while (to > from && bytes.length - to < longestClosing && couldClose(bytes[to - 1]!)) to--
    this.#held = Buffer.from(bytes.subarray(to))
    if (to > from) out.push(...this.#json.write(bytes.subarray(from, to)))
    return out
  }

  end(): Uint8Array[] {
    const rest = this.#held
    if (!this.#isOpen || !closing.test(rest.toString('latin1'))) throw fault('malformed')
    return [...this.#json.end(), rest]
  }

  /** Where the JSON text begins; 0: too little has come to tell. */
  #openingIn(bytes: Buffer): number {
    const match = opening.exec(bytes.subarray(0, longestOpening).toString('latin1'))
    if (match === null) {
      if (bytes.length >= longestOpening) throw fault('malformed')
      return 0
    }
    this.#fields.memberNamed(this.#fields.root, match[1]!)
    // whoever asked chose the name, and must not get a number back by it
    if (this.#fields.keyIsPersonal) throw fault('malformed')
    this.#isOpen = true
    return match[0].length
  }
}

function couldClose(byte: number): boolean {
  return byte === 0x29 || byte === 0x3b || byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}
