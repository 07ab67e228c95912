import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { kinds, serialise } from '../../gateway/records/entry.ts'
import { LogVerifier } from '../../gateway/records/verify/verify.ts'
import { verifyWords } from '../../gateway/records/verify/words.ts'
import { accessDraft } from './drafts.ts'

const page = readFileSync(new URL('../../gateway/records/README.md', import.meta.url), 'utf8')
const example = /```jsonl\n(.*?)```/s.exec(page)![1]!

test('the example of the description is what its rules say, checked by nothing but them', () => {
  let prev = 'A'.repeat(43)
  let start = 0
  let [batch, seq] = [0, 0]
  for (const match of example.matchAll(/^\{"batch":.*$/gm)) {
    const frame = JSON.parse(match[0])
    const entries = example
      .slice(start, match.index)
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    assert.deepEqual([frame.batch, frame.first, frame.n, frame.prev], [batch++, seq, entries.length, prev])
    for (const entry of entries) assert.equal(entry.seq, seq++)
    const covered = example.slice(start, example.indexOf(',"sha256":"', match.index))
    assert.equal(frame.sha256, createHash('sha256').update(covered).digest('base64url'))
    prev = frame.sha256
    start = match.index + match[0].length + 1
  }
  assert.equal(start, example.length)
  assert.equal(batch, 2)
})

test('the example verifies, and its access record has the keys of today in the order of today', () => {
  const verifier = new LogVerifier('gw1-0')
  verifier.file(1)
  verifier.write(Buffer.from(example))
  assert.deepEqual(verifier.end().problems, [])
  const access = JSON.parse(example.split('\n').find(line => line.includes('"kind":"access"'))!)
  const today = JSON.parse(serialise(accessDraft(), { log: 'gw1-0', seq: 1, time: access.time })[0]!)
  assert.deepEqual(Object.keys(access), Object.keys(today))
  assert.ok(
    page.includes(
      Object.keys(today)
        .slice(5)
        .map(key => `\`${key}\``)
        .join(' '),
    ),
  )
})

test('every kind and every finding is described', () => {
  for (const word of [...kinds, ...Object.keys(verifyWords)]) assert.ok(page.includes(`\`${word}\``), word)
})
