import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openKeys } from '../../gateway/access/keys.ts'
import { keepZone } from '../../gateway/records/zone.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'

const root = await mkdtemp(join(tmpdir(), 'veilgate-cli-keys-'))
after(() => removeFolder(root))
const places = ['--keys', 'keys', '--records', 'records']

async function started(name: string) {
  const cwd = join(root, name)
  await openKeys(join(cwd, 'keys'))
  const keys = (...args: string[]) => runCommand(['keys', ...args, ...places], { cwd })
  const records = async () => {
    const files = await readdir(join(cwd, 'records')).catch(() => [])
    const texts = await Promise.all(files.map(file => readFile(join(cwd, 'records', file), 'latin1')))
    return [...texts.join('').matchAll(/"kind":"key","action":"(\w+)","purpose":"([\w-]+)","name":"([\w.-]+)"/g)].map(
      ([, action, , name]) => `${action} ${name}`,
    )
  }
  return { cwd, keys, records }
}

async function states(keys: (...args: string[]) => ReturnType<typeof runCommand>) {
  const { stdout } = await keys('list', '--json')
  const lines = stdout.trim().split('\n')
  return Object.fromEntries(lines.map(line => JSON.parse(line)).map(({ key, state }) => [key, state]))
}

test('a key is rotated, retired and destroyed, each on record, and none is ever printed', async () => {
  const { cwd, keys, records } = await started('life')
  const printed: string[] = []
  const run = async (...args: string[]) => {
    const { status, stdout, stderr } = await keys(...args)
    printed.push(stdout, stderr)
    return status
  }
  const secretOf = async (file: string) =>
    /"secret":"([\w-]{43})"/.exec(await readFile(join(cwd, 'keys', file), 'utf8'))?.[1]
  const first = await secretOf('mask-token.1.key')
  assert.equal(await run('rotate', 'mask-token', '--overlap', '7'), 0)
  assert.deepEqual(await states(keys).then(all => [all['mask-token.1'], all['mask-token.2']]), ['readable', 'current'])
  assert.equal(await run('destroy', 'mask-token.1', '--yes'), 2, 'it is still read')
  assert.equal(await run('retire', 'mask-token.2'), 2, 'it is current')
  assert.equal(await run('retire', 'mask-token.1'), 0)
  assert.equal(await run('destroy', 'mask-token.1'), 2, 'nobody said yes')
  assert.equal(await run('destroy', 'mask-token.1', '--yes'), 0)
  assert.deepEqual(await states(keys).then(all => all['mask-token.1']), 'destroyed')
  assert.equal(await secretOf('mask-token.1.key'), undefined)
  assert.deepEqual(await records(), ['rotated mask-token.2', 'retired mask-token.1', 'destroyed mask-token.1'])
  await run('list')
  const second = await secretOf('mask-token.2.key')
  for (const secret of [first, second]) assert.ok(secret !== undefined && !printed.join('').includes(secret))
})

test('times of keys are told in the timezone of the gateway, as those of its records are', async () => {
  const { cwd, keys } = await started('zone')
  await mkdir(join(cwd, 'records'))
  const made = async (timezone: string) => {
    keepZone(join(cwd, 'records'), timezone)
    const { stdout } = await keys('list')
    return Date.parse(`${/^mask-token\.1 .*made (.{16})/m.exec(stdout)![1]}Z`) / 3_600_000
  }
  assert.equal((await made('Pacific/Kiritimati')) - (await made('UTC')), 14)
})

