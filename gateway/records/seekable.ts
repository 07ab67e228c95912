/**
 * Compressed so that any part can be read alone: Zstandard frames (RFC 8878) of one MiB of what was there, one after the
 * other, and at the end a table of their sizes in a skippable frame, as Zstandard's seekable format has it
 * (zstd/contrib/seekable_format). Whatever reads Zstandard reads the whole of it as ever.
 */
import { readSync } from 'node:fs'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Costs about 10 ms of CPU for each MiB; higher levels cost more and make records hardly smaller. */
const level = 9
const frameBytes = 1024 * 1024
const [skippable, seekable] = [0x184d2a5e, 0x8f92eab1]
const footerBytes = 9

/** Compressed bytes of `bytes`. */
export function compressFrames(bytes: Buffer): Buffer {
  const frames: Buffer[] = []
  const entries: number[] = []
  for (let from = 0; from < bytes.length; from += frameBytes) {
    const plain = bytes.subarray(from, from + frameBytes)
    const frame = zstdCompressSync(plain, {
      params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
    })
    frames.push(frame)
    entries.push(frame.length, plain.length)
  }
  const table = Buffer.alloc(8 + entries.length * 4 + footerBytes)
  table.writeUInt32LE(skippable, 0)
  table.writeUInt32LE(table.length - 8, 4)
  for (const [at, size] of entries.entries()) table.writeUInt32LE(size, 8 + at * 4)
  table.writeUInt32LE(frames.length, table.length - footerBytes)
  table.writeUInt32LE(seekable, table.length - 4)
  return Buffer.concat([...frames, table])
}

/** Where each frame begins, compressed and plain; and where the last one ends. */
export type FrameTable = readonly { readonly stored: number; readonly plain: number }[]

/** The table at the end of an open file of this size; null where it has none. */
export function readFrameTable(fd: number, size: number): FrameTable | null {
  const footer = readAt(fd, size - footerBytes, footerBytes)
  if (footer === null || footer.readUInt32LE(5) !== seekable || footer[4] !== 0) return null
  const count = footer.readUInt32LE(0)
  const entries = readAt(fd, size - footerBytes - count * 8, count * 8)
  if (entries === null) return null
  const table = [{ stored: 0, plain: 0 }]
  for (let nth = 0; nth < count; nth++) {
    const { stored, plain } = table[nth]!
    table.push({
      stored: stored + entries.readUInt32LE(nth * 8),
      plain: plain + entries.readUInt32LE(nth * 8 + 4),
    })
  }
  return table.at(-1)!.stored + 8 + count * 8 + footerBytes === size ? table : null
}

/** Plain bytes from one place until another, by the table. Throws where a frame does not decompress. */
export function readFrames(fd: number, table: FrameTable, from: number, until: number): Buffer {
  const parts: Buffer[] = []
  for (let nth = frameAt(table, from); nth < table.length - 1 && table[nth]!.plain < until; nth++) {
    const [here, next] = [table[nth]!, table[nth + 1]!]
    const stored = readAt(fd, here.stored, next.stored - here.stored) ?? Buffer.alloc(0)
    const plain = zstdDecompressSync(stored, { maxOutputLength: Math.max(1, next.plain - here.plain) })
    parts.push(plain.subarray(Math.max(0, from - here.plain), until - here.plain))
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
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
  let at = 0
  for (let got = 1; at < length && got > 0; at += got) got = readSync(fd, bytes, at, length - at, position + at)
  return at === length ? bytes : null
}
