import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRecords } from '../../gateway/records/files/read.ts'
import { writeConfig } from '../support/accounts.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'

test('an account that could not be written is not left on record as added', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  await writeConfig(folder, 'admin: { accounts: ./not-there/accounts.yaml }\n')
  const args = ['accounts', 'add', 'sun', '--duty', 'audit']
  const { status, stdout, stderr } = await runCommand(args, { cwd: folder, stdin: 'wide river, old stone 47\n' })
  assert.equal(status, 2)
  assert.match(stderr, /Cannot make or write .*not-there/)
  assert.equal(stdout, '', 'no secret is given for an account that is not there')
  const actions: unknown[] = []
  for await (const entry of readRecords(join(folder, 'records')))
    if (entry.kind === 'account') actions.push([entry['action'], entry['account'], entry['duty']])
  assert.deepEqual(actions, [
    ['added', 'sun', 'audit'],
    ['not_done', 'sun', 'audit'],
  ])
  const query = ['records', 'query', '--records', 'records', '--kind', 'account']
  const { stdout: told } = await runCommand([...query, '--lang', 'zh'], { cwd: folder })
  assert.match(told, /未能完成/)
})