test('keys travel to another folder encrypted, and both ends are on record', async () => {
  const { cwd, keys, records } = await started('travel')
  await writeFile(join(cwd, 'phrase'), 'nine horses and a boat\n')
  const phrase = ['--passphrase-file', 'phrase']
  assert.equal((await keys('export', '--out', 'keys.sealed', '--cipher', 'sm4-gcm', ...phrase)).status, 0)
  assert.equal((await keys('export', '--out', 'keys.sealed', ...phrase)).status, 2, 'it is there already')
  const there = ['--keys', 'there', '--records', 'records']
  const wrong = await runCommand(['keys', 'import', 'keys.sealed', ...there], { cwd, stdin: 'quite another phrase\n' })
  assert.equal(wrong.status, 1)
  const right = await runCommand(['keys', 'import', 'keys.sealed', ...there], {
    cwd,
    stdin: 'nine horses and a boat\n',
  })
  assert.equal(right.status, 0, right.stderr)
  const [here, copy] = await Promise.all(['keys', 'there'].map(name => openKeys(join(cwd, name))))
  assert.deepEqual(copy!.ring.secret('mask:token'), here!.ring.secret('mask:token'))
  assert.deepEqual(await records(), ['exported all', 'exported all', 'imported all', 'imported all'])
})

test('what cannot be recorded is not done', async () => {
  const { cwd, keys } = await started('unrecorded')
  await writeFile(join(cwd, 'records'), '')
  const { status, stderr } = await keys('rotate', 'mask-token')
  assert.equal(status, 2)
  assert.match(stderr, /no key was changed/)
  assert.deepEqual(
    Object.keys(await states(keys)).filter(name => name.endsWith('.2')),
    [],
  )
})

test('a passphrase that is soon guessed is refused', async () => {
  const { cwd } = await started('short')
  const { status, stderr } = await runCommand(['keys', 'export', '--out', 'x', ...places], { cwd, stdin: 'short\n' })
  assert.equal(status, 2)
  assert.match(stderr, /at least 12 characters/)
})

test('a command line that is wrong says what to write', async () => {
  const { keys } = await started('wrong')
  for (const args of [
    ['rotate'],
    ['rotate', 'master'],
    ['rotate', 'mask-token', '--overlap', '-1'],
    ['retire', 'x'],
    ['export'],
  ]) {
    const { status, stderr } = await keys(...args)
    assert.equal(status, 2)
    assert.match(stderr, /veilgate keys/)
  }
  const { status, stderr } = await runCommand(['keys', 'list'], { cwd: root })
  assert.equal(status, 2)
  assert.match(stderr, /--config/)
})

test('the public key of each log is shown, and nothing of its secret', async () => {
  const { cwd, keys } = await started('logs')
  assert.equal((await keys('log-key')).status, 2)
  const folder = await openKeys(join(cwd, 'keys'))
  const secrets = [await folder.shared('log-gw1-1'), await folder.shared('log-gw1-0')]
  const { status, stdout } = await keys('log-key')
  assert.equal(status, 0)
  assert.match(stdout, /^veilgate\/[0-9a-f]{16}\/gw1-0\+[0-9a-f]{8}\+\S{44}\nveilgate\/[0-9a-f]{16}\/gw1-1\+\S+\n$/)
  for (const secret of secrets) assert.ok(!stdout.includes(secret))
})

test('no rotation lets the key before be read for longer than gateway.yaml grants', async () => {
  const cwd = join(root, 'granted')
  await openKeys(join(cwd, 'keys'))
  const consumers = 'anonymous: { audience: public }'
  const yaml = `key_overlap_days: 7\nsystems: { a: { upstream: "http://127.0.0.1:9", policy: shipped } }\n${consumers}\n`
  await writeFile(join(cwd, 'gateway.yaml'), yaml)
  const keys = (...args: string[]) => runCommand(['keys', ...args], { cwd })
  const refused = await keys('rotate', 'mask-token', '--overlap', '8')
  assert.equal(refused.status, 2)
  assert.match(refused.stderr, /key_overlap_days/)
  assert.equal((await states(keys))['mask-token.2'], undefined)
  const made = await keys('rotate', 'mask-token')
  assert.equal(made.status, 0, made.stderr)
  assert.match(made.stdout, /\b7\b/)
  assert.equal((await states(keys))['mask-token.1'], 'readable')
  await writeFile(join(cwd, 'gateway.yaml'), yaml.replace('key_overlap_days: 7', 'key_overlap_days: 0'))
  assert.equal((await states(keys))['mask-token.1'], 'retired')
})
