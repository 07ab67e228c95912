/**
 * Compressed so that any part can be read alone: Zstandard frames (RFC 8878) of whole batches, a MiB or little more, one
 * after the other, and at the end a table of their sizes in a skippable frame, as Zstandard's seekable format has it
 * (zstd/contrib/seekable_format). Right before it another skippable frame says how many bytes each is once the frames of
 * batches are put back (derived-frames.ts). Whatever reads Zstandard reads all entries as ever.
 */
import { readSync } from 'node:fs'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { DerivedFrameFault, deriveFrames, restoreFrames, restoring } from './derived-frames.ts'

/**
 * Costs 2 to 8 ms of CPU for each MiB, half to two thirds of sealing where people differ. Higher levels cost more and make
 * records hardly smaller; level 1 would cost a quarter, and files be larger by 1 to 5 in 100 where they hold many people, and
 * by 12 where staff see the same ones again and again: disk is kept for three years, this is paid once.
 */
const level = 9
/**
 * Powers of two: entries of the tables in which matches are looked for. By itself the level takes 16 MB for them, anew for
 * each frame, of which glibc keeps several; lines of records come out as small with these, in two thirds of the time.
 */
const [hashLog, chainLog] = [17, 17]
const params = {
  [constants.ZSTD_c_compressionLevel]: level,
  [constants.ZSTD_c_hashLog]: hashLog,
  [constants.ZSTD_c_chainLog]: chainLog,
  [constants.ZSTD_c_checksumFlag]: 1,
}
const frameBytes = 1024 * 1024
/** So much is read at once. */
const readBytes = frameBytes + 256 * 1024
const [restored, skippable, seekable] = [0x184d2a56, 0x184d2a5e, 0x8f92eab1]
const footerBytes = 9
const frameStart = '\n{"batch":'

/** Memory that is used again: what it gives counts until it is asked the next time. */
export class Room {
  #bytes = Buffer.alloc(0)

  of(length: number): Buffer {
    if (this.#bytes.length < length) this.#bytes = Buffer.allocUnsafeSlow(length)
    return this.#bytes.subarray(0, length)
  }
}

/** Compresses the plain file of a log, a piece after the other. What each call returns is to be stored behind the last. */
export class FrameWriter {
  /** In all pieces so far. */
  entries = 0
  readonly #derives: boolean
  readonly #room = new Room()
  readonly #listed: number[] = []
  readonly #sizes: number[] = []

  /** @param derives whether frames of batches are left out that follow from what stands before them. */
  constructor(derives: boolean) {
    this.#derives = derives
  }

  /** Pieces so far. */
  get count(): number {
    return this.#sizes.length
  }

