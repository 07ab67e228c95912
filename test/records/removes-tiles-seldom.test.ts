import assert from 'node:assert/strict'
import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folderFor } from './folder.ts'
import { fill, keyOf, signedLog, signer, verified } from './proofs.ts'

const leafTiles = async (directory: string) => (await readdir(join(directory, 'gw1-0.tlog', 'tile', '0'))).sort()

/** A log with 600 records and the first of its process, as it is while it is written. */
async function growing(t: TestContext) {
  const directory = await folderFor(t)
  const signed = await signedLog(t, directory, { heartbeat: 1_000_000 })
  await fill(signed, 600, 200)
  return { directory, signed }
}

test('Tiles of leaves that are no longer the last are removed together, at the end at the latest', async t => {
  const { directory, signed } = await growing(t)
  assert.deepEqual(await leafTiles(directory), ['000', '001', '002'])
  await signed.close()
  assert.deepEqual(await leafTiles(directory), ['002'])
})

test('With tiles that a killed gateway did not remove a log is whole, goes on and stays whole', async t => {
  const { directory, signed } = await growing(t)
  const killed = join(await folderFor(t), 'records')
  await cp(directory, killed, { recursive: true })
  await signed.close()
  const check = async () => {
    const report = await verified(killed, { keys: [keyOf(signer)] })
    assert.deepEqual(report.problems, [])
    assert.equal(report.proved.key, report.next)
  }
  await check()
  const again = await signedLog(t, killed, { heartbeat: 1_000_000 })
  await fill(again, 300, 300)
  await again.close()
  await check()
})
