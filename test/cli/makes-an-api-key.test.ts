import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { main } from '../../gateway/cli/main.ts'
import { hashApiKey, isApiKey } from '../../plugins/identities/api-key.ts'
import { removeFolder } from '../support/remove-folder.ts'

async function run(args: readonly string[], cwd = tmpdir()) {
  let out = ''
  let err = ''
  const status = await main(['keys', 'api-key', ...args], {
    stdin: (async function* () {})(),
    stdout: text => (out += text),
    stderr: text => (err += text),
    lang: 'en',
    cwd,
    env: {},
  })
  return { status, out, err }
}

test('a key is printed once with the hash that gateway.yaml takes, another each time', async () => {
  const keys = new Set<string>()
  for (const lang of ['zh', 'en']) {
    const { status, out } = await run(['oa', '--lang', lang])
    const key = /vg_[\w-]{49}/.exec(out)?.[0] ?? ''
    assert.equal(status, 0)
    assert.ok(isApiKey(key))
    assert.equal(out.split(key).length, 2)
    assert.ok(out.includes(`api_key: "${hashApiKey(key)}"`))
    keys.add(key)
  }
  assert.equal(keys.size, 2)
})

test('--json is one object', async () => {
  const { out } = await run(['教务系统', '--json'])
  const { consumer, key, hash } = JSON.parse(out)
  assert.equal(consumer, '教务系统')
  assert.equal(hash, hashApiKey(key))
})

test('with --records it is on record that a key was made, and neither the key nor its hash', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-cli-'))
  try {
    const { status, out } = await run(['oa', '--json', '--records', 'records'], folder)
    assert.equal(status, 0)
    const { key, hash } = JSON.parse(out)
    let all = ''
    for (const name of await readdir(join(folder, 'records'))) {
      all += await readFile(join(folder, 'records', name), 'latin1')
    }
    assert.match(all, /"kind":"key","action":"made","purpose":"api_key","name":"oa"/)
    assert.ok(!all.includes(key) && !all.includes(hash.slice(7)))
  } finally {
    await removeFolder(folder)
  }
})

test('what cannot be recorded is not made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-cli-'))
  try {
    await writeFile(join(folder, 'records'), '')
    const { status, out, err } = await run(['oa', '--records', 'records'], folder)
    assert.equal(status, 2)
    assert.equal(out, '')
    assert.match(err, /no key was made/)
  } finally {
    await removeFolder(folder)
  }
})

test('a command line that is wrong says what to write', async () => {
  for (const args of [[], ['a', 'b'], ['a b'], ['oa', '--hash'], ['oa', '--records']]) {
    const { status, out, err } = await run(args)
    assert.equal(status, 2)
    assert.equal(out, '')
    assert.match(err, /veilgate keys api-key NAME/)
  }
})
