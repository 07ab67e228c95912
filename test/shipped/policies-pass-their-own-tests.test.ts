import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Io } from '../../gateway/cli/command.ts'
import { main } from '../../gateway/cli/main.ts'

const folder = fileURLToPath(new URL('../../policies', import.meta.url))

async function run(...args: string[]): Promise<{ status: number; said: string }> {
  let said = ''
  const say = (text: string | Uint8Array) => void (said += text)
  const stdin = (async function* () {})()
  const io: Io = { stdin, stdout: say, stderr: say, lang: 'en', cwd: folder, env: {} }
  return { status: await main(args, io), said }
}

test('the policies of the package have no fault', async () => {
  const { status, said } = await run('check', folder)
  assert.equal(status, 0, said)
})

test('the policies of the package pass their own tests, of which there are twenty or more', async () => {
  const { status, said } = await run('test', folder)
  assert.equal(status, 0, said)
  assert.ok((said.match(/ PASS /g) ?? []).length >= 20, said)
})
