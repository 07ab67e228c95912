import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadPolicies, shippedPolicy } from '../../gateway/policy/load.ts'
import { testKeys } from '../../gateway/policy/run-tests.ts'
import { plugins } from '../../plugins/index.ts'

const options = { plugins, keys: testKeys, shown: 'p' }
const system = 'system: s\nroutes: [{ path: /a }]\n'

function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'veilgate-policies-'))
  mkdirSync(join(directory, 'systems'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  return directory
}

function told(directory: string): string[] {
  const { faults } = loadPolicies(directory, options)
  return faults.map(({ file, line, code }) => `${file}:${line} ${code}`)
}

test('a folder with one system is served with the shipped catalogue and audiences', t => {
  const directory = folder({ 'systems/s.yaml': system, 'README.md': 'not read' })
  t.after(() => rmSync(directory, { recursive: true }))
  const loaded = loadPolicies(directory, { ...options, shippedSystems: ['old', 's'] })
  assert.ok('policy' in loaded)
  assert.deepEqual([...loaded.policy.systems.keys()], ['s', 'old'])
  assert.ok(loaded.policy.catalogue.size >= 25)
  assert.deepEqual([...loaded.policy.audiences.keys()], ['public', 'partner', 'staff', 'counsellor'])
  // A file of its own is not replaced by the shipped rules.
  assert.deepEqual(loaded.policy.systems.get('s')!.match('GET', '/b'), { refused: 'ROUTE_UNKNOWN' })
})

test('under the shipped rules every path is a route, for GET and HEAD, and unlisted values are scanned', () => {
  const policy = shippedPolicy(['old'], options)
  assert.equal(policy.systems.size, 1)
  const old = policy.systems.get('old')!
  for (const path of ['/', '/a/b/c', '/a/']) {
    const match = old.match('GET', path)
    assert.ok('route' in match)
    assert.equal(policy.plan(old, match.route, 'public', new Set()).unlisted, 'scan')
  }
  assert.deepEqual(old.match('POST', '/'), { refused: 'METHOD_NOT_ALLOWED', allow: ['GET', 'HEAD'] })
})

test('what cannot be read is told file by file, and what can is checked all the same', t => {
  const directory = folder({
    'systems/s.yaml': 'system: s\nroutes: [{ path: a }]\n',
    'systems/large.yaml': new Uint8Array(1024 * 1024 + 1).fill(0x23),
    'systems/gbk.yaml': new Uint8Array([0xc4, 0xe3]),
    'systems/empty.yaml': '',
    'systems/old.yml': system,
    'catalog.yaml': 'data_types: {}',
  })
  t.after(() => rmSync(directory, { recursive: true }))
  mkdirSync(join(directory, 'systems', 'folder.yaml'))
  symlinkSync('nowhere', join(directory, 'systems', 'link.yaml'))
  execFileSync('mkfifo', [join(directory, 'systems', 'pipe.yaml')])
  assert.deepEqual(told(directory), [
    'p/catalog.yaml:1 POLICY_STRAY_FILE',
    'p/systems/empty.yaml:1 POLICY_TYPE',
    'p/systems/folder.yaml:1 POLICY_UNREADABLE',
    'p/systems/gbk.yaml:1 YAML_ENCODING',
    'p/systems/large.yaml:1 YAML_TOO_LARGE',
    'p/systems/link.yaml:1 POLICY_UNREADABLE',
    'p/systems/old.yml:1 POLICY_STRAY_FILE',
    'p/systems/pipe.yaml:1 POLICY_UNREADABLE',
    'p/systems/s.yaml:2 POLICY_ROUTE',
  ])
})

test('a folder that is not there, is a file, or may not be read is one clear fault', t => {
  const directory = folder({ 'systems/s.yaml': system, file: '' })
  t.after(() => {
    chmodSync(directory, 0o700)
    rmSync(directory, { recursive: true })
  })
  assert.deepEqual(told(join(directory, 'nowhere')), ['p:1 POLICY_UNREADABLE'])
  assert.deepEqual(told(join(directory, 'file')), ['p:1 POLICY_UNREADABLE'])
  chmodSync(directory, 0o000)
  // Root reads everything.
  if (process.getuid?.() !== 0) assert.deepEqual(told(directory), ['p:1 POLICY_UNREADABLE'])
})
