/**
 * Bodies in parts (RFC 2046, 5.1): each part is read in a format of its own. Boundaries are taken strictly: a line that could be
 * one to some readers and not to others withholds the body.
 */
import type { FieldCursor, Place, Reader } from '../../../gateway/contracts.ts'
import { checkText, fault } from '../faults.ts'
import { LabelledText, shown } from '../text/labels.ts'
import { type PartHeaders, readHeaders, writeHeaders } from './headers.ts'

const boundaryPattern = /^[0-9A-Za-z'()+_,\-./:=?]{1,70}$/
const maxHeaderBytes = 16 * 1024
const maxParts = 10_000
const maxDepth = 2
/** Bytes of a part that are looked at to tell its format; a form's value is held whole. */
const headBytes = 1024
const lineBreak = Buffer.from('\r\n')

export class MultipartReader implements Reader {
  readonly #fields: FieldCursor
  readonly #root: Place
  readonly #labels: LabelledText
  readonly #depth: number
  readonly #boundary: string
  /** `CRLF--boundary`: what stands before it belongs to the part. */
  readonly #mark: Buffer
  readonly #refused: boolean
  #held: Buffer = Buffer.alloc(0)
  #state: 'start' | 'headers' | 'content' | 'mark' | 'over' = 'start'
  #parts = 0
  #part: Part | null = null
  #out: Uint8Array[] = []

  constructor(fields: FieldCursor, boundary: string | null, depth = 1) {
    this.#fields = fields
    this.#root = fields.root
    this.#labels = new LabelledText(fields)
    this.#boundary = boundary ?? ''
    this.#depth = depth
    this.#mark = Buffer.from(`\r\n--${this.#boundary}`)
    // A boundary leaves as it came, so it must hold nothing.
    fields.memberNamed(fields.root, this.#boundary)
    this.#refused = !boundaryPattern.test(this.#boundary) || depth > maxDepth || fields.keyIsPersonal
  }

  write(chunk: Uint8Array): Uint8Array[] {
    if (this.#refused) throw fault('malformed')
    this.#held = this.#held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#held, chunk])
    if (this.#state === 'over' && this.#held.length > maxHeaderBytes) throw fault('malformed')
    while (this.#step());
    return this.#out.splice(0)
  }

  end(): Uint8Array[] {
    if (this.#refused || this.#state !== 'over' || !/^(?:\r\n)*$/.test(this.#held.toString('latin1')))
      throw fault('malformed')
    return [...this.#out.splice(0), this.#held]
  }

  /** Reads on; false where more bytes are needed. */
  #step(): boolean {
    if (this.#state === 'start') return this.#readStart()
    if (this.#state === 'mark') return this.#readMark()
    if (this.#state === 'headers') return this.#readHeaders()
    if (this.#state === 'content') return this.#readContent()
    return false
  }

  /** Nothing may stand before the first boundary: nobody would read it, and yet it would leave. */
  #readStart(): boolean {
    const first = this.#mark.subarray(2)
    const there = this.#held.subarray(0, first.length)
    if (!there.equals(first.subarray(0, there.length))) throw fault('malformed')
    if (there.length < first.length) return false
    this.#take(first.length)
    this.#state = 'mark'
    this.#out.push(first)
    return true
  }

  /** Behind a boundary: a line break, or the two dashes that end the body. */
  #readMark(): boolean {
    if (this.#held.length < 2) return false
    const next = this.#take(2).toString('latin1')
    if (next === '\r\n') {
      if (++this.#parts > maxParts) throw fault('too_large')
      this.#state = 'headers'
      this.#out.push(lineBreak)
    } else if (next === '--') {
      this.#state = 'over'
      this.#out.push(Buffer.from('--'))
    } else throw fault('malformed')
    return true
  }

  #readHeaders(): boolean {
    const empty = this.#held.subarray(0, 2).equals(lineBreak)
    const at = empty ? 0 : this.#held.indexOf('\r\n\r\n')
    if (at < 0) {
      if (this.#held.length > maxHeaderBytes) throw fault('malformed')
      return false
    }
    const bytes = this.#take(at)
    checkText(bytes, 0, bytes.length)
    this.#take(empty ? 2 : 4)
    const text = bytes.toString('utf8')
    const headers = readHeaders(text === '' ? [] : text.split('\r\n'))
    this.#begin(headers)
    this.#state = 'content'
    // An empty part: the boundary's line break is the blank line's own.
    this.#held = Buffer.concat([lineBreak, this.#held])
    this.#part!.skip = 2
    return true
  }

  #readContent(): boolean {
    const at = this.#held.indexOf(this.#mark)
    const safe = at >= 0 ? at : this.#held.length - this.#mark.length + 1
    const part = this.#part!
    if (safe > 0) {
      const bytes = this.#take(safe)
      const from = Math.min(part.skip, bytes.length)
      part.skip -= from
      this.#checkLines(part, bytes.subarray(from))
      this.#content(part, bytes.subarray(from))
    }
    if (at < 0) return false
    // What is left of the blank line stands before the mark only in an empty part.
    this.#take(this.#mark.length)
    this.#finish(part)
    this.#out.push(this.#mark)
    this.#state = 'mark'
    return true
  }

  /** A line that begins with two dashes and the boundary, but behind a lone LF or CR, ends the part for some readers. */
  #checkLines(part: Part, bytes: Buffer): void {
    const around = Buffer.concat([part.tail, bytes])
    const bare = Buffer.from(`--${this.#boundary}`)
    for (let at = around.indexOf(bare, 1); at >= 0; at = around.indexOf(bare, at + 1)) {
      const before = around[at - 1]
      if (before === 0x0a || before === 0x0d) throw fault('malformed')
    }
    part.tail = Buffer.from(around.subarray(-bare.length))
  }

  #begin(headers: PartHeaders): void {
    const { name, mediaType } = headers
    let place = this.#root
    let shownName = name
    if (name !== null) {
      place = this.#fields.memberNamed(this.#root, name)
      if (this.#fields.keyIsPersonal) {
        const outcome = this.#fields.key(name, this.#parts)
        shownName = outcome === 'remove' ? `***${this.#parts}` : shown(outcome, name, this.#fields)
      }
    }
    const { fileName } = headers
    const shownFile = fileName === null ? null : this.#labels.mask(this.#root, fileName)
    const changed = shownName !== name || shownFile !== fileName
    const isText = mediaType === null || mediaType === 'text/plain'
    this.#part = {
      headers: changed ? { ...headers, name: shownName, fileName: shownFile, written: null } : headers,
      place,
      // Without a file's name it is a form's value, of the field that the part is named by.
      isValue: isText && fileName === null && name !== null,
      reader: null,
      head: [],
      length: 0,
      skip: 0,
      tail: Buffer.from(' '),
    }
  }

  #content(part: Part, bytes: Buffer): void {
    if (bytes.length === 0) return
    if (part.reader !== null) {
      this.#out.push(...part.reader.write(Buffer.from(bytes)))
      return
    }
    part.head.push(Buffer.from(bytes))
    part.length += bytes.length
    if (part.length > this.#fields.limits.scalar) throw fault('scalar_too_large')
    if (!part.isValue && part.length >= headBytes) this.#open(part)
  }

  #open(part: Part): void {
    const head = Buffer.concat(part.head.splice(0))
    const { mediaType, boundary } = part.headers
    part.reader =
      mediaType?.startsWith('multipart/') === true
        ? this.#nested(mediaType, boundary)
        : this.#fields.part(part.place, mediaType, head)
    if (part.reader === null) throw fault('malformed')
    this.#out.push(Buffer.from(`${writeHeaders(part.headers)}\r\n`), ...part.reader.write(head))
  }

  #nested(mediaType: string, boundary: string | null): Reader {
    if (mediaType !== 'multipart/mixed' && mediaType !== 'multipart/form-data') throw fault('malformed')
    return new MultipartReader(this.#fields, boundary, this.#depth + 1)
  }

  #finish(part: Part): void {
    if (part.isValue) this.#finishValue(part)
    else {
      if (part.reader === null && part.length > 0) this.#open(part)
      if (part.reader === null) this.#out.push(Buffer.from(`${writeHeaders(part.headers)}\r\n`))
      else this.#out.push(...part.reader.end())
    }
    this.#part = null
  }

  #finishValue(part: Part): void {
    const bytes = Buffer.concat(part.head)
    checkText(bytes, 0, bytes.length)
    const text = bytes.toString('utf8')
    const read = text !== '' && this.#fields.treatment(part.place) !== 'copy'
    const masked = read ? shown(this.#fields.scalar(part.place, text, 'string'), text, this.#fields) : text
    // A mask that made a boundary of it would end the part.
    if (masked.includes(this.#boundary)) throw fault('malformed')
    this.#out.push(Buffer.from(`${writeHeaders(part.headers)}\r\n${masked}`))
  }

  #take(length: number): Buffer {
    const bytes = this.#held.subarray(0, length)
    this.#held = this.#held.subarray(length)
    return bytes
  }
}

type Part = {
  readonly headers: PartHeaders
  readonly place: Place
  readonly isValue: boolean
  reader: Reader | null
  readonly head: Buffer[]
  length: number
  /** Bytes of the blank line that are still ahead of the content. */
  skip: number
  /** The end of what was read, for lines that look like boundaries across pieces. */
  tail: Buffer
}
