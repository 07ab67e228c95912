import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findingsOnRecord } from '../../gateway/cli/doctor/drills.ts'
import { findingsInFiles } from '../../gateway/cli/doctor/files.ts'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import { openRecordLog } from '../../gateway/records/log/open.ts'
import { makePeople } from '../support/approving-people.ts'
import { runCommand } from '../support/run-command.ts'

const hash = `sha256:${'0'.repeat(64)}`

const careless = `
systems:
  far: { upstream: "http://10.0.0.5:8080" }
  gone: { upstream: "https://10.0.0.6", prefix: /gone, policy: shipped, proof_header: X-Proof, until: 2020-01-01 }
consumers:
  oa: { audience: open, api_key: "${hash}" }
`
const open = `audiences:
  open: { 4: partial, 3: clear, 2: clear, 1: clear }
`

const catalogue =
  'data_types: { mobile: { title: { zh: 手机号, en: Mobile }, cell: A3, names: [tel], detector: cn_mobile } }\n'

function folder(t: TestContext, config: string, mode = 0o700): string {
  const cwd = mkdtempSync(join(tmpdir(), 'veilgate-doctor-'))
  t.after(() => rmSync(cwd, { recursive: true, force: true }))
  mkdirSync(join(cwd, 'policies/systems'), { recursive: true })
  writeFileSync(join(cwd, 'policies/systems/far.yaml'), 'system: far\nroutes: [{ path: /a }]\n')
  writeFileSync(join(cwd, 'policies/audiences.yaml'), open)
  writeFileSync(join(cwd, 'policies/catalogue.yaml'), catalogue)
  writeFileSync(join(cwd, 'gateway.yaml'), config)
  // whatever the umask of who runs the tests
  for (const name of ['policies', 'policies/systems']) chmodSync(join(cwd, name), 0o755)
  for (const name of [
    'gateway.yaml',
    'policies/systems/far.yaml',
    'policies/audiences.yaml',
    'policies/catalogue.yaml',
  ])
    chmodSync(join(cwd, name), 0o644)
  for (const name of ['keys', 'records']) mkdirSync(join(cwd, name))
  writeFileSync(join(cwd, 'keys/master.secret'), 'x')
  for (const name of ['keys', 'records', 'keys/master.secret']) chmodSync(join(cwd, name), mode)
  return cwd
}

type Found = { code: string; where: string; severity: string }

async function found(cwd: string, warned = /^$/): Promise<{ status: number; told: string[] }> {
  const { status, stdout, stderr } = await runCommand(['doctor', '--offline', '--json'], { cwd })
  assert.match(stderr, warned)
  const lines = stdout.split('\n').filter(line => line !== '')
  const told = lines.map(line => JSON.parse(line) as Found)
  // what the machine that runs the tests is like is not looked at
  const here = new Set(['RUNS_AS_ROOT', 'RECORDS_LOW_SPACE'])
  return { status, told: told.filter(({ code }) => !here.has(code)).map(({ code, where }) => `${code} ${where}`) }
}

test('what is open, unencrypted, untested, expired or in one person’s hands is found, each with its place', async t => {
  const { status, told } = await found(folder(t, careless))
  assert.equal(status, 1)
  assert.deepEqual(told, [
    'ONE_PERSON approvers',
    'RECORDS_UNWITNESSED witnesses',
    'UPSTREAM_PLAIN systems.far',
    'CONSUMER_ANYWHERE consumers.oa',
    'UPSTREAM_OPEN systems.far',
    'POLICY_UNTESTED systems.far',
    'SYSTEM_EXPIRED systems.gone',
    'POLICY_SHIPPED systems.gone',
    'CONSUMER_UNLIMITED consumers.oa',
    'CONSUMER_FACELESS consumers.oa',
    'TRACE_BY_ANYBODY trace_authority',
    'CONTACT_MISSING contact',
  ])
})

test('files that others may read or write are found, and nothing is changed', async t => {
  const cwd = folder(t, careless, 0o755)
  chmodSync(join(cwd, 'policies/systems/far.yaml'), 0o666)
  const before = readdirSync(cwd, { recursive: true }).sort()
  const { told } = await found(cwd)
  for (const [code, name] of [
    ['KEYS_READABLE', 'keys'],
    ['RECORDS_OPEN', 'records'],
    ['RULES_WRITABLE', 'policies'],
  ])
    assert.ok(told.includes(`${code} ${join(cwd, name!)}`), told.join('\n'))
  assert.deepEqual(readdirSync(cwd, { recursive: true }).sort(), before)
})

test('a careful installation has nothing wrong, and status 0', async t => {
  const approver = async (name: string) => {
    const out = join(mkdtempSync(join(tmpdir(), 'veilgate-doctor-')), name)
    t.after(() => rmSync(dirname(out), { recursive: true, force: true }))
    return (await runCommand(['keys', 'approver', name, '--out', out])).stdout.trim()
  }
  const cwd = folder(
    t,
    `contact: 0571-1
systems: { far: { upstream: "http://127.0.0.1:9" } }
consumers: { oa: { audience: open, api_key: "${hash}", addresses: [10.1.0.0/16], requires: [operator], names_operators: true, rate: { requests: 5 } } }
witnesses: { usb: { folder: ./witness } }
approvers:
  a: { key: "${await approver('a')}", group: security }
  b: { key: "${await approver('b')}", group: privacy }
`,
  )
  mkdirSync(join(cwd, 'witness'))
  const { told } = await found(cwd)
  assert.deepEqual(told, [
    'POLICY_UNTESTED systems.far',
    'TRACE_BY_ANYBODY trace_authority',
    `DRILL_DUE ${join(cwd, 'records')}`,
  ])
})

