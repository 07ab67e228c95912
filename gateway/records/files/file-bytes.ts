/** The bytes of a log's file, plain or sealed alike. A file may be sealed between its being found and its being read. */
import { closeSync, createReadStream, fstatSync, openSync, readFileSync } from 'node:fs'
import { createZstdDecompress, zstdDecompressSync } from 'node:zlib'
import { DerivedFrameFault, FrameRestorer, restoreFrames } from './derived-frames.ts'
import { sealedName } from './files.ts'
import { type Room, readFrames, readFrameTable, readInto } from './seekable.ts'

const pieceBytes = 256 * 1024
/** What no file of a log reaches; a sealed one that would be larger was not made by a gateway. */
const mostBytes = 2 * 1024 * 1024 * 1024

/**
 * The bytes of a file, up to a limit. A file that is gone by now has none.
 *
 * @throws what reading throws; what `isDamage` knows where a sealed file is damaged, after the bytes before that.
 */
export async function* bytesOf(path: string, limit: number): AsyncGenerator<Buffer> {
  try {
    yield* isSealed(path) ? sealedBytes(path, limit) : plainBytes(path, limit)
  } catch (error) {
    if (!isGone(error)) throw error
    try {
      yield* sealedBytes(sealedName(path), limit)
    } catch (again) {
      if (!isGone(again)) throw again
    }
  }
}

function plainBytes(path: string, limit: number): AsyncIterable<Buffer> {
  const end = Number.isFinite(limit) ? { end: limit - 1 } : {}
  return createReadStream(path, { highWaterMark: pieceBytes, ...end })
}

async function* sealedBytes(path: string, limit: number): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: pieceBytes })
  const plain = createZstdDecompress()
  source.on('error', error => plain.destroy(error))
  source.pipe(plain)
  let left = Math.min(limit, mostBytes)
  try {
    for await (const chunk of restored(plain)) {
      yield chunk.length > left ? chunk.subarray(0, left) : chunk
      left -= chunk.length
      if (left <= 0) return
    }
  } finally {
    source.destroy()
  }
}

async function* restored(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const frames = new FrameRestorer()
  for await (const chunk of chunks) yield* frames.push(chunk)
  if (frames.rest.length > 0) yield frames.rest
}

/** The whole file at once, for the start of a log and for threads of their own. Throws where it is gone, too. */
export function readNow(path: string): Buffer {
  try {
    return plainOf(path, readFileSync(path))
  } catch (error) {
    if (!isGone(error) || isSealed(path)) throw error
    return plainOf(sealedName(path), readFileSync(sealedName(path)))
  }
}

/**
 * Plain bytes of a file from one place until another, or to its end. Throws where it is gone, too, and as `readNow` does.
 *
 * @param room where they may be put: they count until it is asked the next time.
 */
export function readPart(path: string, from: number, until: number, room?: Room): Buffer {
  try {
    return partOf(path, from, until, room)
  } catch (error) {
    if (!isGone(error) || isSealed(path)) throw error
    return partOf(sealedName(path), from, until)
  }
}

function partOf(path: string, from: number, until: number, room?: Room): Buffer {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    if (isSealed(path)) {
      const table = readFrameTable(fd, size)
      return table === null ? readNow(path).subarray(from, until) : readFrames(fd, table, from, until)
    }
    const length = Math.max(0, Math.min(until, size) - from)
    const bytes = room === undefined ? Buffer.allocUnsafe(length) : room.of(length)
    return bytes.subarray(0, readInto(fd, from, bytes))
  } finally {
    closeSync(fd)
  }
}

function plainOf(path: string, bytes: Buffer): Buffer {
  return isSealed(path) ? restoreFrames(zstdDecompressSync(bytes, { maxOutputLength: mostBytes })) : bytes
}

function isSealed(path: string): boolean {
  return path.endsWith('.zst')
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ENOENT'
}

/** Whether what was thrown means that a sealed file does not decompress, or not to what was sealed. */
export function isDamage(error: unknown): boolean {
  if (error instanceof DerivedFrameFault) return true
  return /^(?:ZSTD_|Z_|ERR_BUFFER_TOO_LARGE)/.test(String((error as NodeJS.ErrnoException | null)?.code))
}
