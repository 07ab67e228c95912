import assert from 'node:assert/strict'
import { appendFile, chmod, copyFile, mkdir, rename, rm, symlink, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { accessDraft } from './drafts.ts'
import { entriesIn, folderFor, logIn, until } from './folder.ts'

type Case = {
  readonly what: string
  readonly happen: (path: string) => Promise<unknown>
  readonly cause: string
  /** Whether records that were acknowledged went with the file. */
  readonly lost: boolean
}

const cases: readonly Case[] = [
  { what: 'deleted', happen: path => rm(path), cause: 'file_gone', lost: true },
  { what: 'renamed', happen: path => rename(path, `${path}.old`), cause: 'file_gone', lost: true },
  {
    what: 'replaced by a copy of itself',
    happen: async path => {
      await copyFile(path, `${path}.new`)
      await rename(`${path}.new`, path)
    },
    cause: 'file_replaced',
    lost: true,
  },
  {
    what: 'replaced by a link to itself',
    happen: async path => {
      await rename(path, `${path}.old`)
      await symlink(`${path}.old`, path)
    },
    cause: 'file_replaced',
    lost: true,
  },
  {
    what: 'replaced by a folder',
    happen: async path => {
      await rm(path)
      await mkdir(path)
    },
    cause: 'file_replaced',
    lost: true,
  },
  { what: 'emptied', happen: path => truncate(path, 0), cause: 'file_changed', lost: true },
  { what: 'written to by somebody else', happen: path => appendFile(path, 'x\n'), cause: 'file_changed', lost: false },
  { what: 'made read-only', happen: path => chmod(path, 0o400), cause: 'read_only', lost: false },
]

for (const { what, happen, cause, lost } of cases) {
  test(`a file that is ${what} is noticed while nothing is written, and the log goes on in another`, async t => {
    const directory = await folderFor(t)
    const log = await logIn(t, directory)
    await log.append([accessDraft()])
    await happen(join(directory, 'gw1-0.000001.jsonl'))
    assert.equal((await until(log, health => !health.usable)).cause, cause)
    await until(log, health => health.usable)
    const [receipt] = await log.append([accessDraft()])
    assert.equal(receipt!.seq, 3)
    await log.close()
    const gap = (await entriesIn(directory)).findLast(entry => entry.kind === 'gap')!
    assert.equal(gap['cause'], cause)
    assert.deepEqual(gap['lost'], lost ? [0, 1] : null)
    const [report] = await verifyFolder(directory)
    const missing = report!.problems.filter(problem => problem.code === 'RECORDS_MISSING')
    if (what === 'replaced by a copy of itself') assert.deepEqual(missing, [])
    else
      assert.deepEqual(
        missing.map(problem => problem.records),
        lost ? [[0, 1]] : [],
      )
    if (missing.length > 0) assert.ok(report!.notes.some(note => note.code === 'LOSS_NOTED'))
  })
}

test('what an earlier writer had put into a file that is taken away is noted as lost with it', async t => {
  const directory = await folderFor(t)
  const earlier = await logIn(t, directory)
  await earlier.append([accessDraft(), accessDraft()])
  await earlier.close()
  const log = await logIn(t, directory)
  await rm(join(directory, 'gw1-0.000001.jsonl'))
  await until(log, health => !health.usable)
  await until(log, health => health.usable)
  const [report] = await verifyFolder(directory)
  assert.deepEqual(
    report!.problems.map(problem => [problem.code, problem.records]),
    [['RECORDS_MISSING', [0, 3]]],
  )
  assert.ok(report!.notes.some(note => note.code === 'LOSS_NOTED'))
})

test('an append right after the file was deleted is rejected', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  await rm(join(directory, 'gw1-0.000001.jsonl'))
  await assert.rejects(log.append([accessDraft()]), { code: 'RECORDS_UNUSABLE' })
})

test('a folder that vanished is not made anew; when one is back, the log goes on in it with the next number', async t => {
  const parent = await folderFor(t)
  const directory = join(parent, 'records')
  const log = await logIn(t, directory)
  await log.append([accessDraft()])
  await rename(directory, join(parent, 'taken'))
  await until(log, health => !health.usable)
  await new Promise(resolve => setTimeout(resolve, 700))
  assert.equal(log.usable, false)
  await mkdir(directory, { mode: 0o700 })
  await until(log, health => health.usable)
  assert.equal((await log.append([accessDraft()]))[0]!.seq, 3)
  await assert.rejects(logIn(t, directory), { code: 'locked' })
})
