/**
 * A Merkle tree as RFC 6962 section 2.1 defines it, grown by one leaf at a time: the writing half. What checks it, in
 * check.ts, shares no code with this. Pure.
 */
import { hash } from 'node:crypto'

/** Bytes of every hash here: SHA-256. */
export const hashBytes = 32

const mostScratch = 64 * 1024 + 1
const scratch = Buffer.alloc(mostScratch)
const pair = Buffer.alloc(1 + 2 * hashBytes, 1)

/** Of one record: SHA-256 over 0x00 and its line without the line feed. */
export function leafHash(line: Uint8Array): Buffer {
  const input = line.length < mostScratch ? scratch.subarray(0, line.length + 1) : Buffer.alloc(line.length + 1)
  input[0] = 0
  input.set(line, 1)
  return sha256(input)
}

/** The same of a line among others, which is not copied: the byte before it, where there is one, is overwritten. */
export function leafHashIn(bytes: Uint8Array, from: number, to: number): Buffer {
  if (from === 0) return leafHash(bytes.subarray(0, to))
  bytes[from - 1] = 0
  return sha256(bytes.subarray(from - 1, to))
}

/** Of a node: SHA-256 over 0x01 and both that it joins. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1)
  pair.set(right, 1 + hashBytes)
  return sha256(pair)
}

/** A hash handed over as a string and put into Node's pool costs 5 000 instructions, and one as a buffer of its own 8 600. */
function sha256(input: Uint8Array): Buffer {
  const made = Buffer.allocUnsafe(hashBytes)
  made.write(hash('sha256', input, 'latin1'), 0, hashBytes, 'latin1')
  return made
}

/** Called for each whole subtree of 256, 65 536, ... leaves: level 1, 2, ..., and which of that level. */
export type OnWhole = (level: number, index: number, hash: Buffer) => void

/** The right edge of a tree: at most one hash for each power of two. */
export class Tree {
  #count = 0
  /** Whole subtrees from left to right, each smaller than the one before. */
  readonly #edge: Buffer[] = []

  /** Goes on where `size` leaves are; `subtree` is asked for the hash of each whole subtree of the edge. */
  static resume(size: number, subtree: Nodes): Tree {
    const tree = new Tree()
    for (let start = 0; start < size; ) {
      const width = largestPower(size - start)
      tree.#edge.push(subtree(Math.log2(width), start / width))
      start += width
    }
    tree.#count = size
    return tree
  }

  get size(): number {
    return this.#count
  }

  append(leaf: Buffer, onWhole: OnWhole = () => {}): void {
    let node = leaf
    let height = 0
    for (let rest = this.#count; rest % 2 === 1; rest = (rest - 1) / 2) {
      node = nodeHash(this.#edge.pop()!, node)
      height++
      if (height % 8 === 0) onWhole(height / 8, Math.floor(this.#count / 2 ** height), node)
    }
    this.#edge.push(node)
    this.#count++
  }

  root(): Buffer {
    if (this.#edge.length === 0) return hash('sha256', '', 'buffer')
    return this.#edge.reduceRight((right, left) => nodeHash(left, right))
  }
}

/** The hash of a whole subtree of 2^height leaves, the `index`th of that height. Throws where it is not known. */
export type Nodes = (height: number, index: number) => Buffer

/** RFC 6962 section 2.1.1: what joins the leaf with the root of a tree of `size`, from the leaf up. */
export function inclusionProof(nodes: Nodes, index: number, size: number): Buffer[] {
  const path = (at: number, start: number, width: number): Buffer[] => {
    if (width === 1) return []
    const left = splitOf(width)
    return at < left
      ? [...path(at, start, left), rangeHash(nodes, start + left, width - left)]
      : [...path(at - left, start + left, width - left), rangeHash(nodes, start, left)]
  }
  if (!(index >= 0 && index < size)) throw new RangeError('no such leaf in a tree of this size')
  return path(index, 0, size)
}

/** RFC 6962 section 2.1.2: shows that the tree of `size` begins with the one of `old`. Empty where either says all. */
export function consistencyProof(nodes: Nodes, old: number, size: number): Buffer[] {
  const path = (most: number, start: number, width: number, isOld: boolean): Buffer[] => {
    if (most === width) return isOld ? [] : [rangeHash(nodes, start, width)]
    const left = splitOf(width)
    return most <= left
      ? [...path(most, start, left, isOld), rangeHash(nodes, start + left, width - left)]
      : [...path(most - left, start + left, width - left, false), rangeHash(nodes, start, left)]
  }
  if (!(old >= 0 && old <= size)) throw new RangeError('the older tree is the larger one')
  return old === 0 || old === size ? [] : path(old, 0, size, true)
}

/** Of the leaves from `start` on; `start` is a multiple of every whole subtree in `width`. */
function rangeHash(nodes: Nodes, start: number, width: number): Buffer {
  const left = largestPower(width)
  if (left === width) return nodes(Math.log2(width), start / width)
  return nodeHash(rangeHash(nodes, start, left), rangeHash(nodes, start + left, width - left))
}

/** The largest power of two that is not above `n`. */
function largestPower(n: number): number {
  let power = 1
  while (power * 2 <= n) power *= 2
  return power
}

/** The largest power of two below `n`. */
function splitOf(n: number): number {
  const power = largestPower(n)
  return power === n ? power / 2 : power
}
