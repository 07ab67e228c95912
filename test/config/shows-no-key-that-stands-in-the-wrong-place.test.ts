import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeApiKey } from '../../plugins/identities/api-key.ts'
import { runCommand } from '../support/run-command.ts'

test('an API key that was written where its hash belongs is told of without being shown', async t => {
  const cwd = mkdtempSync(join(tmpdir(), 'veilgate-key-'))
  t.after(() => rmSync(cwd, { recursive: true, force: true }))
  const key = makeApiKey()
  const system = 'systems: { s: { upstream: "http://127.0.0.1:9", policy: shipped } }'
  writeFileSync(
    join(cwd, 'gateway.yaml'),
    `${system}\nconsumers: { oa: { audience: staff, api_key: "${key}", x: 1 } }\n`,
  )
  const { status, stderr } = await runCommand(['check', '--config', 'gateway.yaml'], { cwd })
  assert.equal(status, 1)
  assert.match(stderr, /gateway\.yaml:2:46 CONFIG_VALUE 'vg_\*+' is not allowed here; write "sha256:"/)
  assert.ok(!stderr.includes(key.slice(3, 20)), stderr)
  // the caret stands where it would
  const [, line, caret] = /^ +2 \| (.*)\n +\| ( *\^+)$/m.exec(stderr)!
  assert.equal(line!.slice(caret!.indexOf('^'), caret!.length), `"vg_${'*'.repeat(key.length - 3)}"`)
})
