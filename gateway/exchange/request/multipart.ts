/** Forms with files (RFC 7578): fields are read as those of any form, files pass as they come. */
import { Refusal } from '../../errors.ts'
import { CharsetCodec } from '../charset/codec.ts'
import type { Multibyte } from '../charset/tables.ts'
import { type Part, type PartsOfForm, partsIn } from './parts-of-form.ts'

type Field = Part & { readonly name: string }

/** What else becomes of a form that is put back, beside the values of its fields. */
export type FormChange = {
  /** Which fields go. */
  readonly isTaken: (name: string) => boolean
  /** Names of fields at its end that were not sent. */
  readonly added: readonly string[]
  /** Of the page it is from; null: unknown. */
  readonly charset: string | null
}

/** Reads a whole body. Throws REQUEST_MALFORMED where it could be read in two ways, REQUEST_UNREADABLE for charsets. */
export function readMultipart(body: Buffer, boundary: string | null): MultipartForm {
  if (boundary === null) throw new Refusal('REQUEST_MALFORMED')
  return new MultipartForm(body, boundary, partsIn(body, boundary))
}

class MultipartForm {
  readonly #body: Buffer
  readonly #boundary: string
  readonly #found: PartsOfForm
  readonly #fields: readonly Field[]
  #pairs: readonly string[] | null = null

  constructor(body: Buffer, boundary: string, found: PartsOfForm) {
    this.#body = body
    this.#boundary = boundary
    this.#found = found
    this.#fields = found.parts.filter((part): part is Field => part.name !== null)
  }

  get files(): number {
    return this.#found.parts.length - this.#fields.length
  }

  /** Its fields as a form of the usual kind, percent-encoded in UTF-8. */
  get form(): Buffer {
    return Buffer.from(this.#written().join('&'))
  }

  #written(): readonly string[] {
    const decoder = new TextDecoder(this.#found.charset, { fatal: true, ignoreBOM: true })
    const read = ({ from, to }: Field) => encodeURIComponent(decoder.decode(this.#body.subarray(from, to)))
    return (this.#pairs ??= this.#fields.map(field => `${encodeURIComponent(field.name)}=${read(field)}`))
  }

  /** The body without the fields that `isTaken` says. */
  without(isTaken: (name: string, value: string) => boolean): Buffer {
    const taken = this.#fields.filter(({ name, from, to }) => isTaken(name, this.#body.toString('latin1', from, to)))
    return taken.length === 0 ? this.#body : this.#edited(taken.map(({ all }) => ({ all, bytes: nothing })))
  }

  /** The body with its fields as this form has them, in the same number and order, but for what `change` says. */
  with(form: Uint8Array, { isTaken, added, charset }: FormChange): Buffer {
    const encode = encoderTo(this.#isPlain ? (charset ?? this.#found.charset) : this.#found.charset)
    const staying = this.#fields.filter(({ name }) => !isTaken(name)).length
    const pairs = staying + added.length === 0 ? [] : Buffer.from(form).toString('latin1').split('&')
    if (pairs.length !== staying + added.length) throw new Refusal('REQUEST_MALFORMED')
    const edits: Edit[] = []
    let next = 0
    for (const [at, { name, from, to, all }] of this.#fields.entries()) {
      if (isTaken(name)) edits.push({ all, bytes: nothing })
      else if (pairs[next++] !== this.#written()[at]) {
        edits.push({ all: [from, to], bytes: encode(valueIn(pairs[next - 1]!)) })
      }
    }
    const { end } = this.#found
    const fields = added.map((name, at) => this.#part(name, valueIn(pairs[next + at]!)))
    return this.#edited([...edits, { all: [end, end], bytes: encode(fields.join('')) }])
  }

  get #isPlain(): boolean {
    return this.#found.charset === 'utf-8' && /^[\0-\x7f]*$/.test(decodeURIComponent(this.#written().join('&')))
  }

  #part(name: string, value: string): string {
    return `--${this.#boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"\r\n\r\n${value}\r\n`
  }

  #edited(edits: readonly Edit[]): Buffer {
    const pieces: Uint8Array[] = []
    let done = 0
    for (const { all, bytes } of edits) {
      pieces.push(this.#body.subarray(done, all[0]), bytes)
      done = all[1]
    }
    return Buffer.concat([...pieces, this.#body.subarray(done)])
  }
}

type Edit = { readonly all: readonly [from: number, to: number]; readonly bytes: Uint8Array }
const nothing = new Uint8Array(0)

function valueIn(pair: string): string {
  return decodeURIComponent(pair.slice(pair.indexOf('=') + 1).replaceAll('+', ' '))
}

function encoderTo(charset: string): (text: string) => Uint8Array {
  if (charset === 'utf-8') return text => Buffer.from(text)
  return text => new CharsetCodec(charset as Multibyte, 'text').write(Buffer.from(text))
}

/** Browsers write quotes and line ends in names as percent signs (WHATWG HTML, multipart/form-data). */
function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
