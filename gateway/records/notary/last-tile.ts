/**
 * The last tile of a log's leaves. It is on disk until it is full: what follows can be signed even if its records are lost.
 * Its file is used again for a tile after it. To remove one and make another frees blocks, four times a second under load, and
 * ext4 mounted with `discard` tells the disk of each: that took 40 ms, in which hardly a sync of the writer's ended.
 */
import { hashBytes } from '../proof/tree.ts'
import { type ProofFolder, tileWidth } from './proof-folder.ts'

/** What most file systems give to a file at once: a file that gets shorter by one frees it. */
const blockBytes = 4096
const mostSpares = 4

type Spare = { readonly number: number; readonly blocks: number }

export class LastTile {
  readonly #folder: ProofFolder
  #leaves: Buffer[]
  /** How many of them are on disk. */
  #kept = 0
  /** Files of tiles that were. */
  #spares: readonly Spare[] = []

  /** @param leaves those of the last tile, where it is not full. */
  constructor(folder: ProofFolder, leaves: Buffer[]) {
    this.#folder = folder
    this.#leaves = leaves
    folder.removeSpares()
  }

  add(leaf: Buffer): void {
    if (this.#leaves.length === tileWidth) this.#leaves = []
    this.#leaves.push(leaf)
  }

  /** Puts what is new of it on disk; the tree had `before` leaves the last time, and has `size` now. Durable when this returns. */
  keep(before: number, size: number): void {
    const [was, now] = [tileOf(before - 1), tileOf(size - 1)]
    const isFull = this.#leaves.length === tileWidth
    if (was === now && !isFull) {
      this.#folder.putHashes(0, now * tileWidth + this.#kept, this.#leaves.slice(this.#kept))
    } else {
      if (!isFull) this.#folder.putTile(now, this.#leaves, this.#take(blocksOf(this.#leaves.length * hashBytes)))
      if (was >= 0) this.#pass(was)
      this.#folder.syncTiles(was, now)
    }
    this.#kept = isFull ? 0 : this.#leaves.length
  }

  /** A file to be written to anew, that need not be made much shorter for it. */
  #take(blocks: number): number {
    const fitting = this.#spares.filter(spare => spare.blocks <= blocks)
    const best = fitting.find(spare => spare.blocks === blocks) ?? fitting[0]
    if (best === undefined) return this.#unused()
    this.#spares = this.#spares.filter(spare => spare !== best)
    return best.number
  }

  #pass(nth: number): void {
    const number = this.#unused()
    const bytes = this.#folder.retireTile(nth, this.#spares.length < mostSpares ? number : null)
    if (bytes !== null) this.#spares = [...this.#spares, { number, blocks: blocksOf(bytes) }]
  }

  #unused(): number {
    for (let number = 0; ; number++) if (this.#spares.every(spare => spare.number !== number)) return number
  }
}

function tileOf(leaf: number): number {
  return Math.floor(leaf / tileWidth)
}

function blocksOf(bytes: number): number {
  return Math.ceil(bytes / blockBytes)
}
