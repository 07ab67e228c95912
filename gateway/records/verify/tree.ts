/**
 * Whether the records of a log lead to what was signed of it: its tree counted again from the lines, each kept tile and
 * each checkpoint compared. All checkpoints of one count are consistent with one another by that. Pure; shares nothing
 * with what signs.
 */
import { hashOfLeaf, Recount } from '../proof/check.ts'
import type { Checkpoint } from '../proof/checkpoint.ts'
import { type Found, found, type ShownBy } from './report.ts'

/** What somebody holds that the log once was. */
export type Statement = {
  readonly checkpoint: Checkpoint
  readonly shownBy: ShownBy
  /** The file it is in, and where. */
  readonly at: string
  readonly offset: number
}

export type KeptTile = { readonly level: number; readonly nth: number; readonly path: string; readonly bytes: Buffer }

const width = 256
const mostListed = 100

export class TreeVerifier {
  readonly problems: Found[] = []
  readonly notes: Found[] = []
  readonly #log: string
  readonly #statements: readonly Statement[]
  readonly #tiles = new Map<string, KeptTile>()
  readonly #tree = new Recount()
  /** Of the statements in order of size. */
  #next = 0
  #isLost = false
  readonly #toldTiles = new Set<string>()

  constructor(log: string, statements: readonly Statement[], tiles: readonly KeptTile[]) {
    this.#log = log
    this.#statements = statements.toSorted((a, b) => a.checkpoint.size - b.checkpoint.size)
    for (const tile of tiles) this.#tiles.set(`${tile.level}/${tile.nth}`, tile)
    this.#compare()
  }

  leaf(seq: number, line: Buffer): void {
    if (this.#isLost || seq < this.#tree.size) return
    if (seq > this.#tree.size) this.#bridge(seq)
    if (!this.#isLost) this.#add(hashOfLeaf(line), 0)
  }

  /** Everything was read; so many records there are. */
  end(): void {
    for (const { checkpoint, at, offset, shownBy } of this.#statements.slice(this.#next)) {
      const records: [number, number] = [this.#tree.size, checkpoint.size - 1]
      if (this.#isLost) this.#note(found('TREE_UNKNOWN', { at, offset, records, shownBy }))
      else
        this.#problem(
          found(shownBy === 'witness' ? 'WITNESS_AHEAD' : 'CHECKPOINT_AHEAD', { at, offset, records, shownBy }),
        )
    }
    if (!this.#isLost) this.#checkTileSizes()
  }

  /** Records that are not there, up to `until`: what the kept tiles say of them takes their place. */
  #bridge(until: number): void {
    while (!this.#isLost && this.#tree.size < until) {
      const at = this.#tree.size
      const stop = Math.min(until, this.#statements[this.#next]?.checkpoint.size ?? until)
      let level = 0
      while (at % width ** (level + 1) === 0 && at + width ** (level + 1) <= stop) level++
      // Where a tile of leaves was not kept, a checkpoint within it cannot be compared.
      let hash = this.#kept(level, at / width ** level)
      while (hash === null && level > 0) hash = this.#kept(--level, at / width ** level)
      if (hash === null && at % width === 0 && at + width <= until) hash = this.#kept((level = 1), at / width)
      if (hash === null) this.#isLost = true
      else this.#add(hash, 8 * level)
    }
  }

  #add(hash: Buffer, height: number): void {
    this.#tree.add(hash, height, (at, index, known) => this.#compareTile(at, index, known))
    this.#compare()
  }

  #compare(): void {
    for (let one = this.#statements[this.#next]; one !== undefined; one = this.#statements[++this.#next]) {
      const { checkpoint, at, offset, shownBy } = one
      if (checkpoint.size > this.#tree.size) return
      const records: [number, number] = [0, checkpoint.size - 1]
      if (checkpoint.size < this.#tree.size) this.#note(found('TREE_UNKNOWN', { at, offset, records, shownBy }))
      else if (!this.#tree.root().equals(checkpoint.root))
        this.#problem(found(shownBy === 'witness' ? 'WITNESS_FORKED' : 'ROOT_WRONG', { at, offset, records, shownBy }))
    }
  }

  #kept(level: number, index: number): Buffer | null {
    const tile = this.#tiles.get(`${level}/${Math.floor(index / width)}`)
    const at = (index % width) * 32
    return tile !== undefined && tile.bytes.length >= at + 32 ? tile.bytes.subarray(at, at + 32) : null
  }

  #compareTile(height: number, index: number, known: Buffer): void {
    if (height % 8 !== 0) return
    const level = height / 8
    const kept = this.#kept(level, index)
    const end = (index + 1) * width ** level
    if (kept?.equals(known)) return
    // Of leaves only few tiles are kept; of those above, all that a checkpoint covers.
    const isDue = level > 0 && this.#statements.some(one => one.shownBy !== 'witness' && one.checkpoint.size >= end)
    if (kept === null && !isDue) return
    const path = `${this.#log}.tlog/${this.#tiles.get(`${level}/${Math.floor(index / width)}`)?.path ?? `tile/${level}`}`
    if (this.#toldTiles.has(path)) return
    this.#toldTiles.add(path)
    const place = { at: path, offset: (index % width) * 32, records: [end - width ** level, end - 1] as const }
    this.#problem(found(kept === null ? 'TILE_MISSING' : 'TILE_WRONG', place))
  }

  /** A tile that says more than the records do. */
  #checkTileSizes(): void {
    for (const { level, nth, path, bytes } of this.#tiles.values()) {
      const hashes = Math.floor(bytes.length / 32)
      const end = (nth * width + hashes) * width ** level
      if (end <= this.#tree.size) continue
      this.#problem(
        found('TILE_WRONG', {
          at: `${this.#log}.tlog/${path}`,
          offset: bytes.length,
          records: [this.#tree.size, end - 1],
        }),
      )
    }
  }

  #problem(one: Found): void {
    if (this.problems.length < mostListed) this.problems.push(one)
  }

  #note(one: Found): void {
    if (this.notes.length < mostListed) this.notes.push(one)
  }
}
