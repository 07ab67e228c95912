import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { BundleFault, bundleCiphers, exportKeys, importKeys } from '../../gateway/access/key-bundle.ts'
import { openKeys } from '../../gateway/access/keys.ts'
import { removeFolder } from '../support/remove-folder.ts'

const root = await mkdtemp(join(tmpdir(), 'veilgate-bundle-'))
after(() => removeFolder(root))

const passphrase = 'nine horses and a boat'
/** Doublings of the cost: the least there may be. */
const quick = 14
const from = join(root, 'from')
const keys = await openKeys(from)
await keys.shared('admin')
await writeFile(join(from, 'notes.txt'), 'not a key')
const files = (await readdir(from)).filter(name => name !== 'notes.txt').sort()
const { bundle } = await exportKeys(from, passphrase, 'aes-256-gcm', { work: quick })

for (const cipher of Object.keys(bundleCiphers) as (keyof typeof bundleCiphers)[]) {
  test(`every key comes out of a bundle as it went in, by ${cipher}`, async () => {
    const exported = await exportKeys(from, passphrase, cipher, { work: quick })
    assert.equal(exported.count, files.length)
    const to = join(root, cipher)
    const result = await importKeys(to, passphrase, exported.bundle)
    assert.deepEqual('written' in result && [...result.written].sort(), files)
    const opened = await openKeys(to)
    for (const purpose of ['mask:token', 'cookie seal', 'blind index 2026-11']) {
      assert.deepEqual(opened.ring.secret(purpose), keys.ring.secret(purpose))
    }
  })
}

test('a bundle holds no key that can be read, and no two are alike', async () => {
  const other = await exportKeys(from, passphrase, 'aes-256-gcm', { work: quick })
  assert.notEqual(bundle.split('\n')[1], other.bundle.split('\n')[1])
  const plain = Buffer.from(bundle.split('\n')[1]!, 'base64').toString('latin1')
  for (const file of files) {
    const secret = /[\w-]{43}/.exec(await readFile(join(from, file), 'utf8'))![0]
    assert.ok(!bundle.includes(secret) && !plain.includes(secret))
  }
})

test('another passphrase, or a bundle with anything changed, does not open', async () => {
  const [open, sealed] = bundle.split('\n') as [string, string]
  const changed = [
    `${open}\n${sealed.replace(/^./, first => (first === 'A' ? 'B' : 'A'))}`,
    `${open.replace('"work":14', '"work":40')}\n${sealed}`,
    `${open.replace('aes-256-gcm', 'sm4-gcm')}\n${sealed}`,
    `${open}\n${sealed.slice(0, 40)}`,
    open,
    '',
    '{}\n',
  ]
  const to = join(root, 'closed')
  await assert.rejects(importKeys(to, 'another passphrase', bundle), BundleFault)
  for (const text of changed) await assert.rejects(importKeys(to, passphrase, text), BundleFault)
  await assert.rejects(readdir(to))
})

test('nothing is written where a file says something else already', async () => {
  const to = join(root, 'other')
  await openKeys(to)
  const before = await readFile(join(to, 'master.secret'), 'utf8')
  const result = await importKeys(to, passphrase, bundle)
  assert.ok('differing' in result && result.differing.includes('master.secret'))
  assert.equal(await readFile(join(to, 'master.secret'), 'utf8'), before)
  assert.ok(!(await readdir(to)).includes('admin.secret'))
})

test('importing the same again changes nothing, and only keys are exported', async () => {
  assert.deepEqual(await importKeys(from, passphrase, bundle), { written: [], beside: [] })
})
