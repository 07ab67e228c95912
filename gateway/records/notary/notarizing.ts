/**
 * Makes a log provable: reads what is stored, grows its Merkle tree, keeps tiles and signs checkpoints. It waits for
 * the disk and hashes much: it runs in a thread of its own (notary-thread.ts), and never before a record is released.
 */

import { type Checkpoint, checkpointText } from '../proof/checkpoint.ts'
import { openNote, type Signer } from '../proof/note.ts'
import { hashBytes, leafHash, leafHashIn, type Nodes, nodeHash, type OnWhole, Tree } from '../proof/tree.ts'
import { LastTile } from './last-tile.ts'
import { type ProofFolder, tileWidth } from './proof-folder.ts'
import { type Durable, StoredFault, type StoredRecords } from './stored-records.ts'

export type Signed = Checkpoint & { readonly note: string }

/** So many leaf tiles are kept in memory for proofs. */
const mostTiles = 64

/** The hashes of a log's tree: from its tiles, and what these leave out from its records. */
export class LogTree {
  readonly folder: ProofFolder
  readonly #stored: StoredRecords
  readonly #leaves = new Map<number, Buffer[]>()

  constructor(folder: ProofFolder, stored: StoredRecords) {
    this.folder = folder
    this.#stored = stored
  }

  /** Of trees of up to `size` leaves. Throws StoredFault where records are missing that it would take. */
  nodes(size: number): Nodes {
    const node: Nodes = (height, index) => {
      if (height === 0) return this.#leaf(index, size)
      const kept = height % 8 === 0 ? this.folder.hash(height / 8, index) : null
      return kept ?? nodeHash(node(height - 1, 2 * index), node(height - 1, 2 * index + 1))
    }
    return node
  }

  #leaf(index: number, size: number): Buffer {
    const nth = Math.floor(index / tileWidth)
    const from = nth * tileWidth
    let tile = this.#leaves.get(nth) ?? []
    if (tile.length <= index - from) {
      // Of a tile that pruning went through, the first leaves are kept, and the others are those of records.
      const kept = this.folder.tile(0, nth) ?? Buffer.alloc(0)
      const known = Math.min(kept.length / hashBytes, size - from)
      tile = Array.from({ length: known }, (_, at) => kept.subarray(at * hashBytes, (at + 1) * hashBytes))
      if (known <= index - from)
        tile.push(...this.#stored.lines(from + known, Math.min(from + tileWidth, size)).map(leafHash))
      if (this.#leaves.size >= mostTiles) this.#leaves.delete(this.#leaves.keys().next().value!)
      this.#leaves.set(nth, tile)
    }
    return tile[index - from]!
  }
}

export class Notarizing {
  readonly tree: LogTree
  readonly #folder: ProofFolder
  readonly #stored: StoredRecords
  readonly #signer: Signer
  #grown: Tree
  readonly #lastTile: LastTile
  latest: Signed | null = null

  /**
   * Goes on after the last checkpoint. Throws StoredFault where that is not this signer's, or neither tiles nor records
   * lead to it: nothing may be signed then.
   */
  constructor(folder: ProofFolder, stored: StoredRecords, signer: Signer) {
    this.#folder = folder
    this.#stored = stored
    this.#signer = signer
    this.tree = new LogTree(folder, stored)
    folder.make()
    const last = folder.notes('checkpoints').kept.at(-1)
    if (last !== undefined) this.latest = this.#accept(last.bytes, last.checkpoint)
    const size = this.latest?.size ?? 0
    this.#grown = Tree.resume(size, this.tree.nodes(size))
    if (this.latest !== null && !this.#grown.root().equals(this.latest.root)) throw new StoredFault('changed')
    const begins = size - (size % tileWidth)
    const leaves = Array.from({ length: size - begins }, (_, at) => this.tree.nodes(size)(0, begins + at))
    this.#lastTile = new LastTile(folder, leaves)
    const key = `${signer.verifier.text}\n`
    if (folder.read('key')?.toString('utf8') !== key) folder.replace('key', key)
  }

  #accept(bytes: Buffer, checkpoint: Checkpoint | null): Signed {
    const mine = openNote(bytes, [this.#signer.verifier]) !== null && checkpoint?.origin === this.#signer.verifier.name
    if (!mine) throw new StoredFault('changed')
    return { ...checkpoint!, note: bytes.toString('utf8') }
  }

  get size(): number {
    return this.#grown.size
  }

  /** Signs what is durable now. Null: nothing was added. Throws StoredFault; after that nothing may be signed any more. */
  sign(to: Durable): Signed | null {
    if (to.seq < this.#grown.size) throw new StoredFault('missing')
    if (to.seq === this.#grown.size) return null
    const whole = new Map<number, { from: number; hashes: Buffer[] }>()
    const onWhole: OnWhole = (level, index, hash) => {
      const list = whole.get(level)
      if (list === undefined) whole.set(level, { from: index, hashes: [hash] })
      else list.hashes.push(hash)
    }
    const before = this.#grown.size
    this.#stored.follow(before, to, (bytes, from, to) => {
      const leaf = leafHashIn(bytes, from, to)
      this.#grown.append(leaf, onWhole)
      this.#lastTile.add(leaf)
    })
    for (const [level, { from, hashes }] of whole) this.#folder.putHashes(level, from, hashes)
    this.#lastTile.keep(before, this.#grown.size)
    return this.#write()
  }

  /** Nothing more will be signed. */
  end(): void {
    this.#folder.removeSpares()
  }

  #write(): Signed {
    const said = { origin: this.#signer.verifier.name, size: this.#grown.size, root: this.#grown.root() }
    const text = checkpointText(said)
    const note = `${text}\n${this.#signer.sign(text)}`
    this.#folder.addNote('checkpoints', note)
    this.latest = { ...said, note }
    return this.latest
  }
}
