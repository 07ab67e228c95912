import assert from 'node:assert/strict'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, type TestContext, test } from 'node:test'
import { filesNow } from '../../gateway/records/files/files.ts'
import { parseNote, parseVerifier, signerOf } from '../../gateway/records/proof/note.ts'
import { entriesIn, folderFor } from './folder.ts'
import { codesOf, keyOf, sample, signer, verified } from './proofs.ts'
import { approve, ask, oldLog, remove } from './pruning.ts'

/** A log from which records were removed by leave; the request with its approvals is beside it. */
let pruned: { readonly base: string; readonly directory: string }
before(async t => {
  pruned = await oldLog(t as TestContext)
  await ask(pruned.base)
  for (const name of ['zhang', 'li']) await approve(pruned.base, name)
  assert.equal((await remove(pruned.base)).status, 0)
})

async function copied(t: TestContext): Promise<{ base: string; directory: string; note: string }> {
  const base = await folderFor(t)
  await cp(pruned.base, base, { recursive: true })
  const directory = join(base, 'records')
  return { base, directory, note: join(directory, 'gw1-0.tlog/pruned') }
}

const codes = async (directory: string) => codesOf(await verified(directory, { keys: [keyOf(signer)] }))

test('found by the log alone: an approval used again for more files than it was given for, or an older one put back', async t => {
  const { directory } = await copied(t)
  await rm(filesNow(directory, 'gw1-0')[0]!.path, { force: true })
  assert.ok((await codes(directory)).includes('RECORDS_MISSING'))
})

test('found by the log alone: an approval made to say more than was signed', async t => {
  const { directory, note } = await copied(t)
  const [first, second] = filesNow(directory, 'gw1-0')
  await rm(first!.path, { force: true })
  const next = (await entriesIn(directory)).find(entry => entry.log === 'gw1-0')!.seq
  const text = await readFile(note, 'utf8')
  const widened = text
    .replace(/^before \d+$/m, `before ${next}`)
    .replace(/^files (\d+)-\d+$/m, (_, from) => `files ${from}-${second!.number - 1}`)
  assert.notEqual(widened, text)
  await writeFile(note, widened)
  assert.ok((await codes(directory)).includes('PRUNE_UNPROVED'))
})

test('found by the log alone: the approval of another log, in the place of one that was never given', async t => {
  const { directory, note } = await copied(t)
  const other = await sample(t, 300)
  const text = await readFile(note, 'utf8')
  await writeFile(note, text.replace(/^log gw1-0$/m, 'log gw1-1'))
  assert.ok((await codes(directory)).includes('PRUNE_UNPROVED'))
  // of a log with the same name, on another machine
  const [first] = filesNow(other.directory, 'gw1-0')
  await rm(first!.path, { force: true })
  await writeFile(join(other.directory, 'gw1-0.tlog/pruned'), text)
  await cp(join(directory, 'gw1-0.tlog/approver-keys'), join(other.directory, 'gw1-0.tlog/approver-keys'))
  const found = codesOf(await verified(other.directory))
  assert.ok(found.includes('PRUNE_UNRECORDED') && found.length > 1, found.join(' '))
})

test('found by the log alone: one person who signed with one key under two names', async t => {
  const { directory, note } = await copied(t)
  const text = parseNote(await readFile(note))!.text
  const twice = ['zhang', 'li'].map(name => signerOf(name, Buffer.alloc(32, 9)))
  await writeFile(note, `${text}\n${twice.map(one => one.sign(text)).join('')}`)
  const keys = twice.map(one => one.verifier)
  await writeFile(join(directory, 'gw1-0.tlog/approver-keys'), keys.map(one => `${one.text}\n`).join(''))
  assert.ok((await codes(directory)).includes('PRUNE_UNPROVED'))
  const found = await verified(directory, { keys: [keyOf(signer)], approvers: keys })
  assert.ok(codesOf(found).includes('PRUNE_UNPROVED'))
})

test('whoever brings the keys of the approvers, once or twice, finds their leave', async t => {
  const { directory } = await copied(t)
  const lines = (await readFile(join(directory, 'gw1-0.tlog/approver-keys'), 'utf8')).trimEnd().split('\n')
  const approvers = [...lines, ...lines].map(line => parseVerifier(line)!)
  assert.deepEqual(codesOf(await verified(directory, { keys: [keyOf(signer)], approvers })), [])
})

test('an approval that was used removes nothing a second time', async t => {
  const { base, directory } = await copied(t)
  const ours = async () => (await readdir(directory)).filter(name => name.startsWith('gw1-0')).sort()
  const files = await ours()
  await remove(base)
  assert.deepEqual(await ours(), files)
  assert.equal((await entriesIn(directory)).filter(entry => entry.kind === 'prune').length, 1)
  assert.deepEqual(await codes(directory), [])
})

test('found by the log alone: the record of a removal taken away', async t => {
  const { directory } = await copied(t)
  for (const { path } of filesNow(directory, 'cli-0')) await rm(path, { force: true })
  assert.ok((await codes(directory)).includes('PRUNE_UNRECORDED'))
})
