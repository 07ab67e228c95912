/** Cuts bytes that arrive in pieces into lines. */
const lineFeed = 10

/** More than any line of a log can have; what is longer is handed over in pieces of this size, and matches nothing. */
const mostBytes = 128 * 1024

export class Lines {
  /** Where the next line begins, in bytes from the start of the file. */
  offset = 0
  #held: Buffer = Buffer.alloc(0)

  /** The lines that are complete now, without their line feeds. They refer to `chunk`: use them before the next call. */
  push(chunk: Buffer): { line: Buffer; offset: number }[] {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const lines: { line: Buffer; offset: number }[] = []
    let from = 0
    for (let to = bytes.indexOf(lineFeed); to >= 0; to = bytes.indexOf(lineFeed, from)) {
      lines.push({ line: bytes.subarray(from, to), offset: this.offset })
      this.offset += to + 1 - from
      from = to + 1
    }
    if (bytes.length - from > mostBytes) {
      lines.push({ line: bytes.subarray(from), offset: this.offset })
      this.offset += bytes.length - from
      from = bytes.length
    }
    this.#held = Buffer.from(bytes.subarray(from))
    return lines
  }

  /** What came after the last line feed. */
  get rest(): Buffer {
    return this.#held
  }
}

const frameStart = Buffer.from('{"batch":')

/** Whether a line is the frame of a batch; all others are entries. */
export function isFrameLine(line: Buffer): boolean {
  return line.length >= frameStart.length && line.compare(frameStart, 0, frameStart.length, 0, frameStart.length) === 0
}

/** The third byte of a frame, and of no entry. */
const frameLetter = 'b'.charCodeAt(0)

/** The same of a line among others, of which nearly all are entries. */
export function isFrameIn(bytes: Buffer, from: number, to: number): boolean {
  return bytes[from + 2] === frameLetter && isFrameLine(bytes.subarray(from, to))
}
