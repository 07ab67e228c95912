import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../gateway/config/load.ts'
import { plugins } from '../../plugins/index.ts'
import { removeFolder } from '../support/remove-folder.ts'

async function load(login: string, more = 'addresses: [10.2.0.0/16]') {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  try {
    const text = `systems: { xg: { upstream: "http://10.0.0.5", prefix: /xg } }
consumers:
  office: { audience: staff, ${more}, system_login: ${login} }
`
    await writeFile(join(folder, 'gateway.yaml'), text)
    return await loadConfig(join(folder, 'gateway.yaml'), { identities: plugins.identities, now: 0 })
  } finally {
    await removeFolder(folder)
  }
}

const login =
  '{ system: xg, path: /login.do, field: username, cookie: JSESSIONID, success: { status: 302, location: /index.do } }'
const faults = async (...given: Parameters<typeof load>) => {
  const loaded = await load(...given)
  return 'faults' in loaded ? loaded.faults.map(({ code, message }) => `${code} ${message.en}`).join() : ''
}

test('it is no credential: the consumer is known by its address', async () => {
  const loaded = await load(login)
  assert.ok('config' in loaded)
  const office = loaded.config.consumers.get('office')!
  assert.deepEqual([office.credentials.size, [...office.learns!.keys()]], [0, ['system_login']])
  assert.notEqual(await faults(login, 'purposes: [enrolment]'), '')
})

test('a system that is not there, and a success that tells nothing, are faults', async () => {
  assert.match(await faults(login.replace('xg', 'gx')), /CONFIG_IDENTITY there is no such system/)
  assert.match(await faults(login.replace(', location: /index.do', '')), /CONFIG_IDENTITY give `success` a `location`/)
})
