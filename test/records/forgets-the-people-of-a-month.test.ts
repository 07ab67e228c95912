import assert from 'node:assert/strict'
import { hkdfSync } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { KeyFault, openKeys } from '../../gateway/access/keys.ts'
import { main } from '../../gateway/cli/main.ts'
import { blindIndex } from '../../gateway/records/blind-index/blind-index.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { awayFromBorder } from '../support/away-from-border.ts'
import { accessDraft } from './drafts.ts'
import { entriesIn, folderFor, logIn } from './folder.ts'

const at = (time: string) => ({ clock: () => Date.parse(time), timezone: 'Asia/Shanghai' })
const person = ['cn_mobile', '13800138000'] as const

async function destroy(base: string, name: string, ...more: string[]): Promise<{ status: number; said: string }> {
  let said = ''
  const note = (text: string | Uint8Array) => {
    said += text
  }
  const io = { stdin: (async function* () {})(), stdout: note, stderr: note, lang: 'en' as const, cwd: base, env: {} }
  const status = await main(['keys', 'destroy', name, '--keys', 'keys', '--records', 'records', ...more], io)
  return { status, said }
}

test('each month has a random key of its own, the same after a restart', async t => {
  const directory = join(await folderFor(t), 'keys')
  const indexes = async (month: string) =>
    blindIndex((await openKeys(directory)).ring, at(`${month}-15T00:00:00Z`)).of(...person)
  const [one, two] = [await indexes('2026-12'), await indexes('2027-01')]
  assert.notEqual(one, two)
  assert.deepEqual([await indexes('2026-12'), await indexes('2027-01')], [one, two])
  const secret = (await readFile(join(directory, 'blind-index-2027-01.secret'), 'utf8')).trim()
  assert.equal(Buffer.from(secret, 'base64url').length, 32)
  const master = Buffer.from((await readFile(join(directory, 'master.secret'), 'utf8')).trim(), 'base64url')
  const derived = hkdfSync('sha256', master, 'veilgate key ring v1', 'blind index 2027-01', 32)
  assert.notEqual(Buffer.from(derived).toString('base64url'), secret)
})

test('an older installation goes on with the month it is in, and its past months stay readable', async t => {
  const directory = join(await folderFor(t), 'keys')
  await mkdir(directory, { mode: 0o700 })
  const master = Buffer.alloc(32, 5)
  await writeFile(join(directory, 'master.secret'), `${master.toString('base64url')}\n`, { mode: 0o600 })
  const derived = (month: string) =>
    new Uint8Array(hkdfSync('sha256', master, 'veilgate key ring v1', `blind index ${month}`, 32))
  const { ring } = await openKeys(directory)
  assert.deepEqual(ring.secret('blind index 2026-11'), derived('2026-11'))
  assert.deepEqual(ring.secret('blind index 2026-10'), derived('2026-10'))
  assert.notDeepEqual(ring.secret('blind index 2026-12'), derived('2026-12'))
})

test('with its key destroyed, a month has no people any more, and the log is as whole as before', async t => {
  const base = await folderFor(t)
  const { ring } = await openKeys(join(base, 'keys'), () => Date.parse('2020-01-15T00:00:00Z'))
  const index = blindIndex(ring, at('2020-02-15T00:00:00Z')).of(...person)
  const log = await logIn(t, join(base, 'records'))
  await log.append([accessDraft({ subjects: { count: 1, index: [`${index}:partial`] } })])
  await log.close()
  assert.equal((await destroy(base, 'blind-index.2020-02')).status, 2)
  assert.equal((await destroy(base, 'blind-index.2020-02', '--yes')).status, 0)
  const again = await openKeys(join(base, 'keys'))
  assert.throws(() => again.ring.secret('blind index 2020-02'), KeyFault)
  assert.equal((await readFile(join(base, 'keys/blind-index-2020-02.secret'), 'utf8')).trim(), 'destroyed')
  assert.deepEqual(
    (await verifyFolder(join(base, 'records'))).flatMap(report => report.problems),
    [],
  )
  const told = (await entriesIn(join(base, 'records'))).find(entry => entry.kind === 'key')
  assert.deepEqual([told?.['action'], told?.['purpose'], told?.['name']], ['destroyed', 'blind_index', '2020-02'])
  assert.match((await destroy(base, 'blind-index.2020-02', '--yes')).said, /destroyed already/)
})

test('the key of a month that is in use, or that has none, is not destroyed', async t => {
  await awayFromBorder('month')
  const base = await folderFor(t)
  const { ring } = await openKeys(join(base, 'keys'))
  const now = new Date().toISOString().slice(0, 7)
  ring.secret(`blind index ${now}`)
  assert.match((await destroy(base, `blind-index.${now}`, '--yes')).said, /still in use/)
  assert.match((await destroy(base, 'blind-index.1999-01', '--yes')).said, /no key of its own/)
})
