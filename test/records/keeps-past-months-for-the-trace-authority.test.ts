import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { KeyFault, openKeys } from '../../gateway/access/keys.ts'
import { sealedMonths } from '../../gateway/access/sealed-months.ts'
import { openMonth, parseAuthoritySecret } from '../../gateway/access/trace-authority.ts'
import { turnMonths } from '../../gateway/cli/keys/months.ts'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import { runCommand } from '../support/run-command.ts'
import { entriesIn, folderFor } from './folder.ts'

type Installation = {
  readonly base: string
  readonly secretText: string
  turn(time: string): Promise<void>
  ring(): Promise<Awaited<ReturnType<typeof openKeys>>['ring']>
}

/** An installation of January 2026, in Shanghai, with a trace authority. */
async function installed(t: TestContext): Promise<Installation> {
  const base = await folderFor(t)
  const made = await runCommand(['keys', 'trace-authority', '--out', 'authority.secret'], { cwd: base })
  assert.equal(made.status, 0, made.stderr)
  const secretText = (await readFile(join(base, 'authority.secret'), 'utf8')).trim()
  const plain = upstreamOnly('http://127.0.0.1:9', { directory: base })!
  const config = { ...plain, traceAuthority: made.stdout.trim() }
  await openKeys(config.keys, () => Date.parse('2026-01-10T00:00:00Z'))
  return {
    base,
    secretText,
    turn: async time => turnMonths(config, await openKeys(config.keys), Date.parse(time)),
    ring: async () => (await openKeys(config.keys)).ring,
  }
}

test('the gateway holds the key of the current month alone; past ones open by the authority’s secret key', async t => {
  const { base, secretText, turn, ring } = await installed(t)
  await turn('2026-01-10T00:00:00Z')
  const january = (await ring()).secret('blind index 2026-01')
  // An hour before and after the month turns, in Shanghai, both are there.
  await turn('2026-01-31T15:30:00Z')
  const february = (await ring()).secret('blind index 2026-02')
  await turn('2026-01-31T16:30:00Z')
  assert.deepEqual((await ring()).secret('blind index 2026-01'), january)
  await turn('2026-01-31T17:30:00Z')
  const now = await ring()
  assert.throws(() => now.secret('blind index 2026-01'), KeyFault)
  assert.deepEqual(now.secret('blind index 2026-02'), february)
  assert.equal((await readFile(join(base, 'keys/blind-index-2026-01.secret'), 'utf8')).trim(), 'forgotten')
  const { key } = parseAuthoritySecret(secretText)!
  const sealed = new Map((await sealedMonths(join(base, 'records'))).map(one => [one.month, one]))
  assert.deepEqual(new Uint8Array(openMonth(key, sealed.get('2026-01')!)!), january)
  assert.deepEqual(new Uint8Array(openMonth(key, sealed.get('2026-02')!)!), february)
  const told = (await entriesIn(join(base, 'records')))
    .filter(entry => entry.kind === 'key')
    .map(entry => `${entry['action']} ${entry['name']}`)
  assert.deepEqual(told, ['sealed 2026-01', 'sealed 2026-02', 'retired 2026-01'])
})

test('destroying a month that is only sealed makes its people unlinkable, also for the authority', async t => {
  const { base, turn } = await installed(t)
  await turn('2026-01-10T00:00:00Z')
  await turn('2026-03-10T00:00:00Z')
  const destroy = ['keys', 'destroy', 'blind-index.2026-01', '--keys', 'keys', '--records', 'records', '--yes']
  assert.equal((await runCommand(destroy, { cwd: base })).status, 0)
  assert.match((await runCommand(destroy, { cwd: base })).stderr, /destroyed already/)
  assert.deepEqual(
    (await sealedMonths(join(base, 'records'))).map(one => one.month),
    ['2026-03'],
  )
  await turn('2026-03-11T00:00:00Z')
  assert.equal((await readFile(join(base, 'keys/blind-index-2026-01.secret'), 'utf8')).trim(), 'forgotten')
})

test('where the seal cannot be written, no key is forgotten', async t => {
  const { base, turn, ring } = await installed(t)
  await mkdir(join(base, 'records'), { mode: 0o700 })
  await writeFile(join(base, 'records/people-keys'), 'in the way')
  const january = (await ring()).secret('blind index 2026-01')
  await assert.rejects(turn('2026-03-10T00:00:00Z'), KeyFault)
  assert.deepEqual((await ring()).secret('blind index 2026-01'), january)
})
