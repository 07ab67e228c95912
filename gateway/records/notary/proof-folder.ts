/**
 * The folder `LOG.tlog` beside a log: what proves it, in the layout of c2sp.org/tlog-tiles where that has one. Tiles of
 * level 1 and above, of level 0 only the last and those that pruning needs; the others follow from the records.
 * Everything here waits for the disk: it is for threads and commands of their own.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type Kept, keepNote, readKept } from '../proof/checkpoint.ts'
import { hashBytes } from '../proof/tree.ts'

/** Hashes in a tile. */
export const tileWidth = 256

export type NoteFile = 'checkpoints' | 'witnessed'

const suffix = '.tlog'

/** The logs that have a folder of proof in `directory`, whether or not their files are there. Throws as reading a folder does. */
export function provedIn(directory: string): string[] {
  const folders = readdirSync(directory, { withFileTypes: true }).filter(one => one.isDirectory())
  return folders.map(one => one.name).flatMap(name => (name.endsWith(suffix) ? name.slice(0, -suffix.length) : []))
}

export class ProofFolder {
  readonly path: string
  /** Where each file of notes ended after what was last added: by a day's notes, reading it anew would take all the time. */
  readonly #ends = new Map<NoteFile, { size: number; inode: number }>()

  constructor(directory: string, log: string) {
    this.path = join(directory, `${log}${suffix}`)
  }

  get exists(): boolean {
    return existsSync(this.path)
  }

  /** Whether checkpoints of the log were signed. */
  get isSigned(): boolean {
    return (statSync(join(this.path, 'checkpoints'), { throwIfNoEntry: false })?.size ?? 0) > 0
  }

  make(): void {
    mkdirSync(join(this.path, 'tile'), { recursive: true, mode: 0o700 })
  }

  /** The hash of the `index`th whole subtree of 256^level leaves, where it is kept. */
  hash(level: number, index: number): Buffer | null {
    const tile = this.tile(level, Math.floor(index / tileWidth))
    const at = (index % tileWidth) * hashBytes
    return tile !== null && tile.length >= at + hashBytes ? tile.subarray(at, at + hashBytes) : null
  }

  /** Hashes of one tile, one after the other; as many as there are of a whole number. */
  tile(level: number, nth: number): Buffer | null {
    const bytes = this.readTile(tilePath(level, nth))
    return bytes === null ? null : bytes.subarray(0, bytes.length - (bytes.length % hashBytes))
  }

