import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runCommand } from '../support/run-command.ts'

const library = 'system: library\nroutes:\n  - path: /api/loans\n'

function folder(t: TestContext, config: string, system = library): string {
  const cwd = mkdtempSync(join(tmpdir(), 'veilgate-check-'))
  t.after(() => rmSync(cwd, { recursive: true, force: true }))
  const file = join(cwd, 'policies/systems/library.yaml')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, system)
  writeFileSync(join(cwd, 'gateway.yaml'), config)
  return cwd
}

const check = (cwd: string, lang: 'en' | 'zh' = 'en') =>
  runCommand(['check', '--config', 'gateway.yaml'], { cwd, lang })

test('what would be served is shown, and nothing is made', async t => {
  const cwd = folder(
    t,
    'systems: { library: { upstream: "http://127.0.0.1:9", prefix: /lib } }\nanonymous: { audience: public }\n',
  )
  const { status, stdout } = await check(cwd)
  assert.equal(status, 0)
  assert.match(
    stdout,
    /library: 1 route, 0 tests\n[\s\S]*systems it serves:\n {2}library {2}\/lib {2}-> {2}http:\/\/127\.0\.0\.1:9\n$/,
  )
  assert.deepEqual(readdirSync(cwd).sort(), ['gateway.yaml', 'policies'])
})

test('a mistake in gateway.yaml, one in a policy, and one between the two each have their place and status 1', async t => {
  const upstream = 'upstream: "http://127.0.0.1:9"'
  for (const [config, system, said] of [
    [`systems: { library: { ${upstream.replace('m:', 'n:')} } }`, library, /gateway\.yaml:1:23 CONFIG_UNKNOWN_KEY/],
    [
      `systems: { library: { ${upstream} } }`,
      library.replace('routes', 'rotues'),
      /library\.yaml:2:1 POLICY_UNKNOWN_KEY/,
    ],
    [`systems: { libary: { ${upstream} } }`, library, /gateway\.yaml:1:12 CONFIG_POLICY_MISSING/],
    [
      `systems: { library: { ${upstream} } }\nanonymous: { audience: publik }`,
      library,
      /gateway\.yaml:2:24 CONFIG_AUDIENCE_UNKNOWN/,
    ],
  ] as const) {
    const { status, stderr, stdout } = await check(folder(t, config, system))
    assert.deepEqual([status, stdout], [1, ''], stderr)
    assert.match(stderr, said)
  }
})

test('a policy that no system of gateway.yaml has is told of: most often its name is written in two ways', async t => {
  const cwd = folder(t, 'systems: { portal: { upstream: "http://127.0.0.1:9", policy: shipped } }')
  const { status, stdout } = await check(cwd, 'zh')
  assert.equal(status, 0)
  assert.match(stdout, /portal {2}全部路径 .*内置策略：只许 GET/)
  assert.match(stdout, /有策略但未接入的系统：library/)
})

test('no such file, and a folder beside it, are status 2', async t => {
  const cwd = folder(t, 'systems: {}')
  assert.equal((await runCommand(['check', '--config', 'other.yaml'], { cwd })).status, 2)
  assert.equal((await runCommand(['check', 'policies', '--config', 'gateway.yaml'], { cwd })).status, 2)
})
