import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { accessDraft } from './drafts.ts'
import { folderFor, logIn } from './folder.ts'

/** A log in three files. */
async function sample(t: TestContext): Promise<{ directory: string; files: string[] }> {
  const directory = await folderFor(t)
  const log = await logIn(t, directory, { fileBytes: 2500 })
  for (let nth = 0; nth < 5; nth++) await log.append([accessDraft({ rows: nth }), accessDraft()])
  await log.close()
  const files = (await readdir(directory)).filter(name => name.endsWith('.jsonl')).sort()
  return { directory, files: files.map(name => join(directory, name)) }
}

const codesIn = async (directory: string) => (await verifyFolder(directory))[0]!.problems.map(problem => problem.code)

test('an untouched log is whole, and its report says what to compare elsewhere', async t => {
  const { directory } = await sample(t)
  const [report] = await verifyFolder(directory)
  assert.deepEqual([report!.problems, report!.notes, report!.entries, report!.next], [[], [], 11, 11])
  assert.match(report!.head, /^[\w-]{43}$/)
})

test('every single flipped bit is found', async t => {
  const { directory, files } = await sample(t)
  for (const path of [files[0]!, files.at(-1)!]) {
    const bytes = await readFile(path)
    for (let at = 0; at < bytes.length; at += 3) {
      const flipped = Buffer.from(bytes)
      flipped[at]! ^= 1 << (at % 8)
      await writeFile(path, flipped)
      assert.ok((await codesIn(directory)).length > 0, `byte ${at}`)
    }
    await writeFile(path, bytes)
  }
  assert.deepEqual(await codesIn(directory), [])
})

type Attack = { readonly what: string; readonly on: (text: string) => string; readonly code: string }

const frameOf = /^\{"batch":.*\n/m
const attacks: readonly Attack[] = [
  { what: 'a changed number', on: text => text.replace('"rows":2,', '"rows":9,'), code: 'HASH_WRONG' },
  { what: 'a record taken out', on: text => text.replace(/^\{"v".*\n/m, ''), code: 'COUNT_WRONG' },
  { what: 'a record doubled', on: text => text.replace(/^(\{"v".*\n)/m, '$1$1'), code: 'COUNT_WRONG' },
  { what: 'a frame taken out', on: text => text.replace(frameOf, ''), code: 'COUNT_WRONG' },
  { what: 'a space in a frame', on: text => text.replace('{"batch":', '{"batch": '), code: 'FRAME_MALFORMED' },
  { what: 'a record of another log', on: text => text.replaceAll('"log":"gw1-0"', '"log":"gw2-0"'), code: 'LOG_OTHER' },
  { what: 'a version to come', on: text => text.replaceAll('{"v":1,', '{"v":2,'), code: 'VERSION_UNKNOWN' },
  { what: 'a kind to come', on: text => text.replace('"kind":"access"', '"kind":"remark"'), code: 'KIND_UNKNOWN' },
  { what: 'a line that is no record', on: text => `hello\n${text}`, code: 'LINE_MALFORMED' },
  { what: 'a carriage return', on: text => text.replace('\n', '\r\n'), code: 'LINE_MALFORMED' },
  { what: 'a line without an end', on: text => `${'x'.repeat(9_000_000)}\n${text}`, code: 'BATCH_TOO_LARGE' },
  { what: 'an earlier time', on: text => sealed(text.replace(/"time":"20/, '"time":"19')), code: 'TIME_BACKWARDS' },
  { what: 'a batch sealed anew', on: text => sealed(text.replace('"rows":2,', '"rows":9,')), code: 'CHAIN_BROKEN' },
  { what: 'a batch repeated', on: text => text + text, code: 'RECORDS_TWICE' },
]

/** With the hash of its first batch made to fit. */
function sealed(text: string): string {
  const end = text.indexOf('\n', text.indexOf('{"batch":'))
  const covered = text.slice(0, end - ',"sha256":""}'.length - 43)
  return `${covered},"sha256":"${hash('sha256', covered, 'base64url')}"}${text.slice(end)}`
}

for (const { what, on, code } of attacks) {
  test(`found in the middle of a log: ${what}`, async t => {
    const { directory, files } = await sample(t)
    const path = files[1]!
    const before = await readFile(path, 'utf8')
    await writeFile(path, on(before))
    assert.notEqual(await readFile(path, 'utf8'), before)
    const codes = await codesIn(directory)
    assert.ok((codes as string[]).includes(code), codes.join(' '))
  })
}

test('a file taken out is missing by its numbers, wherever it was but at the end', async t => {
  for (const nth of [0, 1]) {
    const { directory, files } = await sample(t)
    await rm(files[nth]!)
    const [report] = await verifyFolder(directory)
    const missing = report!.problems.find(problem => problem.code === 'RECORDS_MISSING')
    assert.ok(missing?.records !== null && missing!.records![1] >= missing!.records![0])
  }
})

test('two files exchanged are found', async t => {
  const { directory, files } = await sample(t)
  const [one, two] = await Promise.all([readFile(files[1]!), readFile(files[2]!)])
  await Promise.all([writeFile(files[1]!, two), writeFile(files[2]!, one)])
  const codes = await codesIn(directory)
  assert.ok(codes.includes('RECORDS_MISSING') && codes.includes('RECORDS_TWICE'))
})
