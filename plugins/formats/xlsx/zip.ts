/**
 * ZIP archives (APPNOTE 6.3) as office packages use them, read so that there is one way to read them: the directory, the
 * local headers and the order of the bytes must agree, and nothing may stand before, between or behind.
 */
import { isUtf8 } from 'node:buffer'
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { fault } from '../faults.ts'

export type Entry = { readonly name: string; readonly content: Buffer }

export type ZipLimits = { readonly entries: number /** Bytes of all entries, expanded. */; readonly expanded: number }

type Located = {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

const endSize = 22
const directorySize = 46
const headerSize = 30
const [endMark, directoryMark, headerMark, descriptorMark] = [0x06054b50, 0x02014b50, 0x04034b50, 0x08074b50]
/** Deflate's level hints, sizes behind the data, and names in UTF-8. Encryption and all else is refused. */
const knownFlags = 0x0006 | 0x0008 | 0x0800
const hasDescriptor = 0x0008
const [stored, deflated] = [0, 8]
/** Most bytes that are made room for on the word of a directory. */
const inflatedAtOnce = 1 << 20
/** Deflate's effort: one more (zlib's usual) makes a sheet 1.3 % smaller in 1.6 times the time. */
const level = 5

/** Whether bytes begin as an archive with an entry does. */
export function beginsZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04
}

/** The entries in the order of the archive, without folders. Throws `malformed`, or `too_large` over a limit. */
export function readZip(bytes: Buffer, limits: ZipLimits): Entry[] {
  const { entries, directory } = readDirectory(bytes, limits)
  const found: Entry[] = []
  let at = 0
  for (const entry of entries.sort((a, b) => a.offset - b.offset)) {
    if (entry.offset !== at) throw fault('malformed')
    const from = dataStart(bytes, entry, directory)
    const to = from + entry.packed
    if (to > directory) throw fault('malformed')
    at = to + descriptorLength(bytes, entry, to)
    if (entry.name.endsWith('/')) {
      if (entry.size !== 0) throw fault('malformed')
      continue
    }
    found.push({ name: entry.name, content: expand(bytes.subarray(from, to), entry) })
  }
  if (at !== directory) throw fault('malformed')
  return found
}

function readDirectory(bytes: Buffer, limits: ZipLimits): { entries: Located[]; directory: number } {
  const end = bytes.length - endSize
  if (end < 0 || bytes.readUInt32LE(end) !== endMark) throw fault('malformed')
  const count = bytes.readUInt16LE(end + 8)
  const size = bytes.readUInt32LE(end + 12)
  const directory = bytes.readUInt32LE(end + 16)
  const oneDisk = bytes.readUInt32LE(end + 4) === 0 && bytes.readUInt16LE(end + 10) === count
  if (!oneDisk || directory + size !== end || bytes.readUInt16LE(end + 20) !== 0) throw fault('malformed')
  if (count > limits.entries) throw fault('too_large')
  const entries: Located[] = []
  const names = new Set<string>()
  let expanded = 0
  let at = directory
  for (let i = 0; i < count; i++) {
    const entry = readEntry(bytes, at, end)
    const folded = entry.name.normalize('NFKC').toLowerCase()
    if (names.has(folded)) throw fault('malformed')
    names.add(folded)
    expanded += entry.size
    if (expanded > limits.expanded) throw fault('too_large')
    entries.push(entry)
    const more = [28, 30, 32].reduce((sum, field) => sum + bytes.readUInt16LE(at + field), 0)
    at += directorySize + more
  }
  if (at !== end) throw fault('malformed')
  return { entries, directory }
}

function readEntry(bytes: Buffer, at: number, end: number): Located {
  if (at + directorySize > end || bytes.readUInt32LE(at) !== directoryMark) throw fault('malformed')
  const flags = bytes.readUInt16LE(at + 8)
  const method = bytes.readUInt16LE(at + 10)
  const [crc, packed, size] = [16, 20, 24].map(field => bytes.readUInt32LE(at + field)) as [number, number, number]
  const nameTo = at + directorySize + bytes.readUInt16LE(at + 28)
  if (nameTo > end || (flags & ~knownFlags) !== 0 || (method !== stored && method !== deflated))
    throw fault('malformed')
  if (packed === 0xffffffff || size === 0xffffffff || bytes.readUInt16LE(at + 34) !== 0) throw fault('malformed')
  const name = nameOf(bytes.subarray(at + directorySize, nameTo))
  return { name, flags, method, crc, packed, size, offset: bytes.readUInt32LE(at + 42) }
}