  /** Puts hashes where they belong in their tile, which is made where there is none. Durable when this returns. */
  putHashes(level: number, from: number, hashes: readonly Buffer[]): void {
    for (let at = 0; at < hashes.length; ) {
      const index = from + at
      const many = Math.min(tileWidth - (index % tileWidth), hashes.length - at)
      this.#writeAt(
        tilePath(level, Math.floor(index / tileWidth)),
        (index % tileWidth) * hashBytes,
        Buffer.concat(hashes.slice(at, at + many)),
      )
      at += many
    }
  }

  /** Makes a tile of leaves out of the spare file with this number, which need not be there. Durable after `syncTiles`. */
  putTile(nth: number, leaves: readonly Buffer[], spare: number): void {
    const bytes = Buffer.concat(leaves)
    this.#writeAt(sparePath(spare), 0, bytes, bytes.length)
    const path = join(this.path, tilePath(0, nth))
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    renameSync(join(this.path, sparePath(spare)), path)
  }

  /** Makes a tile of leaves the spare file with this number, or removes it (null). Returns the bytes of the spare file, if there is one now. */
  retireTile(nth: number, spare: number | null): number | null {
    const path = join(this.path, tilePath(0, nth))
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return null
    if (spare === null) rmSync(path)
    else renameSync(path, join(this.path, sparePath(spare)))
    return spare === null ? null : found.size
  }

  /** Makes durable which tiles of leaves there are, beside these two. */
  syncTiles(one: number, other: number): void {
    const folders = new Set([one, other].map(nth => dirname(join(this.path, tilePath(0, Math.max(0, nth))))))
    for (const folder of folders) if (existsSync(folder)) syncFolderNow(folder)
  }

  /** Nothing counts that is in them. */
  removeSpares(): void {
    const folder = join(this.path, dirname(sparePath(0)))
    const names = existsSync(folder) ? readdirSync(folder) : []
    for (const name of names) if (spareName.test(name)) rmSync(join(folder, name))
  }

  /** Every tile that is kept, as level and number. */
  tiles(): { level: number; nth: number; path: string }[] {
    const root = join(this.path, 'tile')
    if (!existsSync(root)) return []
    return (readdirSync(root, { recursive: true }) as string[]).flatMap(name => {
      const match = /^(\d{1,2})\/((?:x\d{3}\/)*\d{3})$/.exec(name.replaceAll('\\', '/'))
      if (match === null) return []
      return [{ level: Number(match[1]), nth: Number(match[2]!.replace(/[x/]/g, '')), path: `tile/${match[0]}` }]
    })
  }

  notes(file: NoteFile): { kept: Kept[]; whole: number; size: number; bytes: Buffer } {
    const bytes = this.read(file) ?? Buffer.alloc(0)
    return { ...readKept(bytes), size: bytes.length, bytes }
  }

  /** Adds a note after the last whole one. Durable when this returns. */
  addNote(file: NoteFile, note: string): void {
    const known = this.#ends.get(file)
    const found = statSync(join(this.path, file), { throwIfNoEntry: false })
    const isKnown = known !== undefined && known.size === found?.size && known.inode === found.ino
    this.#ends.delete(file)
    const { whole, size } = isKnown ? { whole: known.size, size: known.size } : this.notes(file)
    const bytes = Buffer.from(keepNote(note))
    this.#writeAt(file, whole, bytes, whole < size ? whole : null)
    if (found !== undefined) this.#ends.set(file, { size: whole + bytes.length, inode: found.ino })
  }

  /** Puts these in the place of all, whole or not at all. */
  replaceNotes(file: NoteFile, notes: readonly Kept[]): void {
    this.replace(file, Buffer.concat(notes.flatMap(note => [note.bytes, Buffer.from('\n')])))
  }

  read(name: string): Buffer | null {
    try {
      return readFileSync(join(this.path, name))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  /** The same of a tile; null, too, where its file was given to another tile meanwhile. */
  readTile(name: string): Buffer | null {
    const inode = () => statSync(join(this.path, name), { throwIfNoEntry: false })?.ino
    const before = inode()
    const bytes = this.read(name)
    return inode() === before ? bytes : null
  }

  replace(name: string, bytes: string | Buffer): void {
    const path = join(this.path, name)
    const draft = `${path}.new`
    writeFileSync(draft, bytes, { mode: 0o600, flush: true })
    renameSync(draft, path)
    syncFolderNow(dirname(path))
  }

  #writeAt(name: string, position: number, bytes: Buffer, cutAt: number | null = null): void {
    const path = join(this.path, name)
    const isNew = !existsSync(path)
    if (isNew) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(path, isNew ? 'w+' : 'r+', 0o600)
    try {
      if (cutAt !== null) ftruncateSync(file, cutAt)
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, position + at)
      fdatasyncSync(file)
    } finally {
      closeSync(file)
    }
    if (isNew) syncFolderNow(dirname(path))
  }
}

/** `tile/1/x001/x234/067`, as c2sp.org/tlog-tiles names it; one that is not full has the name it will have. */
function tilePath(level: number, nth: number): string {
  const digits = String(nth)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g)!
  return `tile/${level}/${groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')}`
}

const spareName = /^spare-\d$/

function sparePath(number: number): string {
  return `tile/spare-${number}`
}

/** Makes the names in a folder durable. */
export function syncFolderNow(directory: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(directory, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
