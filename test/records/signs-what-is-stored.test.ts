import assert from 'node:assert/strict'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ProofFolder } from '../../gateway/records/notary/proof-folder.ts'
import { logSigner } from '../../gateway/records/proof/log-key.ts'
import { checkProof } from '../../gateway/records/proof/proof-file.ts'
import { proveRecord } from '../../gateway/records/prove.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { until } from '../support/until.ts'
import { accessDraft } from './drafts.ts'
import { entriesIn, folderFor, logIn } from './folder.ts'
import { codesOf, fill, keyOf, otherSigner, sample, signedLog, signer, verified } from './proofs.ts'

const namesIn = async (directory: string) => (await readdir(directory)).sort()

test('a log that was signed, sealed and witnessed is whole, and who vouches for it is told', async t => {
  const { directory, witness } = await sample(t)
  const alone = await verified(directory)
  assert.deepEqual([alone.problems, alone.notes], [[], []])
  assert.deepEqual(alone.proved, { witness: 0, key: 0, self: alone.next })
  const proved = await verified(directory, { keys: [keyOf(signer)], witnessed: [witness] })
  assert.deepEqual([proved.problems, proved.notes], [[], []])
  assert.deepEqual(proved.proved, { witness: alone.next, key: alone.next, self: 0 })
})

test('complete files are compressed, read-only, and read like any other', async t => {
  const { directory } = await sample(t)
  const names = (await namesIn(directory)).filter(name => name.startsWith('gw1-0.0'))
  assert.ok(names.length > 3)
  assert.ok(names.slice(0, 3).every(name => name.endsWith('.jsonl.zst')))
  const seals = (await entriesIn(directory)).filter(entry => entry.kind === 'seal')
  assert.deepEqual(
    seals.map(({ file }) => file),
    names.filter(name => name.endsWith('.zst')).map((_, nth) => nth + 1),
  )
  const numbers = (await entriesIn(directory)).map(entry => entry.seq)
  assert.deepEqual(
    numbers,
    numbers.map((_, nth) => nth),
  )
})

test('after a restart the tree goes on, whatever file it was in', async t => {
  const directory = await folderFor(t)
  for (const many of [1, 254, 3, 300]) {
    const signed = await signedLog(t, directory, { fileBytes: 60_000 })
    await fill(signed, many)
    await signed.close()
    const report = await verified(directory, { keys: [keyOf(signer)] })
    assert.deepEqual(report.problems, [])
    assert.equal(report.proved.key, report.next)
  }
})

test('of a log from before there was proof everything is signed', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory, { fileBytes: 20_000 })
  for (let nth = 0; nth < 300; nth++) await log.append([accessDraft()])
  await log.close()
  const signed = await signedLog(t, directory)
  await signed.notary.settle()
  await signed.close()
  const report = await verified(directory, { keys: [keyOf(signer)] })
  assert.deepEqual([report.problems, report.proved.key], [[], report.next])
})

test('what was changed on the disk after it was acknowledged is never signed, nor is anything after it', async t => {
  const directory = await folderFor(t)
  const faults: (string | null)[] = []
  const signed = await signedLog(t, directory, { onFault: fault => faults.push(fault) })
  await fill(signed, 10)
  const before = signed.notary.signed
  await signed.log.append([accessDraft({ rows: 20 })])
  const path = join(directory, 'gw1-0.000001.jsonl')
  const bytes = await readFile(path)
  bytes[bytes.lastIndexOf('"rows":20') + 8] = '1'.charCodeAt(0)
  await writeFile(path, bytes, { flag: 'r+' })
  await signed.notary.settle()
  await fill(signed, 10)
  assert.deepEqual([signed.notary.signed, faults[0]], [before, 'STORED_CHANGED'])
  await signed.close()
  assert.ok(codesOf(await verified(directory)).includes('HASH_WRONG'))
})

test('a log that another key has signed is not signed on', async t => {
  const directory = await folderFor(t)
  const first = await signedLog(t, directory)
  await fill(first, 10)
  await first.close()
  const faults: (string | null)[] = []
  const other = await signedLog(t, directory, { signer: otherSigner, onFault: fault => faults.push(fault) })
  await other.notary.settle()
  assert.deepEqual([faults, other.notary.signed], [['STORED_CHANGED'], 0])
})

test('records lost after they were signed do not end the signing, and their numbers are never given again', async t => {
  const { directory } = await sample(t, 300)
  const names = (await namesIn(directory)).filter(name => name.endsWith('.jsonl'))
  await rm(join(directory, names.at(-1)!))
  const next = new ProofFolder(directory, 'gw1-0').notes('checkpoints').kept.at(-1)!.checkpoint!.size
  const signed = await signedLog(t, directory)
  const [receipt] = await signed.log.append([accessDraft()])
  assert.ok(receipt!.seq >= next)
  await signed.notary.settle()
  assert.ok(signed.notary.signed > receipt!.seq)
  await signed.close()
  const report = await verified(directory)
  assert.ok(codesOf(report).includes('RECORDS_MISSING'))
  assert.ok(!codesOf(report).includes('ROOT_WRONG'))
})