  /** Whole batches; `last`: the file ends with them. */
  add(piece: Buffer, last: boolean): Buffer {
    const { derived, entries } = deriveFrames(piece, last, this.#room.of(piece.length))
    const plain = this.#derives ? derived : piece
    const frame = zstdCompressSync(plain, { params })
    this.entries += entries
    this.#listed.push(frame.length, plain.length)
    this.#sizes.push(piece.length)
    return frame
  }

  /** The tables. */
  end(): Buffer {
    const before = skip(restored, this.#sizes)
    const table = skip(skippable, [...this.#listed, before.length, 0], footerBytes)
    table.writeUInt32LE(this.#sizes.length + 1, table.length - footerBytes)
    table.writeUInt32LE(seekable, table.length - 4)
    return Buffer.concat([before, table])
  }
}

/**
 * The first `size` bytes of an open plain file, in pieces of whole batches: a MiB or little more each. A piece counts until
 * the next is asked for, which is read into its place: memory for each anew would be 200 MB for a file.
 */
export function* piecesOf(fd: number, size: number): Generator<{ piece: Buffer; last: boolean }> {
  let room = Buffer.allocUnsafeSlow(Math.min(2 * readBytes, size))
  let held = 0
  for (let at = 0; at < size || held > 0; ) {
    let end = batchEnd(room.subarray(0, held))
    for (; end < 0 && at < size; end = batchEnd(room.subarray(0, held))) {
      const more = Math.min(readBytes, size - at)
      if (held + more > room.length) room = Buffer.concat([room.subarray(0, held)], 2 * (held + more))
      if (readInto(fd, at, room.subarray(held, held + more)) < more)
        throw new Error('a file of the log is shorter than it was')
      at += more
      held += more
    }
    if (end < 0) end = held
    yield { piece: room.subarray(0, end), last: at === size && end === held }
    room.copyWithin(0, end, held)
    held -= end
  }
}

/** Behind the first batch that ends a MiB from here or later; negative: it is not all there. */
function batchEnd(bytes: Buffer): number {
  const frame = bytes.length < frameBytes ? -1 : bytes.indexOf(frameStart, frameBytes - 1)
  const end = frame < 0 ? -1 : bytes.indexOf(10, frame + 1)
  return end < 0 ? -1 : end + 1
}

/** A skippable frame of numbers, and so many bytes more. */
function skip(magic: number, numbers: readonly number[], more = 0): Buffer {
  const frame = Buffer.alloc(8 + numbers.length * 4 + more)
  frame.writeUInt32LE(magic, 0)
  frame.writeUInt32LE(frame.length - 8, 4)
  for (const [at, number] of numbers.entries()) frame.writeUInt32LE(number, 8 + at * 4)
  return frame
}

/** Where each frame begins, compressed and as it was written; and where the last one ends. */
export type FrameTable = readonly { readonly stored: number; readonly plain: number }[]

/** The table at the end of an open file of this size; null where it has none. */
export function readFrameTable(fd: number, size: number): FrameTable | null {
  const footer = readAt(fd, size - footerBytes, footerBytes)
  if (footer === null || footer.readUInt32LE(5) !== seekable || footer[4] !== 0) return null
  const count = footer.readUInt32LE(0)
  const start = size - footerBytes - count * 8
  const numbers = readAt(fd, start, count * 8)
  if (numbers === null) return null
  const entries = Array.from({ length: count }, (_, nth) => ({
    stored: numbers.readUInt32LE(nth * 8),
    plain: numbers.readUInt32LE(nth * 8 + 4),
  }))
  const listed = entries.reduce((sum, { stored }) => sum + stored, 0)
  if (listed + 8 !== start) return null
  const last = entries.at(-1)
  // Sealed before frames were derived: what was compressed is what was written.
  if (last?.plain !== 0) return added(entries)
  const sizes = readAt(fd, listed - last.stored, last.stored)
  entries.pop()
  if (sizes?.length !== 8 + entries.length * 4 || sizes.readUInt32LE(0) !== restored) return null
  return added(entries.map(({ stored }, nth) => ({ stored, plain: sizes.readUInt32LE(8 + nth * 4) })))
}

function added(sizes: readonly { stored: number; plain: number }[]): FrameTable {
  const table = [{ stored: 0, plain: 0 }]
  for (const [nth, { stored, plain }] of sizes.entries())
    table.push({ stored: table[nth]!.stored + stored, plain: table[nth]!.plain + plain })
  return table
}

/** Bytes as they were written, from one place until another, by the table. Throws where a frame is damaged. */
export function readFrames(fd: number, table: FrameTable, from: number, until: number): Buffer {
  const parts: Buffer[] = []
  for (let nth = frameAt(table, from); nth < table.length - 1 && table[nth]!.plain < until; nth++) {
    const [here, next] = [table[nth]!, table[nth + 1]!]
    const length = next.plain - here.plain
    const stored = readAt(fd, here.stored, next.stored - here.stored) ?? Buffer.alloc(0)
    const plain = restoreFrames(unpack(stored, length))
    if (plain.length !== length) throw new DerivedFrameFault()
    parts.push(plain.subarray(Math.max(0, from - here.plain), until - here.plain))
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** Whether a frame, as it is stored, gives these bytes to whoever reads it. Throws where it is damaged. */
export function givesBack(stored: Buffer, piece: Buffer): boolean {
  let at = 0
  for (const part of restoring(unpack(stored, piece.length))) {
    const until = at + part.length
    if (until > piece.length || piece.compare(part, 0, part.length, at, until) !== 0) return false
    at = until
  }
  return at === piece.length
}

/** What was compressed: never more than the bytes it stands for. */
function unpack(stored: Buffer, length: number): Buffer {
  return zstdDecompressSync(stored, { maxOutputLength: Math.max(1, length) })
}

function frameAt(table: FrameTable, plain: number): number {
  let [low, high] = [0, table.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (table[middle]!.plain <= plain) low = middle
    else high = middle - 1
  }
  return low
}

function readAt(fd: number, position: number, length: number): Buffer | null {
  if (position < 0) return null
  const bytes = Buffer.allocUnsafe(length)
  return readInto(fd, position, bytes) === length ? bytes : null
}

/** Fills these bytes from there on; fewer than that where the file ends. Returns how many. */
export function readInto(fd: number, position: number, bytes: Buffer): number {
  let at = 0
  for (let got = 1; at < bytes.length && got > 0; at += got)
    got = readSync(fd, bytes, at, bytes.length - at, position + at)
  return at
}
