import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { keepZone, zoneIn } from '../../gateway/records/zone.ts'
import { runCommand } from '../support/run-command.ts'
import { folderFor } from './folder.ts'
import { fill, signedLog } from './proofs.ts'

test('a record is shown with the checkpoint that proves it; one that was changed is called out', async t => {
  const directory = await folderFor(t)
  const signed = await signedLog(t, directory)
  await fill(signed, 100)
  await signed.close()
  const show = (...more: string[]) =>
    runCommand(['records', 'show', 'gw1-0:70', '--records', '.', ...more], { cwd: directory })
  const well = await show()
  assert.equal(well.status, 0, well.stderr)
  assert.match(
    well.stdout,
    /Proof: it is among the 10\d records under a signed checkpoint, signed by veilgate\/[0-9a-f]{16}\/gw1-0\./,
  )
  assert.match((await show('--lang', 'zh')).stdout, /证明：此记录在前 10\d 条记录的已签名检查点之内/)
  const own = await runCommand(['records', 'show', 'cli-0:0', '--records', '.'], { cwd: directory })
  assert.match(own.stdout, /no signed checkpoint covers this record yet/)
  const path = join(directory, 'gw1-0.000001.jsonl')
  const lines = (await readFile(path, 'utf8')).split('\n')
  const at = lines.findIndex(line => line.includes('"seq":70,'))
  lines[at] = lines[at]!.replace('u1203', 'u9999')
  await writeFile(path, lines.join('\n'))
  const changed = await show()
  assert.equal(changed.status, 1)
  assert.match(changed.stdout, /u9999 of oa.*this record is NOT what was signed/s)
})

test('times are shown in the zone of the gateway that wrote them', async t => {
  const directory = await folderFor(t)
  const signed = await signedLog(t, directory, { clock: () => Date.parse('2026-11-21T20:00:00Z') })
  await fill(signed, 1)
  await signed.close()
  keepZone(directory, 'Asia/Shanghai')
  keepZone(directory, 'Asia/Shanghai')
  const shown = await runCommand(['records', 'show', 'gw1-0:1', '--records', '.'], { cwd: directory })
  assert.match(shown.stdout, /2026-11-22 04:00:00 \(Asia\/Shanghai\)/)
  const asked = await runCommand(['records', 'query', '--records', '.', '--from', '2026-11-22', '--kind', 'access'], {
    cwd: directory,
  })
  assert.match(asked.stdout, /2026-11-22 04:00:00/)
  await writeFile(join(directory, 'timezone'), 'Mars/Olympus')
  assert.equal(zoneIn(directory), null)
})
