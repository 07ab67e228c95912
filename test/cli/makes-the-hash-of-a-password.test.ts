import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommand } from '../support/run-command.ts'

const password = 'seven green lanterns on a quay'

test('the hash of a password is another each time, and the password stays where it was', async () => {
  const lines = new Set<string>()
  for (const lang of ['zh', 'en'] as const) {
    const { status, stdout, stderr } = await runCommand(['keys', 'password', 'old'], { stdin: `${password}\n`, lang })
    assert.equal(status, 0)
    assert.match(stdout, /^basic: \{ user: "old", password: "\$scrypt\$ln=15,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}" \}\n$/)
    assert.ok(!(stdout + stderr).includes('lanterns'))
    lines.add(stdout)
  }
  assert.equal(lines.size, 2)
})

test('a short password, one that everybody tries, a user with a colon, and no user, are refused', async () => {
  for (const [args, stdin] of [
    [['old'], 'short\n'],
    [['old'], '123456789012\n'],
    [['old'], 'Passw0rd2026!!\n'],
    [['library'], 'library-4-everyone\n'],
    [['o:d'], `${password}\n`],
    [[], `${password}\n`],
    [['a', 'b'], `${password}\n`],
  ] as const)
    assert.equal((await runCommand(['keys', 'password', ...args], { stdin })).status, 2)
})
