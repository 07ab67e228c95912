import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { hashOfLeaf, isConsistent, isIncluded, Recount } from '../../gateway/records/proof/check.ts'
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  leafHashIn,
  type Nodes,
  nodeHash,
  Tree,
} from '../../gateway/records/proof/tree.ts'
import { corpus } from '../support/corpora.ts'

const { path, skip } = corpus('merkle')
const cases = (name: string) =>
  readFileSync(join(path, name), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
const bytes = (text: string) => Buffer.from(text, 'base64')
const proofOf = (texts: string[] | null) => (texts ?? []).map(bytes)

test('every published case of inclusion is judged as published', { skip }, () => {
  const all = cases('inclusion.jsonl')
  for (const one of all) {
    const judged = isIncluded(bytes(one.leafHash), one.leafIdx, one.treeSize, proofOf(one.proof), bytes(one.root))
    assert.equal(judged, !one.wantErr, one.case)
  }
  assert.ok(all.length > 90)
})

test('every published case of consistency is judged as published', { skip }, () => {
  const all = cases('consistency.jsonl')
  for (const one of all) {
    const [older, newer] = [
      { size: one.size1, root: bytes(one.root1) },
      { size: one.size2, root: bytes(one.root2) },
    ]
    assert.equal(isConsistent(older, newer, proofOf(one.proof)), !one.wantErr, one.case)
  }
  assert.ok(all.length > 90)
})

test('leaves, nodes and roots are those of the reference, in both halves', { skip }, () => {
  const reference = JSON.parse(readFileSync(join(path, 'rfc6962_reference.json'), 'utf8'))
  const [tree, recount] = [new Tree(), new Recount()]
  const inputs = reference.leaf_inputs_hex.map((hex: string) => Buffer.from(hex, 'hex'))
  for (const [size, hex] of reference.root_by_size_hex.entries()) {
    assert.equal(tree.root().toString('hex'), hex)
    assert.equal(recount.root().toString('hex'), hex)
    if (size === inputs.length) break
    assert.equal(leafHash(inputs[size]).toString('hex'), reference.node_hashes_hex.level0[size])
    const within = Buffer.concat([Buffer.from('ab'), inputs[size]!, Buffer.from('c')])
    assert.deepEqual(leafHashIn(within, 2, within.length - 1), leafHash(inputs[size]!))
    assert.deepEqual(leafHashIn(inputs[size]!, 0, inputs[size]!.length), leafHash(inputs[size]!))
    tree.append(leafHash(inputs[size]))
    recount.add(hashOfLeaf(inputs[size]), 0)
  }
})

const lines = Array.from({ length: 700 }, (_, nth) => Buffer.from(`record ${nth}`))
const plainly: Nodes = (height, index) =>
  height === 0 ? leafHash(lines[index]!) : nodeHash(plainly(height - 1, 2 * index), plainly(height - 1, 2 * index + 1))

test('what one half proves the other accepts, and nothing with a bit changed', () => {
  const roots = [new Recount().root()]
  const recount = new Recount()
  for (const line of lines) {
    recount.add(hashOfLeaf(line), 0)
    roots.push(recount.root())
  }
  const sizes = fc.integer({ min: 1, max: lines.length })
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), (size, some, bit) => {
      const [index, old] = [some % size, (some % size) + 1]
      const proof = inclusionProof(plainly, index, size)
      const leaf = hashOfLeaf(lines[index]!)
      assert.ok(isIncluded(leaf, index, size, proof, roots[size]!))
      const grown = consistencyProof(plainly, old, size)
      const newer = { size, root: roots[size]! }
      assert.ok(isConsistent({ size: old, root: roots[old]! }, newer, grown))
      assert.equal(isConsistent({ size: old, root: roots[old - 1]! }, newer, grown), false)
      for (const hashes of [proof, grown]) {
        const changed = hashes.map(hash => Buffer.from(hash))
        const target = changed[bit % Math.max(1, changed.length)]
        if (target === undefined) continue
        target[bit % 32]! ^= 1 << (bit % 8)
        const taken =
          hashes === proof
            ? isIncluded(leaf, index, size, changed, roots[size]!)
            : isConsistent({ size: old, root: roots[old]! }, newer, changed)
        assert.equal(taken, false)
      }
    }),
    { numRuns: 300 },
  )
})

test('a tree that goes on where another ended has its roots, and tells the same whole subtrees', () => {
  for (const cut of [0, 1, 255, 256, 257, 511, 640]) {
    const [whole, told, again] = [new Tree(), [] as string[], [] as string[]]
    const note = (list: string[]) => (level: number, index: number, hash: Buffer) =>
      list.push(`${level} ${index} ${hash.toString('hex')}`)
    for (const line of lines) whole.append(leafHash(line), note(told))
    const resumed = Tree.resume(cut, plainly)
    for (const line of lines.slice(cut)) resumed.append(leafHash(line), note(again))
    assert.deepEqual(resumed.root(), whole.root())
    assert.deepEqual(again, told.slice(Math.floor(cut / 256)))
    assert.equal(told.length, 2)
  }
})
