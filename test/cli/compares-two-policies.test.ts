import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'

const shipped = join(import.meta.dirname, '../../policies')
let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-diff-'))
  await cp(shipped, join(folder, 'new'), { recursive: true })
  const audiences = join(folder, 'new/audiences.yaml')
  const text = await readFile(audiences, 'utf8')
  await writeFile(audiences, text.replace('staff:      { 4: partial', 'staff:      { 4: clear'))
})
after(() => removeFolder(folder))

test('a policy that shows more says what and ends with 1; the other way round nothing is more visible', async () => {
  const wider = await runCommand(['diff', shipped, join(folder, 'new')])
  assert.equal(wider.status, 1)
  assert.match(wider.stdout, /^staff: cn_resident_id@A4: partial -> clear$/m)
  assert.match(wider.stderr, /second person/)
  const tighter = await runCommand(['diff', join(folder, 'new'), shipped])
  assert.deepEqual([tighter.status, tighter.stdout], [0, ''])
})

test('--json is one object a line', async () => {
  const { stdout } = await runCommand(['diff', shipped, join(folder, 'new'), '--json'])
  const found = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  const id = found.find(({ audience, subject }) => audience === 'staff' && subject === 'cn_resident_id@A4')
  assert.deepEqual([id?.['from'], id?.['to'], id?.['with']], ['partial', 'clear', []])
})

test('a folder that cannot be read, or is broken, ends with 2', async () => {
  assert.equal((await runCommand(['diff', shipped, join(folder, 'none')])).status, 2)
  assert.equal((await runCommand(['diff', shipped])).status, 2)
})
