import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { addAccount, call, type Owner, signIn } from '../support/accounts.ts'
import { freePort } from '../support/free-port.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { type ServeProcess, startServeProcess } from '../support/serve-process.ts'
import { Browser } from '../support/signing-in.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let folder: string
let upstream: Upstream
let cas: Server
let gateway: ServeProcess
let at: string
let wu: Owner
/** Who signs in next. */
let user = 'u1203'

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"a":1}')
  })
  cas = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://cas')
    if (pathname === '/cas/login')
      return response.writeHead(302, { location: `${searchParams.get('service')}&ticket=ST-1` }).end()
    const inner = `<cas:authenticationSuccess><cas:user>${user}</cas:user></cas:authenticationSuccess>`
    response.end(`<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${inner}</cas:serviceResponse>`)
  })
  await new Promise<void>(resolve => cas.listen(0, '127.0.0.1', resolve))
  const server = `http://127.0.0.1:${(cas.address() as AddressInfo).port}/cas`
  at = `http://127.0.0.1:${await freePort()}`
  await writeFile(
    join(folder, 'gateway.yaml'),
    `listen: ${at.slice(7)}
admin: 127.0.0.1:0
systems: { upstream: { upstream: "${upstream.url}", policy: shipped } }
consumers: { browsers: { audience: public, sign_in: { at: "${at}", cas: { server: "${server}" }, operator: user } } }
`,
  )
  wu = await addAccount(folder, 'wu', 'system')
  gateway = await startServeProcess(folder, ['--workers', '2'])
})
after(async () => {
  await gateway.end()
  cas.closeAllConnections()
  cas.close()
  await upstream.close()
  await removeFolder(folder)
})

/** The cookie of a browser that has signed in, as somebody may copy it. */
async function cookieOf(login: string): Promise<string> {
  user = login
  const browser = new Browser()
  assert.equal((await browser.open(`${at}/a`)).status, 200)
  return browser.cookies(at)
}

/** What a cookie is answered with, over so many connections that each process gets some. */
async function answersTo(cookie: string): Promise<string[]> {
  const all = await Promise.all(Array.from({ length: 12 }, () => get(`${at}/a`, { headers: { cookie } })))
  return [...new Set(all.map(({ status, code = '' }) => `${status} ${code}`.trim()))]
}

const over = ['401 CREDENTIALS_MISSING']

test('after signing out a cookie that was copied before opens nothing, in no process; and nobody else is signed out', async () => {
  const [mine, other] = [await cookieOf('u1203'), await cookieOf('u1203')]
  assert.deepEqual(await answersTo(mine), ['200'])
  // another site cannot have somebody signed out
  const foreign = { cookie: mine, 'sec-fetch-site': 'cross-site' }
  assert.equal((await get(`${at}/.veilgate/sign-out`, { headers: foreign })).code, 'CREDENTIALS_WRONG')
  assert.deepEqual(await answersTo(mine), ['200'])
  const out = await get(`${at}/.veilgate/sign-out`, { headers: { cookie: mine } })
  assert.deepEqual([out.status, out.headers['location']], [303, `${at}/`])
  assert.deepEqual(await answersTo(mine), over)
  assert.deepEqual(await answersTo(other), ['200'])
  // whoever only makes up a cookie, or shows the same again, fills nothing
  for (const cookie of [mine, 'veilgate_session=x', ''])
    assert.equal((await get(`${at}/.veilgate/sign-out`, { headers: { cookie } })).status, 303)
  assert.equal((await linesOfEnds()).length, 1)
})

test('all that somebody has begun is over at once by a command, on record, also after a restart; they can sign in again', async () => {
  const [mine, mineToo, other] = [await cookieOf('u1203'), await cookieOf('U1203'), await cookieOf('u9')]
  const admin = await signIn(gateway.admin, wu)
  for (const name of ['u1203', 'wu', '20260001234'])
    assert.equal((await runCommand(['accounts', 'sign-out', name], { cwd: folder })).status, 0)
  assert.deepEqual([await answersTo(mine), await answersTo(mineToo), await answersTo(other)], [over, over, ['200']])
  assert.equal((await call(gateway.admin, admin, 'GET', '/api/session')).status, 401)
  const again = await cookieOf('u1203')
  assert.deepEqual(await answersTo(again), ['200'])
  await gateway.end()
  gateway = await startServeProcess(folder, [])
  assert.deepEqual([await answersTo(mine), await answersTo(again)], [over, ['200']])
  const told = await runCommand(['records', 'query', '--kind', 'account', '--json'], { cwd: folder })
  const ended = told.stdout.split('\n').filter(line => line.includes('"ended"'))
  const accounts = ended.map(line => (JSON.parse(line) as { account: string | null }).account)
  assert.deepEqual(accounts.sort(), ['u1203', 'wu', null].sort())
  const kept = (await linesOfEnds()).join() + told.stdout
  assert.ok(!kept.includes('20260001234'))
  assert.equal((await runCommand(['accounts', 'sign-out'], { cwd: folder })).status, 2)
})

test('where nobody can know what is over, no session counts', async () => {
  const mine = await cookieOf('u9')
  const [name] = (await readdir(join(folder, 'keys')))
    .filter(one => one.startsWith('sessions-ended.'))
    .sort()
    .reverse()
  const file = join(folder, 'keys', name!)
  const whole = await readFile(file, 'utf8')
  await writeFile(file, `${whole}damaged\n`)
  assert.deepEqual(await answersTo(mine), ['503 IDENTITY_UNAVAILABLE'])
  // what a full disk has cut off never counted, and spoils nothing that comes after it
  for (const torn of ['', 's', 'session', 'session AAAA', `person ${'A'.repeat(43)} `]) {
    await writeFile(file, whole + torn)
    assert.deepEqual(await answersTo(mine), ['200'], torn)
  }
  assert.equal((await get(`${at}/.veilgate/sign-out`, { headers: { cookie: mine } })).status, 303)
  assert.deepEqual(await answersTo(mine), over)
})

async function linesOfEnds(): Promise<string[]> {
  const names = (await readdir(join(folder, 'keys'))).filter(one => one.startsWith('sessions-ended.'))
  const texts = await Promise.all(names.map(name => readFile(join(folder, 'keys', name), 'utf8')))
  return texts.join('').split('\n').filter(Boolean)
}
