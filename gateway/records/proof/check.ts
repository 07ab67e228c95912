/**
 * The checking half of the Merkle tree: written from RFC 6962 section 2.1 and RFC 9162 section 2.1, with hashing of its
 * own, so that a mistake in tree.ts does not hide here. Sizes and numbers beyond 2^53 are refused. Pure.
 */
import { createHash } from 'node:crypto'

/** RFC 6962 section 2.1: of a leaf, from the line of a record without its line feed. */
export function hashOfLeaf(line: Uint8Array): Buffer {
  return createHash('sha256').update('\0').update(line).digest()
}

function join(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update('\x01').update(left).update(right).digest()
}

/** Whether a leaf is the `index`th of the tree with this size and root. RFC 9162 section 2.1.3.2. */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false
  if (leaf.length !== 32) return false
  let [node, last] = [index, size - 1]
  let hash: Uint8Array = leaf
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return false
    if (node % 2 === 1 || node === last) {
      hash = join(sibling, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)]
    } else hash = join(hash, sibling)
    node = half(node)
    last = half(last)
  }
  return last === 0 && same(hash, root)
}

/**
 * Whether the newer tree begins with all of the older one. RFC 9162 section 2.1.4.2. Everything begins with nothing, and
 * nothing is proved by that: an older tree without leaves is refused.
 */
export function isConsistent(
  older: { readonly size: number; readonly root: Uint8Array },
  newer: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  const sizes = [older.size, newer.size]
  if (!sizes.every(Number.isSafeInteger) || older.size <= 0 || older.size > newer.size) return false
  if (older.size === newer.size) return proof.length === 0 && same(older.root, newer.root)
  if (proof.length === 0 || proof.some(hash => hash.length !== 32)) return false
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof
  let [node, last] = [older.size - 1, newer.size - 1]
  while (node % 2 === 1) [node, last] = [half(node), half(last)]
  let from: Uint8Array = path[0]!
  let to = from
  for (const hash of path.slice(1)) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      from = join(hash, from)
      to = join(hash, to)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)]
    } else to = join(to, hash)
    node = half(node)
    last = half(last)
  }
  return last === 0 && same(from, older.root) && same(to, newer.root)
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
const half = (n: number): number => Math.floor(n / 2)
const isPowerOfTwo = (n: number): boolean => 2 ** Math.round(Math.log2(n)) === n

/** The tree over a log, counted again from its lines: roots at any moment, and the hashes its tiles must hold. */
export class Recount {
  /** For each height the subtree that waits for its right neighbour, or null. */
  readonly #waiting: (Buffer | null)[] = []
  #leaves = 0

  get size(): number {
    return this.#leaves
  }

  /**
   * Puts a whole subtree of 2^height leaves at the end; only whole multiples of it may stand before. Tells each subtree
   * that is complete by it, itself included, with its height and its number among those of that height.
   */
  add(hash: Buffer, height: number, tell: (height: number, index: number, hash: Buffer) => void = () => {}): void {
    if (this.#leaves % 2 ** height !== 0) throw new RangeError('a subtree cannot begin here')
    this.#leaves += 2 ** height
    let carried = hash
    for (let at = height; ; at++) {
      tell(at, this.#leaves / 2 ** at - 1, carried)
      const left = this.#waiting[at] ?? null
      if (left === null) {
        while (this.#waiting.length < at) this.#waiting.push(null)
        this.#waiting[at] = carried
        return
      }
      carried = join(left, carried)
      this.#waiting[at] = null
    }
  }

  root(): Buffer {
    const right = this.#waiting.reduce<Buffer | null>(
      (rest, left) => (left === null ? rest : rest === null ? left : join(left, rest)),
      null,
    )
    return right ?? createHash('sha256').digest()
  }
}
