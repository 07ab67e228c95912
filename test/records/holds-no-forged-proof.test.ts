import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logSigner } from '../../gateway/records/proof/log-key.ts'
import { checkProof, parseProof, writeProof } from '../../gateway/records/proof/proof-file.ts'
import { proveRecord } from '../../gateway/records/prove.ts'
import { keyOf, sample, signer } from './proofs.ts'

test('a proof with elements exchanged, left out, doubled or of another record proves nothing (CVE-2022-36111)', async t => {
  const { directory } = await sample(t)
  const whole = parseProof(Buffer.from((await proveRecord(directory, 'gw1-0', 300)) as string))!
  const other = parseProof(Buffer.from((await proveRecord(directory, 'gw1-0', 301)) as string))!
  const keys = [keyOf(signer)]
  assert.ok('proof' in checkProof(Buffer.from(writeProof(whole)), keys))
  const { path } = whole
  const forged = [
    ...path.flatMap((_, nth) => [
      path.toSpliced(nth, 1),
      path.toSpliced(nth, 0, path[nth]!),
      path.with(nth, other.line.subarray(0, 32)),
      path.with(nth, path[(nth + 1) % path.length]!),
      path.with(nth, path[(nth + 1) % path.length]!).with((nth + 1) % path.length, path[nth]!),
    ]),
    other.path,
    [],
  ]
  for (const one of forged)
    assert.deepEqual(checkProof(Buffer.from(writeProof({ ...whole, path: one })), keys), { wrong: 'PROOF_WRONG' })
  for (const one of [{ line: other.line }, { index: other.index }, { line: other.line, index: other.index }])
    assert.ok('wrong' in checkProof(Buffer.from(writeProof({ ...whole, ...one })), keys))
  const fork = [keyOf(logSigner('gw1-0', Buffer.alloc(32, 9)))]
  assert.deepEqual(checkProof(Buffer.from(writeProof(whole)), fork), { wrong: 'SIGNATURE_WRONG' })
})
