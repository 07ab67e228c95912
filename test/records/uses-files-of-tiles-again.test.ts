import assert from 'node:assert/strict'
import { cp, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folderFor } from './folder.ts'
import { fill, keyOf, signedLog, signer, verified } from './proofs.ts'

const tilesIn = (directory: string) => join(directory, 'gw1-0.tlog', 'tile')
const leafTiles = async (directory: string) => (await readdir(join(tilesIn(directory), '0'))).sort()
const spares = async (directory: string) => (await readdir(tilesIn(directory))).filter(name => name.startsWith('spare'))

/** A log whose last tile was signed after so many records and their sum, and so on. */
async function signedAfter(t: TestContext, directory: string, ...many: number[]) {
  const signed = await signedLog(t, directory, { heartbeat: 1_000_000 })
  for (const more of many) await fill(signed, more, more)
  return signed
}

async function assertWhole(directory: string): Promise<void> {
  const report = await verified(directory, { keys: [keyOf(signer)] })
  assert.deepEqual(report.problems, [])
  assert.equal(report.proved.key, report.next)
}

test('only the last tile of leaves is there, in a file that another was in; at the end no other is left', async t => {
  const directory = await folderFor(t)
  const signed = await signedAfter(t, directory, 20, 300)
  const inodeOf = async (name: string) => (await stat(join(tilesIn(directory), name))).ino
  const [spare, ...others] = await spares(directory)
  assert.deepEqual(others, [])
  const first = await inodeOf(spare!)
  for (const [more, name] of [
    [300, '002'],
    [200, '003'],
  ] as const) {
    await fill(signed, more, more)
    assert.deepEqual(await leafTiles(directory), [name])
    await assertWhole(directory)
  }
  assert.ok([await inodeOf('0/003'), ...(await Promise.all((await spares(directory)).map(inodeOf)))].includes(first))
  await signed.close()
  assert.deepEqual([await leafTiles(directory), await spares(directory)], [['003'], []])
  await assertWhole(directory)
})

test('every way in which a tile can end leaves the log whole', async t => {
  const directory = await folderFor(t)
  // with the first record of the process: full to the last leaf, beyond it by one, twice the same, over several
  const signed = await signedAfter(t, directory, 254, 1, 1, 254, 300, 10, 1, 600, 100, 156, 230, 26)
  assert.ok((await spares(directory)).length <= 4)
  await assertWhole(directory)
  await signed.close()
  await assertWhole(directory)
})

test('with files that a killed gateway left a log is whole, goes on and stays whole', async t => {
  const directory = await folderFor(t)
  const signed = await signedAfter(t, directory, 20, 300, 300)
  const killed = join(await folderFor(t), 'records')
  await cp(directory, killed, { recursive: true })
  await signed.close()
  assert.notDeepEqual(await spares(killed), [])
  await assertWhole(killed)
  const again = await signedAfter(t, killed, 300, 300)
  await again.close()
  assert.deepEqual(await spares(killed), [])
  await assertWhole(killed)
})