test('what listens to the network without encryption is found, unless a proxy in front does it', async t => {
  const plain = async (lines: string, warned = /NO_TLS/) => {
    const { told } = await found(folder(t, `${lines}\nsystems: { far: { upstream: "http://127.0.0.1:9" } }\n`), warned)
    return told.filter(one => one.startsWith('LISTENER_PLAIN'))
  }
  assert.deepEqual(await plain('listen: 0.0.0.0:8080\nadmin: 0.0.0.0:8081'), [
    'LISTENER_PLAIN listen',
    'LISTENER_PLAIN admin',
  ])
  const proxied = 'listen: 0.0.0.0:8080\ntrusted_hops: 1\ntrusted_proxies: [10.0.0.10]'
  assert.deepEqual(
    await plain(`${proxied}\nadmin: { listen: "0.0.0.0:8081", public_url: "https://a.example" }`, /^$/),
    [],
  )
})

test('a lockdown that was rehearsed within the year is not asked for again', async t => {
  const records = join(folder(t, careless), 'records')
  const { approvers } = await makePeople(join(dirname(records), 'people'))
  const log = await openRecordLog({ directory: records, log: 'control', holds: 'folder' })
  const codes = async (now = Date.now()) =>
    (await findingsOnRecord({ approvers, records }, now)).map(({ code }) => code)
  const scope = { consumer: 'oa', operator: null, system: null, route: null }
  const by = { person: 'wang', group: 'security', signed: new Date().toISOString(), signature: `${'A'.repeat(86)}==` }
  const ordered = { kind: 'lockdown', action: 'locked', scope, ...by } as const
  await log.append([{ ...ordered, lockdown: 'A'.repeat(22), drill: false }])
  assert.deepEqual(await codes(), ['DRILL_DUE'])
  await log.append([{ ...ordered, lockdown: 'B'.repeat(22), drill: true }])
  await log.close()
  assert.deepEqual(await codes(), [])
  assert.deepEqual(await codes(Date.now() + 400 * 86_400_000), ['DRILL_DUE'])
  assert.deepEqual(await findingsOnRecord({ approvers: [], records }, Date.now()), [])
})

test('keys inside the records, and records of the future, are found', async t => {
  const cwd = folder(t, careless)
  const base = upstreamOnly('http://127.0.0.1:9', { directory: cwd })!
  mkdirSync(join(cwd, 'records/keys'), { mode: 0o700 })
  const now = Date.now()
  writeFileSync(join(cwd, 'records/gw1-0.000001.jsonl'), '', { mode: 0o600 })
  utimesSync(join(cwd, 'records/gw1-0.000001.jsonl'), now / 1000, now / 1000 + 3600)
  const config = { ...base, records: join(cwd, 'records'), keys: join(cwd, 'records/keys') }
  const codes = (await findingsInFiles(config, now, 1000))
    .map(({ code }) => code)
    .filter(code => code !== 'RECORDS_LOW_SPACE')
  assert.deepEqual(codes, ['KEYS_BESIDE_RECORDS', 'CLOCK_BEHIND'])
  assert.ok((await findingsInFiles(config, now, 0)).some(({ code }) => code === 'RUNS_AS_ROOT'))
})

test('records of a time that has not come yet are found although later ones are written', async t => {
  const cwd = folder(t, careless)
  const config = upstreamOnly('http://127.0.0.1:9', { directory: cwd })!
  const log = await openRecordLog({ directory: config.records, log: 'gw1-0', holds: 'folder' })
  await log.close()
  const codes = async (now: number) => (await findingsInFiles(config, now, 1000)).map(({ code }) => code)
  const early = new Date(Date.now() - 3_600_000)
  for (const name of readdirSync(config.records)) utimesSync(join(config.records, name), early, early)
  assert.ok((await codes(early.getTime())).includes('CLOCK_BEHIND'))
  assert.ok(!(await codes(Date.now())).includes('CLOCK_BEHIND'))
})

test('each finding says what to do, in both languages; without a configuration there is none', async t => {
  const cwd = folder(t, careless)
  for (const lang of ['zh', 'en'] as const) {
    const { stdout } = await runCommand(['doctor', '--offline'], { cwd, lang })
    const lines = stdout.trimEnd().split('\n')
    assert.equal(lines.filter(line => line.startsWith('  -> ')).length, (lines.length - 1) / 3)
    assert.match(lines.at(-1)!, lang === 'zh' ? /处须改正/ : /to be mended/)
  }
  assert.equal((await runCommand(['doctor', '--config', 'none.yaml'], { cwd })).status, 2)
  writeFileSync(join(cwd, 'gateway.yaml'), 'systms: {}\n')
  const broken = await runCommand(['doctor', '--offline'], { cwd })
  assert.deepEqual([broken.status, broken.stdout], [1, ''])
  assert.match(broken.stderr, /gateway\.yaml:1:1 CONFIG_/)
})
