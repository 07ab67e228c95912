import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { rotated } from '../../gateway/access/key-generations.ts'
import { KeyFault, openKeys } from '../../gateway/access/keys.ts'
import { removeFolder } from '../support/remove-folder.ts'

const root = await mkdtemp(join(tmpdir(), 'veilgate-keys-'))
after(() => removeFolder(root))

const skip = process.platform === 'win32' ? 'file modes are of POSIX systems' : false
const mode = async (path: string) => (await stat(path)).mode & 0o777
const firstFiles = [...[...rotated.keys()].map(name => `${name}.1.key`), 'master.secret'].sort()
const isFault = (error: unknown) => error instanceof KeyFault

/** Without the key of the month, whose name changes. */
const namesIn = async (folder: string) =>
  (await readdir(folder)).filter(name => !name.startsWith('blind-index-')).sort()

test('the folder and the master key are made once, closed to others', { skip }, async () => {
  const folder = join(root, 'new', 'keys')
  const first = await openKeys(folder)
  const again = await openKeys(folder)
  assert.deepEqual([first.made, again.made], [true, false])
  assert.equal(await mode(folder), 0o700)
  assert.equal(await mode(join(folder, 'master.secret')), 0o600)
  assert.deepEqual(await namesIn(folder), firstFiles)
  assert.deepEqual([first.madeKeys.length, again.madeKeys.length], [firstFiles.length - 1, 0])
  assert.deepEqual(first.ring.secret('cookies'), again.ring.secret('cookies'))
})

test('each purpose has its own secret', async () => {
  const { ring } = await openKeys(join(root, 'purposes'))
  assert.equal(ring.secret('cookies').length, 32)
  assert.notDeepEqual(ring.secret('cookies'), ring.secret('mask:hmac'))
})

test('a shared secret is in a file of its own', { skip }, async () => {
  const folder = join(root, 'shared')
  const keys = await openKeys(folder)
  const secret = await keys.shared('proof.student-affairs')
  assert.match(secret, /^[A-Za-z0-9_-]{43}$/)
  assert.equal(await keys.shared('proof.student-affairs'), secret)
  assert.equal((await readFile(join(folder, 'proof.student-affairs.secret'), 'utf8')).trim(), secret)
  assert.equal(await mode(join(folder, 'proof.student-affairs.secret')), 0o600)
  await assert.rejects(keys.shared('../master'), TypeError)
})

test('many that start at once end up with one key', async () => {
  const folder = join(root, 'at-once')
  const opened = await Promise.all(Array.from({ length: 16 }, () => openKeys(folder)))
  for (const purpose of ['x', ...rotated.values()]) {
    const secrets = new Set(opened.map(({ ring }) => Buffer.from(ring.secret(purpose)).toString('hex')))
    assert.equal(secrets.size, 1, purpose)
  }
  assert.equal(opened.filter(({ made }) => made).length, 1)
  assert.deepEqual(await namesIn(folder), firstFiles)
})

test('a key that others can read is refused, and so is a folder that others can write to', { skip }, async () => {
  const folder = join(root, 'open')
  await openKeys(folder)
  for (const wrong of [0o640, 0o604]) {
    await chmod(join(folder, 'master.secret'), wrong)
    await assert.rejects(openKeys(folder), isFault)
  }
  await chmod(join(folder, 'master.secret'), 0o400)
  await openKeys(folder)
  await chmod(folder, 0o777)
  await assert.rejects(openKeys(folder), isFault)
})

test('a damaged key is refused, never replaced, and not quoted', async () => {
  const folder = join(root, 'damaged')
  await mkdir(folder, { mode: 0o700 })
  for (const text of ['', 'c2VjcmV0', 'secret '.repeat(400), `${'A'.repeat(43)}!`]) {
    await writeFile(join(folder, 'master.secret'), text, { mode: 0o600 })
    await assert.rejects(openKeys(folder), error => isFault(error) && !/c2VjcmV0|secret secret/.test(String(error)))
    assert.equal(await readFile(join(folder, 'master.secret'), 'utf8'), text)
  }
})

test('a folder that cannot be made is a fault that names it', async () => {
  await writeFile(join(root, 'file'), '')
  await assert.rejects(openKeys(join(root, 'file', 'keys')), isFault)
})
