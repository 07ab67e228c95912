import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { removeFolder } from '../support/remove-folder.ts'

const root = join(import.meta.dirname, '../..')
const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js')
const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

for (const command of (scripts['build:wasm'] as string).split(' && ')) {
  const [, ...words] = command.split(' ')
  const held = join(root, words[words.indexOf('--baseDir') + 1]!, words[words.indexOf('--outFile') + 1]!)
  test(`${held.slice(root.length + 1)} is what \`npm run build:wasm\` makes of its source`, async t => {
    const out = await mkdtemp(join(tmpdir(), 'veilgate-wasm-'))
    t.after(() => removeFolder(out))
    const made = join(out, 'made.wasm')
    await promisify(execFile)(process.execPath, [compiler, ...words, '--outFile', made], { cwd: root })
    const [fresh, kept] = await Promise.all([readFile(made), readFile(held)])
    assert.ok(fresh.equals(kept), 'run `npm run build:wasm`')
  })
}
