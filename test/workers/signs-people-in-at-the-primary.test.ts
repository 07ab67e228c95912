import assert from 'node:assert/strict'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { addAccount, call, codeOf, type Owner, postLogin, signIn } from '../support/accounts.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startServeProcess } from '../support/serve-process.ts'

let folder: string
let [wu, zheng]: Owner[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  await writeFile(
    join(folder, 'gateway.yaml'),
    'listen: 127.0.0.1:0\nadmin: 127.0.0.1:0\nsystems: { upstream: { upstream: "http://127.0.0.1:1", policy: shipped } }\nanonymous: { audience: public }\n',
  )
  wu = await addAccount(folder, 'wu', 'system')
  zheng = await addAccount(folder, 'zheng', 'audit')
})
after(() => removeFolder(folder))

test('people sign in once, however many processes serve; a restart ends sessions, and no waiting', async () => {
  const gateway = await startServeProcess(folder, ['--workers', '2'])
  try {
    const session = await signIn(gateway.admin, wu!)
    const status = await call(gateway.admin, session, 'GET', '/api/status')
    assert.deepEqual([status.status, status.json.records, status.json.stopping], [200, 'usable', false])
    const metrics = await call(gateway.admin, session, 'GET', '/metrics')
    assert.match(metrics.body, /^veilgate_records_usable 1$/m)
    const wrong = { name: 'zheng', password: 'wrong', code: '000000' }
    for (let nth = 0; nth < 5; nth++) assert.equal((await postLogin(gateway.admin, wrong)).status, 401)
    assert.equal(await gateway.end(), 0)
    const again = await startServeProcess(folder, [])
    try {
      assert.equal((await call(again.admin, session, 'GET', '/api/status')).status, 401)
      const right = { name: 'zheng', password: zheng!.password, code: codeOf(zheng!) }
      assert.equal((await postLogin(again.admin, right)).json['why'], 'locked')
    } finally {
      await again.end()
    }
  } finally {
    await gateway.end('SIGKILL')
  }
})

test('with accounts that are wrong nothing is served, and it is said where', async () => {
  const file = join(folder, 'accounts.yaml')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('"duty":"audit"', '"duty":"everything"'))
  try {
    for (const args of [[], ['--workers', '2']])
      await assert.rejects(startServeProcess(folder, args), /ended with 1: .*accounts\.yaml:4:\d+ CONFIG_/s)
  } finally {
    await writeFile(file, text)
  }
})
