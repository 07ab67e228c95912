import assert from 'node:assert/strict'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { main } from '../../gateway/cli/main.ts'
import { removeFolder } from '../support/remove-folder.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

async function mask(body: string | Uint8Array, ...args: string[]) {
  let stderr = ''
  const out: Uint8Array[] = []
  const status = await main(['mask', ...args], {
    stdin: (async function* () {
      // in small pieces, as a pipe may give it
      const bytes = Buffer.from(body)
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
    })(),
    stdout: text => void out.push(Buffer.from(text)),
    stderr: text => {
      stderr += text
    },
    lang: 'en',
    cwd: root,
    env: {},
  })
  return { status, stdout: Buffer.concat(out).toString(), stderr }
}

const students = ['--system', 'student-affairs', '--path', '/api/students/7']
const person = '{"xm":"张三","idCard":"11010519491231002X","tel":"13800138000"}'

test('a body comes out as the audience would see it; what was done to it is told apart, without a value', async () => {
  const { status, stdout, stderr } = await mask(person, ...students, '--audience', 'public')
  assert.equal(status, 0)
  assert.equal(stdout, '{"xm":"张*","tel":"***"}')
  assert.match(stderr, /cn_resident_id@A4 +remove 1\n/)
  assert.match(stderr, /rows 1, people 1/)
  assert.ok(!stderr.includes('13800138000') && !stderr.includes('1949'))
})

test('what is presented counts as it does for a caller', async () => {
  const presented = ['--audience', 'counsellor', '--with', 'operator,purpose,basis']
  const { stdout } = await mask(person, ...students, ...presented)
  assert.equal(stdout, '{"xm":"张三","idCard":"110***************","tel":"13800138000"}')
})

test('that an answer would wait for review is told, with the fields that nothing lists', async () => {
  const policies = await mkdtemp(join(tmpdir(), 'veilgate-'))
  try {
    await mkdir(join(policies, 'systems'))
    await writeFile(join(policies, 'systems/s.yaml'), 'system: s\nunlisted: hold\nroutes: [{ path: /x }]\n')
    const asked = ['--system', 's', '--path', '/x', '--audience', 'public', '--policies', policies]
    const held = await mask('{"tel":"13800138000","quux":"\\u001b[31m","\\u001b]0;x":1}', ...asked)
    assert.equal(held.status, 0)
    assert.match(held.stderr, /would wait for review; the policy does not list: quux, /)
    assert.ok(!held.stderr.includes('\u001b'))
    assert.doesNotMatch((await mask('{"tel":"13800138000"}', ...asked)).stderr, /review/)
  } finally {
    await removeFolder(policies)
  }
})

test('a long body comes out whole', async () => {
  const lines = Array.from(
    { length: 5000 },
    (_, at) => `{"rowId":${at},"tel":"13800138000","gpa":"${'x'.repeat(100)}"}\n`,
  )
  const type = ['--type', 'application/x-ndjson', '--audience', 'public']
  const { status, stdout } = await mask(lines.join(''), ...students, ...type)
  assert.equal(status, 0)
  assert.equal(stdout.split('\n').length, 5001)
  assert.ok(!stdout.includes('13800138000'))
})

test('a body that the gateway would withhold does not come out, and the status is 1', async () => {
  for (const [body, type, code] of [
    ['{"tel":"13800138000",}', 'application/json', 'FORMAT_MALFORMED'],
    ['13800138000', 'image/png', 'FORMAT_UNKNOWN'],
    [person, 'application/json; charset=big5-unknown', 'CHARSET_UNKNOWN'],
  ] as const) {
    const { status, stdout, stderr } = await mask(body, ...students, '--audience', 'public', '--type', type)
    assert.deepEqual([status, stdout], [1, ''])
    assert.ok(stderr.startsWith(code), stderr)
  }
})

test('a system, audience or option that does not exist is told with those that do, and the status is 2', async () => {
  for (const args of [
    ['--system', 'none', '--path', '/a', '--audience', 'public'],
    [...students, '--audience', 'nobody'],
    [...students, '--audience', 'public', '--with', 'magic'],
    ['--what'],
  ]) {
    const { status, stdout, stderr } = await mask('{}', ...args)
    assert.equal(status, 2)
    assert.equal(stdout, '')
    assert.match(stderr, /veilgate mask/)
  }
})

test('a path the policy does not serve is refused as it would be', async () => {
  const { status, stderr } = await mask(
    '{}',
    '--system',
    'student-affairs',
    '--path',
    '/elsewhere',
    '--audience',
    'public',
  )
  assert.equal(status, 1)
  assert.ok(stderr.startsWith('ROUTE_UNKNOWN'))
})
