/** Compound files (MS-CFB) as old office files use them: the one stream that is the workbook, read out of its sectors. */
import { fault } from '../faults.ts'
import { beginsCompound } from './marks.ts'

const headerBytes = 512
/** Sector numbers from here on are none. */
const firstSpecial = 0xfffffffa
const endOfChain = 0xfffffffe
const inHeader = 109
/** Streams smaller than this stand in pieces of so many bytes. */
const [miniCutoff, miniBytes] = [4096, 64]
const entryBytes = 128
const noEntry = 0xffffffff
const kinds = { storage: 1, stream: 2, root: 5 } as const

type Entry = {
  readonly name: string
  readonly kind: number
  readonly left: number
  readonly right: number
  readonly child: number
  readonly start: number
  readonly size: number
}

/**
 * The bytes of the root's stream of this name, whatever its case; null where there is none. Chains that lead in circles, into each
 * other or out of the file are `malformed`, so each sector is read once at the most.
 */
export function readStream(file: Buffer, name: string): Buffer | null {
  const sectors = new Sectors(file)
  const directory = readDirectory(sectors)
  const root = directory[0]
  if (root?.kind !== kinds.root) throw fault('malformed')
  const found = inRoot(directory, root).filter(entry => entry.kind === kinds.stream && sameName(entry.name, name))
  if (found.length > 1) throw fault('malformed')
  return found[0] === undefined ? null : sectors.stream(found[0], root)
}

function sameName(name: string, other: string): boolean {
  return name.toUpperCase() === other.toUpperCase()
}

function readDirectory(sectors: Sectors): Entry[] {
  const bytes = sectors.directory()
  const entries: Entry[] = []
  for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
    const nameBytes = Math.min(bytes.readUInt16LE(at + 64), 64)
    entries.push({
      name: bytes.toString('utf16le', at, at + Math.max(nameBytes - 2, 0)),
      kind: bytes[at + 66]!,
      left: bytes.readUInt32LE(at + 68),
      right: bytes.readUInt32LE(at + 72),
      child: bytes.readUInt32LE(at + 76),
      start: bytes.readUInt32LE(at + 116),
      size: bytes.readUInt32LE(at + 120),
    })
  }
  return entries
}

/** What stands in the root itself, not in storages inside it: those hold workbooks that are embedded in this one. */
function inRoot(directory: readonly Entry[], { child }: Entry): Entry[] {
  const found: Entry[] = []
  const seen = new Set<number>()
  const waiting = [child]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at === noEntry) continue
    const entry = directory[at]
    if (entry === undefined || seen.has(at)) throw fault('malformed')
    seen.add(at)
    found.push(entry)
    waiting.push(entry.left, entry.right)
  }
  return found
}

/** The sectors of a file, and which of them follow each other. */
class Sectors {
  readonly #file: Buffer
  readonly #size: number
  readonly #count: number
  /** By sector, which one is next. */
  readonly #next: Uint32Array
  readonly #taken: Uint8Array

  constructor(file: Buffer) {
    if (file.length < headerBytes || !beginsCompound(file)) throw fault('malformed')
    const [shift, miniShift] = [file.readUInt16LE(30), file.readUInt16LE(32)]
    if ((shift !== 9 && shift !== 12) || miniShift !== 6) throw fault('malformed')
    this.#file = file
    this.#size = 1 << shift
    if (file.readUInt32LE(56) !== miniCutoff) throw fault('malformed')
    // The last may be cut short: some writers end the file where the stream does.
    this.#count = Math.ceil(file.length / this.#size) - 1
    this.#taken = new Uint8Array(this.#count)
    this.#next = this.#readTable()
  }

  directory(): Buffer {
    return this.#chain(this.#file.readUInt32LE(48))
  }

  stream({ start, size }: Entry, root: Entry): Buffer {
    const bytes = size < miniCutoff ? this.#mini(start, size, root) : this.#chain(start)
    if (bytes.length < size) throw fault('malformed')
    return bytes.subarray(0, size)
  }

  /** The table of sectors: where its own sectors are stands in the header, and from there in sectors of their own. */
  #readTable(): Uint32Array {
    const file = this.#file
    const parts: Buffer[] = []
    const most = file.readUInt32LE(44)
    const listed = (bytes: Buffer) => {
      for (let at = 0; at + 4 <= bytes.length && parts.length < most; at += 4) {
        const sector = bytes.readUInt32LE(at)
        if (sector < firstSpecial) parts.push(this.#take(sector))
      }
    }
    listed(file.subarray(76, 76 + inHeader * 4))
    let at = file.readUInt32LE(68)
    for (let left = file.readUInt32LE(72); left > 0 && at < firstSpecial; left--) {
      const sector = this.#take(at)
      if (sector.length < this.#size) throw fault('malformed')
      listed(sector.subarray(0, -4))
      at = sector.readUInt32LE(this.#size - 4)
    }
    return tableOf(Buffer.concat(parts))
  }

  /** A sector that nothing else has taken. */
  #take(sector: number): Buffer {
    if (sector >= this.#count || this.#taken[sector] === 1) throw fault('malformed')
    this.#taken[sector] = 1
    return this.#file.subarray((sector + 1) * this.#size, (sector + 2) * this.#size)
  }

  #chain(start: number): Buffer {
    const parts: Buffer[] = []
    for (let at = start; at !== endOfChain; at = this.#next[at] ?? endOfChain) parts.push(this.#take(at))
    return Buffer.concat(parts)
  }

  /** A stream too small for sectors stands in pieces of a stream that is the root's. */
  #mini(start: number, size: number, root: Entry): Buffer {
    const table = tableOf(this.#chain(this.#file.readUInt32LE(60)))
    const all = this.#chain(root.start)
    const parts: Buffer[] = []
    let length = 0
    for (let at = start; length < size && at < table.length; at = table[at]!) {
      parts.push(all.subarray(at * miniBytes, (at + 1) * miniBytes))
      length += miniBytes
    }
    return Buffer.concat(parts)
  }
}

function tableOf(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: bytes.length >>> 2 }, (_, at) => bytes.readUInt32LE(at * 4))
}
