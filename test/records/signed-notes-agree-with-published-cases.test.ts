import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkpointText, keepNote, parseCheckpoint, readKept } from '../../gateway/records/proof/checkpoint.ts'
import {
  openNote,
  parseNote,
  parseSigner,
  parseVerifier,
  signerOf,
  writeSigner,
} from '../../gateway/records/proof/note.ts'
import { corpus } from '../support/corpora.ts'

const { path, skip } = corpus('notes')
const cases = (name: string) =>
  readFileSync(join(path, name), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

test('every published verifier key is taken or refused as published', { skip }, () => {
  const all = cases('verifier_keys.jsonl')
  for (const { vkey, valid, why } of all) assert.equal(parseVerifier(vkey) !== null, valid, why ?? vkey)
  assert.equal(all.length, 70)
})

test('every published note is judged as published, by the signers it says', { skip }, () => {
  const all = cases('notes.jsonl')
  for (const { desc, note_b64, verifier_keys, valid, verified_names } of all) {
    const verifiers = verifier_keys.map(parseVerifier).filter((one: unknown) => one !== null)
    const opened = openNote(Buffer.from(note_b64, 'base64'), verifiers)
    assert.equal(opened !== null, valid, desc)
    if (verified_names !== null)
      assert.deepEqual(
        opened?.by.map(one => one.by.name),
        verified_names,
        desc,
      )
  }
  assert.equal(all.length, 32)
})

const seed = Buffer.alloc(32, 7)
const text = checkpointText({ origin: 'veilgate/1/gw1-0', size: 3, root: Buffer.alloc(32, 1) })

test('what is signed here opens here; with any bit changed it does not open as what it was', () => {
  for (const type of [1, 4] as const) {
    const signer = signerOf('example.com/x', seed, type)
    const note = Buffer.from(`${text}\n${signer.sign(text, 1_700_000_000)}`)
    const opened = openNote(note, [signer.verifier])
    assert.equal(opened?.text, text)
    assert.equal(opened?.by[0]?.seconds, type === 1 ? null : 1_700_000_000)
    for (let at = 0; at < note.length; at++) {
      const changed = Buffer.from(note)
      changed[at]! ^= 1 << (at % 8)
      assert.equal(openNote(changed, [signer.verifier]), null, `byte ${at}`)
    }
  }
})

test('a signer survives being written, and a key under another name is another key', () => {
  const written = writeSigner('example.com/x', seed)
  assert.equal(parseSigner(written)?.verifier.text, signerOf('example.com/x', seed).verifier.text)
  assert.equal(parseSigner(written.replace('/x+', '/y+')), null)
  const other = signerOf('example.com/y', seed)
  assert.equal(openNote(Buffer.from(`${text}\n${signerOf('example.com/x', seed).sign(text)}`), [other.verifier]), null)
})

test('a file of checkpoints gives back each of them, and says where a torn one begins', () => {
  const note = `${text}\n${signerOf('example.com/x', seed).sign(text)}`
  const file = Buffer.from(keepNote(note) + keepNote(note) + note.slice(0, 60))
  const { kept, whole } = readKept(file)
  assert.deepEqual(
    kept.map(one => [one.bytes.toString(), one.checkpoint?.size, one.offset]),
    [
      [note, 3, 0],
      [note, 3, Buffer.byteLength(keepNote(note))],
    ],
  )
  assert.equal(whole, 2 * Buffer.byteLength(keepNote(note)))
  assert.equal(parseCheckpoint(parseNote(kept[0]!.bytes)!.text)?.origin, 'veilgate/1/gw1-0')
})
