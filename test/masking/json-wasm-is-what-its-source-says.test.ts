import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../..')
const folder = 'plugins/formats/json/wasm'

test('the compiled reader is what `npm run build:wasm` makes of its source', async t => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const [, ...words] = (scripts['build:wasm'] as string).split(' ')
  const out = await mkdtemp(join(tmpdir(), 'veilgate-wasm-'))
  t.after(() => rm(out, { recursive: true, force: true }))
  const made = join(out, 'json.wasm')
  const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js')
  await promisify(execFile)(process.execPath, [compiler, ...words, '--outFile', made], { cwd: root })
  const [fresh, held] = await Promise.all([readFile(made), readFile(join(root, folder, 'json.wasm'))])
  assert.ok(fresh.equals(held), 'run `npm run build:wasm`')
})
