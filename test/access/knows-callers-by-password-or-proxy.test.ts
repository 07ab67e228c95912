import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadConfig } from '../../gateway/config/load.ts'
import { plugins } from '../../plugins/index.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let folder: string
let upstream: Upstream
let gateway: TestGateway

async function hashOf(user: string): Promise<string> {
  const stdin = '一匹 正确 的 马 和 九根 钉子 9\n'
  const { stdout, status } = await runCommand(['keys', 'password', user], { stdin })
  assert.equal(status, 0)
  return stdout.trim()
}

/** As an operator does it: the command's line, pasted into gateway.yaml. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-passwords-'))
  upstream = await startUpstream((request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ seen: Object.keys(request.headers) }))
  })
  const [stdout, second, third] = await Promise.all(['教务', 'b', 'c'].map(hashOf))
  const file = join(folder, 'gateway.yaml')
  await writeFile(
    file,
    `systems: { upstream: { upstream: "${upstream.url}", policy: shipped } }
consumers:
  old:
    audience: staff
    ${stdout}
  second: { audience: staff, ${second} }
  third: { audience: staff, ${third} }
  portal:
    audience: public
    audiences: { teacher: staff }
    trusted_header: { from: [127.0.0.2], header: X-Remote-User, roles: X-Remote-Groups }
`,
  )
  const loaded = await loadConfig(file, { identities: plugins.identities, now: Date.now() })
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults))
  gateway = await startTestGateway({ upstream: upstream.url, config: { consumers: loaded.config.consumers } })
})

after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
const ask = (headers: Record<string, string | string[]>, localAddress = '127.0.0.1') =>
  get(`${gateway.url}/a`, { headers, localAddress })
const last = async () => (await gateway.records()).at(-1)!

test('a user and password name a consumer, and neither reaches the system or the records', async () => {
  for (let time = 0; time < 3; time++) {
    const { status, body } = await ask(basic('教务:一匹 正确 的 马 和 九根 钉子 9'))
    assert.equal(status, 200)
    assert.ok(!body.includes('authorization'))
  }
  assert.equal((await last())['consumer'], 'old')
  assert.doesNotMatch(JSON.stringify(await gateway.records()) + gateway.log.join(''), /正确|scrypt|教务/)
})

test('a wrong user, password, encoding or scheme is refused, with the way to do it', async () => {
  for (const wrong of [
    '教务:一匹 正确 的 马 和 九根 钉子 8',
    '教务:',
    'old:一匹 正确 的 马 和 九根 钉子 9',
    '教务',
    ':',
    '教务:一匹 正确 的 马 和 九根 钉子 9\n',
  ]) {
    const { status, code } = await ask(basic(wrong))
    assert.deepEqual([status, code], [401, 'CREDENTIALS_WRONG'], wrong)
  }
  assert.equal((await ask({ authorization: 'Basic ####' })).code, 'CREDENTIALS_WRONG')
  assert.equal((await ask({ authorization: 'Digest username="x"' })).status, 401)
})

test('many requests of one caller at one moment are one look at its password', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => ask(basic('b:一匹 正确 的 马 和 九根 钉子 9'))))
  assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]))
})

test('where passwords are guessed none is looked at for a while, and those known already count', async () => {
  const guessing = '127.0.0.9'
  const right = basic('c:一匹 正确 的 马 和 九根 钉子 9')
  for (let nth = 0; nth < 10; nth++) await ask(basic(`c:guess ${nth}`), guessing)
  const { status, code } = await ask(right, guessing)
  assert.deepEqual([status, code], [503, 'IDENTITY_UNAVAILABLE'])
  assert.equal((await ask(right)).status, 200)
  assert.equal((await ask(right, guessing)).status, 200)
})

test('a login counts from the proxy, with the audience of the role it names', async () => {
  assert.equal((await ask({ 'x-remote-user': 'u1203', 'x-remote-groups': 'staff, teacher' }, '127.0.0.2')).status, 200)
  const { consumer, operator } = await last()
  assert.deepEqual([consumer, operator], ['portal', 'u1203'])
})

test('the same header from anywhere else is a forgery, whatever forwarding headers say', async () => {
  for (const name of ['x-tenant', 'x-forwarded-for', 'x-real-ip', 'forwarded'])
    assert.equal((await ask({ 'x-remote-user': 'u1203', [name]: '127.0.0.2' })).code, 'CREDENTIALS_WRONG', name)
})

test('a header that comes twice, is empty, or is declared hop-by-hop, is refused', async () => {
  const proxy = (headers: Record<string, string | string[]>) => ask(headers, '127.0.0.2')
  assert.equal((await proxy({ 'x-remote-user': ['u1203', 'u9'] })).code, 'HEADER_MALFORMED')
  assert.equal((await proxy({ 'x-remote-user': '' })).code, 'CREDENTIALS_WRONG')
  assert.equal((await proxy({ 'x-remote-user': 'u1203, u9' })).code, 'CREDENTIALS_WRONG')
  assert.equal((await proxy({ 'x-remote-user': 'u1203', connection: 'close, X-Remote-User' })).code, 'HEADER_MALFORMED')
  assert.equal((await proxy({ 'x-remote-groups': 'teacher' })).status, 200)
  assert.equal((await last())['consumer'], 'anonymous')
})
