import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { proveRecord } from '../../gateway/records/prove.ts'
import { planPrune } from '../../gateway/records/prune.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { accessDraft } from './drafts.ts'
import { entriesIn, folderFor } from './folder.ts'
import { codesOf, fill, keyOf, signedLog, signer, verified } from './proofs.ts'
import { approve, ask, command, oldLog, remove } from './pruning.ts'

test('old records go by leave of two people; what is left is whole, and proved as before', async t => {
  const { base, directory, witness } = await oldLog(t)
  const before = await verified(directory)
  assert.equal((await ask(base)).status, 0)
  await approve(base, 'zhang')
  await approve(base, 'li')
  const done = await remove(base)
  assert.equal(done.status, 0, done.err)
  const entries = (await entriesIn(directory)).filter(entry => entry.log === 'gw1-0')
  const first = entries[0]!.seq
  assert.ok(first > 200 && entries.length === before.next - first)
  const told = (await entriesIn(directory)).find(entry => entry.kind === 'prune')
  assert.deepEqual([told?.['target'], told?.['before'], told?.['approvers']], ['gw1-0', first, ['zhang', 'li']])
  const report = await verified(directory, { keys: [keyOf(signer)], witnessed: [witness] })
  assert.deepEqual([report.problems, report.first, report.proved.witness], [[], first, before.next])
  assert.deepEqual((await verifyFolder(directory)).flatMap(codesOf), [])
  for (const index of [first, first + 1, before.next - 1])
    assert.ok(typeof (await proveRecord(directory, 'gw1-0', index)) === 'string')
  assert.deepEqual(await proveRecord(directory, 'gw1-0', 3), { not: 'there' })
})

test('a pruned log goes on, and can be pruned again', async t => {
  const { base, directory } = await oldLog(t)
  await ask(base)
  for (const name of ['li', 'zhang']) await approve(base, name)
  await remove(base)
  const signed = await signedLog(t, directory)
  await fill(signed, 300)
  await signed.close()
  const report = await verified(directory, { keys: [keyOf(signer)] })
  assert.deepEqual([report.problems, report.proved.key], [[], report.next])
  assert.equal((await ask(base)).status, 2)
})

test('one person is not enough, nor are two of one group, nor a request that was changed', async t => {
  const { base, directory } = await oldLog(t)
  const names = await readdir(directory)
  await ask(base)
  await approve(base, 'li')
  assert.equal((await remove(base)).status, 2)
  await approve(base, 'wang')
  assert.match((await remove(base)).err, /Not approved/)
  await approve(base, 'zhang')
  const request = await readFile(join(base, 'request'), 'utf8')
  await writeFile(join(base, 'request'), request.replace('before 2', 'before 1'))
  assert.match((await remove(base)).err, /Not approved/)
  assert.deepEqual(
    (await readdir(directory)).filter(name => name.startsWith('gw1')),
    names.filter(name => name.startsWith('gw1')),
  )
})

test('nothing goes within three years, whatever is asked', async t => {
  const { base } = await oldLog(t)
  const recent = new Date(Date.now() - 1000 * 86_400_000).toISOString().slice(0, 10)
  assert.match((await ask(base, recent)).err, /1095 days/)
})

test('held records stay until the hold is lifted, also where the hold came after the leave', async t => {
  const { base } = await oldLog(t)
  await ask(base)
  for (const name of ['li', 'zhang']) await approve(base, name)
  const hold = (...args: string[]) => command(base, 'records', 'hold', ...args, '--records', 'records')
  assert.equal((await hold('--set', 'case-1', '--from', '2020-01-01', '--route', '/api/students/{id}')).status, 0)
  assert.equal((await remove(base)).status, 2)
  assert.match((await ask(base)).err, /case-1/)
  assert.equal((await hold('--lift', 'case-1')).status, 0)
  assert.equal((await hold('--set', 'case-2', '--from', '2024-01-01')).status, 0)
  assert.equal((await hold('--set', 'case-3', '--person', 'abcdefghijklmnopqrstuv')).status, 0)
  assert.equal((await remove(base)).status, 0)
})

test('who asked for a long answer stays as long as a held part of it, in whatever file', async t => {
  const base = await folderFor(t)
  const directory = join(base, 'records')
  let now = Date.parse('2020-03-01T00:00:00Z')
  const signed = await signedLog(t, directory, { clock: () => now, fileBytes: 40_000 })
  await fill(signed, 150, 20)
  const { bytes, rows, fields, subjects: _, kind: __, outcome: ___, ...begun } = accessDraft({ operator: 'long' })
  const [opened] = await signed.log.append([{ ...begun, kind: 'open' }])
  await fill(signed, 150, 20)
  const subjects = { count: 1, index: ['abcdefgh:clear'] }
  await signed.log.append([{ kind: 'window', of: opened!.id, bytes, rows, fields, subjects }])
  now = Date.now()
  await fill(signed, 200, 20)
  await signed.close()
  const asked = { until: '2021-01-01T00:00:00.000Z', now, retentionDays: 1095 }
  const free = await planPrune(directory, 'gw1-0', asked)
  assert.ok('before' in free && free.before > opened!.seq)
  const hold = ['records', 'hold', '--set', 'case', '--person', 'abcdefgh', '--records', 'records']
  assert.equal((await command(base, ...hold)).status, 0)
  const held = await planPrune(directory, 'gw1-0', asked)
  assert.ok('before' in held && held.before > 1 && held.before <= opened!.seq)
})

test('of several logs the one that is named is shortened', async t => {
  const { base, directory } = await oldLog(t, 'gw1-1')
  const args = ['records', 'prune', '--until', '2021-01-01', '--ask', 'request']
  assert.equal((await command(base, ...args)).status, 2)
  assert.equal((await command(base, ...args, '--log', 'not a log')).status, 2)
  const asked = await command(base, ...args, '--log', 'gw1-1')
  assert.match(asked.out, /^log gw1-1$/m)
  await approve(base, 'zhang')
  await approve(base, 'li')
  const removed = await remove(base)
  assert.equal(removed.status, 0, removed.err)
  assert.match(removed.out, /before gw1-1:\d+/)
  assert.deepEqual(
    (await verifyFolder(directory)).flatMap(report => report.problems),
    [],
  )
})