test('every record that is signed can be proved, and the proof needs nothing but itself and the key', async t => {
  const { directory } = await sample(t)
  const { next } = await verified(directory)
  for (const index of [0, 1, 255, 256, 511, 600, next - 1]) {
    const file = await proveRecord(directory, 'gw1-0', index)
    assert.ok(typeof file === 'string')
    const checked = checkProof(Buffer.from(file), [keyOf(signer)])
    assert.ok('proof' in checked && checked.proof.index === index)
    assert.equal(JSON.parse(checked.proof.line.toString()).seq, index)
    assert.deepEqual(checkProof(Buffer.from(file), [keyOf(otherSigner)]), { wrong: 'SIGNATURE_WRONG' })
  }
  assert.deepEqual(await proveRecord(directory, 'gw1-0', next), { not: 'signed' })
})

test('no proof with a changed bit holds for what it says', async t => {
  const { directory } = await sample(t, 300)
  const file = Buffer.from((await proveRecord(directory, 'gw1-0', 17)) as string)
  for (let at = 0; at < file.length; at++) {
    const changed = Buffer.from(file)
    changed[at]! ^= 1 << (at % 8)
    assert.ok('wrong' in checkProof(changed, [keyOf(signer)]), `byte ${at}`)
  }
})

test('a fault of the disk passes: what could not be signed is signed later', async t => {
  const directory = await folderFor(t)
  const faults: (string | null)[] = []
  const signed = await signedLog(t, directory, { onFault: fault => faults.push(fault) })
  await fill(signed, 250)
  const before = signed.notary.signed
  const proof = new ProofFolder(directory, 'gw1-0').path
  // where a file stands in its place nobody writes into a folder, root neither
  await rename(proof, `${proof}.away`)
  await writeFile(proof, '')
  await fill(signed, 20)
  await until('a fault', () => faults.length > 0)
  await fill(signed, 300)
  assert.equal(signed.notary.signed, before)
  await rm(proof)
  await rename(`${proof}.away`, proof)
  await until('all is signed', () => signed.notary.signed === signed.log.durable.seq)
  assert.deepEqual(faults, ['DISK', null])
  await fill(signed, 300)
  await signed.close()
  const report = await verified(directory, { keys: [keyOf(signer)] })
  assert.deepEqual([report.problems, report.proved.key], [[], report.next])
})

test('the logs of commands are under the checkpoints of the gateway', async t => {
  const directory = await folderFor(t)
  const other = await logIn(t, directory, { log: 'cli-0', holds: 'log' })
  await other.append([accessDraft()])
  await other.append([accessDraft()])
  await other.close()
  const signed = await signedLog(t, directory)
  await fill(signed, 5)
  await signed.close()
  const whole = await verifyFolder(directory)
  assert.deepEqual(whole.flatMap(codesOf), [])
  await attackOther(t, directory)
})

async function attackOther(_: TestContext, directory: string): Promise<void> {
  const path = join(directory, 'cli-0.000001.jsonl')
  const text = await readFile(path, 'utf8')
  const cut = text.slice(0, text.indexOf('\n', text.indexOf('{"batch":0')) + 1)
  await writeFile(path, cut)
  assert.deepEqual((await verifyFolder(directory)).flatMap(codesOf), ['LOG_CUT'])
  await writeFile(path, cut + cut)
  assert.ok((await verifyFolder(directory)).flatMap(codesOf).length > 0)
  await rm(path)
  assert.deepEqual((await verifyFolder(directory)).flatMap(codesOf), ['LOG_MISSING'])
}

test('silence is told apart from a stop', async t => {
  const directory = await folderFor(t)
  let now = Date.parse('2026-11-21T09:30:00Z')
  const clock = () => now
  const minutes = (many: number) => {
    now += many * 60_000
  }
  const first = await signedLog(t, directory, { clock })
  await fill(first, 1)
  minutes(2)
  await fill(first, 1)
  minutes(30)
  await fill(first, 1)
  await first.close()
  minutes(30)
  const second = await signedLog(t, directory, { clock })
  await fill(second, 1)
  await second.close()
  const codes = async (later: number) =>
    (await verified(directory, { now: now + later * 60_000 })).notes.map(note => note.code)
  assert.deepEqual(await codes(1), ['SILENCE', 'STOPPED_NOTED'])
  assert.deepEqual(await codes(10), ['SILENCE', 'STOPPED_NOTED', 'SILENT_SINCE'])
})

test('several signed logs in one folder are verified as one, and one that is cut or taken away is missed', async t => {
  const directory = await folderFor(t)
  const second = logSigner('gw1-1', Buffer.alloc(32, 9))
  const one = await signedLog(t, directory, { holds: 'log' })
  const two = await signedLog(t, directory, { holds: 'log', log: 'gw1-1', signer: second })
  await fill(one, 20)
  await fill(two, 20)
  await Promise.all([one.close(), two.close()])
  const again = await signedLog(t, directory, { holds: 'log' })
  await fill(again, 5)
  await again.close()
  assert.deepEqual((await verifyFolder(directory)).flatMap(codesOf), [])
  await rm(join(directory, 'gw1-1.tlog'), { recursive: true })
  await rm(join(directory, 'gw1-1.000001.jsonl'))
  assert.deepEqual((await verifyFolder(directory)).flatMap(codesOf), ['LOG_MISSING'])
})