/** A path inside the package: relative, without steps up, backslashes, colons or control characters. */
function nameOf(bytes: Buffer): string {
  const name = bytes.toString('utf8')
  const segments = name.replace(/\/$/, '').split('/')
  if (!isUtf8(bytes) || /[\\:\x00-\x1f\x7f]/.test(name)) throw fault('malformed')
  if (segments.some(segment => segment === '' || /^\.+$/.test(segment))) throw fault('malformed')
  return name
}

function dataStart(bytes: Buffer, entry: Located, directory: number): number {
  const at = entry.offset
  if (at + headerSize > directory || bytes.readUInt32LE(at) !== headerMark) throw fault('malformed')
  const from = at + headerSize + bytes.readUInt16LE(at + 26)
  const name = bytes.toString('utf8', at + headerSize, from)
  const agrees = bytes.readUInt16LE(at + 6) === entry.flags && bytes.readUInt16LE(at + 8) === entry.method
  if (!agrees || name !== entry.name) throw fault('malformed')
  const declared = [14, 18, 22].map(field => bytes.readUInt32LE(at + field))
  const expected = [entry.crc, entry.packed, entry.size]
  const later = (entry.flags & hasDescriptor) !== 0
  if (declared.some((value, i) => value !== expected[i] && !(later && (value === 0 || value === 0xffffffff))))
    throw fault('malformed')
  return from + bytes.readUInt16LE(at + 28)
}

/** Sizes behind the data: with or without a mark, in 32 or 64 bits, and agreeing with the directory. */
function descriptorLength(bytes: Buffer, entry: Located, at: number): number {
  if ((entry.flags & hasDescriptor) === 0) return 0
  const marked = bytes.readUInt32LE(at) === descriptorMark ? 4 : 0
  if (bytes.readUInt32LE(at + marked) !== entry.crc) throw fault('malformed')
  const sizes = at + marked + 4
  const narrow = bytes.readUInt32LE(sizes) === entry.packed && bytes.readUInt32LE(sizes + 4) === entry.size
  if (narrow) return marked + 12
  const wide =
    bytes.readBigUInt64LE(sizes) === BigInt(entry.packed) && bytes.readBigUInt64LE(sizes + 8) === BigInt(entry.size)
  if (!wide) throw fault('malformed')
  return marked + 20
}

function expand(packed: Buffer, { method, size, crc }: Located): Buffer {
  const content = method === stored ? packed : inflate(packed, size)
  if (content.length !== size || crc32(content) !== crc) throw fault('malformed')
  return content
}

function inflate(packed: Buffer, size: number): Buffer {
  try {
    const { buffer, engine } = inflateRawSync(packed, {
      maxOutputLength: Math.max(size, 1),
      chunkSize: Math.min(Math.max(size, 64), inflatedAtOnce),
      info: true,
    }) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    if (engine.bytesWritten === packed.length) return buffer
  } catch {
    // Longer than declared, or no deflate stream.
  }
  throw fault('malformed')
}

/** An archive of these entries, without dates or anything but names and contents. */
export function writeZip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of entries) {
    const packed = deflateRawSync(content, { level })
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(0x0800, 2)
    fields.writeUInt16LE(deflated, 4)
    fields.writeUInt16LE(0x21, 8)
    fields.writeUInt32LE(crc32(content), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(content.length, 18)
    fields.writeUInt16LE(Buffer.byteLength(name), 22)
    const header = Buffer.concat([mark(headerMark), fields, Buffer.from(name)])
    parts.push(header, packed)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(mark(directoryMark), Buffer.from([20, 0]), fields, tail, Buffer.from(name))
    offset += header.length + packed.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(endSize)
  end.writeUInt32LE(endMark, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, listed, end])
}

function mark(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
