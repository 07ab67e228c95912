import assert from 'node:assert/strict'
import { cp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, type TestContext, test } from 'node:test'
import { ProofFolder } from '../../gateway/records/notary/proof-folder.ts'
import { checkpointText } from '../../gateway/records/proof/checkpoint.ts'
import { logSigner } from '../../gateway/records/proof/log-key.ts'
import { parseSigner } from '../../gateway/records/proof/note.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type Attack, always, byWitnessOnly, signAnew, testAttacks } from './attacks.ts'
import { accessDraft } from './drafts.ts'
import { entriesIn, folderFor, logIn } from './folder.ts'
import { batchesOf, rewrite } from './forging.ts'
import { codesOf, copyOf, fill, keyOf, type Sample, sample, signedLog, signer, verified } from './proofs.ts'

let original: Sample
before(async t => {
  original = await sample(t as TestContext)
})

const middle = (batches: readonly string[][]) => Math.floor(batches.length / 2)

const attacks: readonly Attack[] = [
  {
    what: 'a record taken out of the middle, and everything after it numbered and framed anew',
    on: async directory => {
      const batches = batchesOf(directory)
      batches[4]!.splice(1, 1)
      await rewrite(directory, batches)
    },
    ...always('ROOT_WRONG'),
  },
  {
    what: 'a stretch of time cut out of the middle, and all after it signed again with the stolen key (CVE-2023-31438)',
    on: (directory, t) => signAnew(t, directory, batches => batches.toSpliced(middle(batches), 3)),
    ...byWitnessOnly('WITNESS_FORKED'),
  },
  {
    what: 'a record of the past changed, and all after it signed again with the stolen key (CVE-2023-31439)',
    on: (directory, t) =>
      signAnew(t, directory, batches => {
        const changed = batches[middle(batches)]!
        changed[0] = changed[0]!.replace('"rows":20', '"rows":21')
        return batches
      }),
    ...byWitnessOnly('WITNESS_FORKED'),
  },
  {
    what: 'a second checkpoint of the same size and another root, signed with the stolen key',
    on: async directory => {
      const folder = new ProofFolder(directory, 'gw1-0')
      const { kept } = folder.notes('checkpoints')
      const last = kept.at(-1)!
      const text = checkpointText({ ...last.checkpoint!, root: Buffer.alloc(32, 1) })
      const note = Buffer.from(`${text}\n${parseSigner(signer)!.sign(text)}`)
      folder.replaceNotes('checkpoints', [...kept, { ...last, bytes: note }])
    },
    ...always('ROOT_WRONG'),
  },
  {
    what: 'the public key beside the log exchanged',
    on: async directory => {
      const other = logSigner('gw1-0', Buffer.alloc(32, 9))
      await writeFile(join(directory, 'gw1-0.tlog/key'), `${keyOf(other).text}\n`)
    },
    alone: 'SIGNATURE_WRONG',
    withKey: null,
    withWitness: '',
  },
]

testAttacks(attacks.slice(0, -1), () => original)

test('found by the log alone, and of no use against who has the key: the public key beside the log exchanged', async t => {
  const { directory, witness } = await copyOf(t, original)
  await attacks.at(-1)!.on(directory, t)
  assert.ok(codesOf(await verified(directory)).includes('SIGNATURE_WRONG'))
  const report = await verified(directory, { keys: [keyOf(signer)], witnessed: [witness] })
  assert.deepEqual([report.problems, report.proved.witness], [[], report.next])
})

test('found by the log alone: old checkpoints in the place of newer ones, of which its heartbeats speak', async t => {
  const directory = await folderFor(t)
  const signed = await signedLog(t, directory, { heartbeat: 20 })
  await fill(signed, 5)
  const said = async () => (await entriesIn(directory)).map(entry => Number(entry['signed'] ?? 0))
  // until the gateway has said how much was signed
  while (Math.max(...(await said())) < 5) await fill(signed, 1)
  await signed.close()
  assert.deepEqual((await verified(directory)).problems, [])
  const folder = new ProofFolder(directory, 'gw1-0')
  folder.replaceNotes('checkpoints', [])
  assert.ok(codesOf(await verified(directory)).includes('CHECKPOINTS_MISSING'))
})

test('an old checkpoint played in the place of the newer ones proves no more than it is of; a witness proves the rest', async t => {
  const { directory, witness } = await copyOf(t, original)
  const folder = new ProofFolder(directory, 'gw1-0')
  const { kept } = folder.notes('checkpoints')
  folder.replaceNotes('checkpoints', kept.slice(0, 1))
  const report = await verified(directory, { keys: [keyOf(signer)] })
  assert.deepEqual([report.proved.key, report.proved.key < report.next], [kept[0]!.checkpoint!.size, true])
  const seen = await verified(directory, { keys: [keyOf(signer)], witnessed: [witness] })
  assert.equal(seen.proved.witness, seen.next)
})

test('found by its key or a witness: a log taken away with everything beside it, while others stay', async t => {
  const { directory, witness } = await copyOf(t, original)
  const other = await folderFor(t)
  const log = await logIn(t, other, { log: 'cli-0', holds: 'log' })
  await log.append([accessDraft()])
  await log.close()
  await cp(other, directory, { recursive: true })
  const brought = (keys: string[], witnessed: string[]) => ({
    brought: { keys: keys.map(keyOf), witnessed, approvers: [] },
    now: 0,
  })
  const shown = async (options: ReturnType<typeof brought>) =>
    (await verifyFolder(directory, options)).flatMap(({ problems }) =>
      problems.map(({ code, at, shownBy }) => [code, at, shownBy].join(' ')),
    )
  assert.deepEqual(await shown(brought([signer], [witness])), [])
  await removeFolder(directory)
  await cp(other, directory, { recursive: true })
  assert.deepEqual(await shown(brought([], [])), [])
  assert.deepEqual(await shown(brought([signer], [])), ['LOG_MISSING gw1-0 key'])
  assert.deepEqual(await shown(brought([], [witness])), ['LOG_MISSING gw1-0 witness'])
})

test('found by the log alone: all of its files taken away, and what was signed of them left', async t => {
  const { directory } = await copyOf(t, original)
  const files = (await readdir(directory)).filter(name => name.includes('.jsonl'))
  await Promise.all(files.map(name => rm(join(directory, name))))
  const reports = await verifyFolder(directory)
  const shown = reports.flatMap(({ problems }) =>
    problems.map(({ code, at, shownBy }) => [code, at, shownBy].join(' ')),
  )
  assert.deepEqual(shown, ['LOG_MISSING gw1-0 log'])
})

test('a witness that keeps checkpoints of other gateways as well misses none of theirs', async t => {
  const { directory, witness } = await copyOf(t, original)
  const other = logSigner('gw2-0', Buffer.alloc(32, 9))
  const witnesses = [{ name: 'usb', folder: witness }]
  const signed = await signedLog(t, await folderFor(t), { log: 'gw2-0', signer: other, witnesses })
  await fill(signed, 20)
  await signed.close()
  assert.ok((await readdir(witness)).length > 1)
  const reports = await verifyFolder(directory, {
    brought: { keys: [], witnessed: [witness], approvers: [] },
    now: 0,
  })
  assert.deepEqual(
    reports.map(({ log, problems }) => [log, problems]),
    [['gw1-0', []]],
  )
})
