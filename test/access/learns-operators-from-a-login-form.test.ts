import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { consumer } from '../support/consumer.ts'
import { startTestGateway, type TestGateway, type TestRecord } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

/** An old system with a login form: its sessions, by id, with who is in them. It keeps the id that a browser comes with. */
const sessions = new Map<string, string | null>()
const password = 'Mai-9-secret'
let [upstream, gateway]: [Upstream, TestGateway] = [] as never

before(async () => {
  upstream = await startUpstream(async (asked, response) => {
    const sent = /JSESSIONID=([^;]+)/.exec(asked.headers['cookie'] ?? '')?.[1]
    const id = sent !== undefined && sessions.has(sent) ? sent : `session-${sessions.size}`
    if (id !== sent) {
      sessions.set(id, null)
      response.setHeader('set-cookie', `JSESSIONID=${id}; Path=/; HttpOnly`)
    }
    if (asked.url?.split('?')[0] === '/login.do') {
      // a servlet's getParameter: what stands in the query goes first
      const query = new URL(asked.url, 'http://system').search.slice(1)
      const form = new URLSearchParams(`${query}&${Buffer.concat(await asked.toArray()).toString()}`)
      const isRight = form.get('password') === password
      if (isRight) sessions.set(id, form.get('username'))
      return void response.writeHead(302, { location: isRight ? '/index.do' : '/login.do?error=1' }).end()
    }
    if (asked.url === '/logout.do') {
      sessions.set(id, null)
      return void response.writeHead(302, { location: '/login.do' }).end()
    }
    if (asked.url === '/renew.do') response.setHeader('set-cookie', 'JSESSIONID=session-new; Path=/')
    response.setHeader('content-type', 'application/json').end('{"tel":"13800138000"}')
  })
  const browsers = consumer('browsers', {
    audience: 'counsellor',
    addresses: ['127.0.0.0/8'],
    learns: new Map([
      [
        'system_login',
        {
          ...{ system: 'upstream', path: '/login.do', field: 'username', cookie: 'JSESSIONID' },
          ...{ success: { status: 302, location: '/index.do' }, logout: '/logout.do' },
        },
      ],
    ]),
  })
  gateway = await startTestGateway({
    upstream: upstream.url,
    closed: true,
    policies: {
      'audiences.yaml':
        'audiences:\n  counsellor: { 4: partial, 3: partial, 2: clear, 1: clear, clear_with: { 3: [signed_operator] } }\n',
      'systems/upstream.yaml':
        'system: upstream\nroutes: [{ path: /login.do, methods: [POST], body: data }, { path: /index.do }, { path: /logout.do }, { path: /renew.do }]\n',
    },
    config: { consumers: new Map([['browsers', browsers]]) },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

/** Keeps cookies as a browser does. */
class Visitor {
  readonly cookies = new Map<string, string>()

  async get(path: string): Promise<string> {
    const answer = await fetch(gateway.url + path, { headers: this.#headers(), redirect: 'manual' })
    this.#keep(answer)
    return answer.text()
  }

  async login(username: string, secret = password, more = '', query = ''): Promise<void> {
    const body = `${new URLSearchParams({ username, password: secret })}${more}`
    const headers = { ...this.#headers(), 'content-type': 'application/x-www-form-urlencoded' }
    this.#keep(await fetch(`${gateway.url}/login.do${query}`, { method: 'POST', redirect: 'manual', headers, body }))
  }

  #headers(): Record<string, string> {
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  }

  #keep({ headers }: Response): void {
    for (const one of headers.getSetCookie()) {
      const [name, value] = one.split(';')[0]!.split('=') as [string, string]
      if (/Max-Age=0/.test(one)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }
}

const last = async (): Promise<TestRecord> => (await gateway.records()).findLast(({ kind }) => kind === 'access')!
const clear = '{"tel":"13800138000"}'

test('the login that the system accepts is the operator from there on, on record with its source, until they sign out', async () => {
  const visitor = new Visitor()
  assert.notEqual(await visitor.get('/index.do'), clear)
  assert.equal((await last())['operator'], null)
  await visitor.login(' U1203 ')
  assert.equal(await visitor.get('/index.do'), clear)
  assert.partialDeepStrictEqual(await last(), {
    ...{ consumer: 'browsers', operator: 'u1203', operator_source: 'system_login' },
  })
  await visitor.get('/logout.do')
  assert.notEqual(await visitor.get('/index.do'), clear)
  assert.equal((await last())['operator'], null)
})

test('a login that the system does not accept is nobody, and the next one is another', async () => {
  const visitor = new Visitor()
  await visitor.login('admin', 'wrong')
  await visitor.get('/index.do')
  assert.equal((await last())['operator'], null)
  await visitor.login('u1')
  await visitor.login('u2', 'wrong')
  await visitor.get('/index.do')
  assert.equal((await last())['operator'], 'u1')
  await visitor.login('u2')
  await visitor.get('/index.do')
  assert.equal((await last())['operator'], 'u2')
})

test('a session that somebody planted, or shares, has no operator without the login cookie', async () => {
  const [attacker, victim] = [new Visitor(), new Visitor()]
  await attacker.get('/index.do')
  const planted = attacker.cookies.get('JSESSIONID')!
  victim.cookies.set('JSESSIONID', planted)
  await victim.login('u1203')
  await victim.get('/index.do')
  assert.equal((await last())['operator'], 'u1203')
  assert.notEqual(await attacker.get('/index.do'), clear)
  assert.equal((await last())['operator'], null)
})

test('a login cookie counts beside its own session alone, and is taken back when the session is another', async () => {
  const [one, other] = [new Visitor(), new Visitor()]
  await one.login('u1')
  await other.login('u2')
  const name = 'veilgate_login_upstream'
  other.cookies.set(name, one.cookies.get(name)!)
  await other.get('/index.do')
  assert.equal((await last())['operator'], null)
  await one.get('/renew.do')
  assert.equal(one.cookies.has(name), false)
  await one.get('/index.do')
  assert.equal((await last())['operator'], null)
})

test('a name that comes twice, is no login, or holds something personal, is nobody; nothing of it is kept', async () => {
  for (const [name, more] of [
    ['u1', '&username=u2'],
    ['王小明', ''],
    ['x13800138000x', ''],
    ['', ''],
  ] as const) {
    const visitor = new Visitor()
    await visitor.login(name, password, more)
    await visitor.get('/index.do')
    assert.equal((await last())['operator'], null, name)
  }
  const written = JSON.stringify(await gateway.records()) + gateway.log.join('')
  assert.ok(!written.includes(password))
  assert.ok(!written.includes('王小明'))
})

test('a name that the system could read from elsewhere than the gateway is nobody: in the address, or spelt otherwise', async () => {
  for (const [more, query] of [
    ['', '?username=me'],
    ['', '?Username=me'],
    ['', '?a=1;username=me'],
    ['&USERNAME=me', ''],
    ['&username[]=me', ''],
    ['&user%00name=me', ''],
    ['&+username=me', ''],
    ['&username.=me', ''],
    ['&a=1;username=me', ''],
  ] as const) {
    const visitor = new Visitor()
    await visitor.login('admin', password, more, query)
    await visitor.get('/index.do')
    assert.equal((await last())['operator'], null, more + query)
  }
  const visitor = new Visitor()
  await visitor.login('u1', password, '&usernames=2&password2=a;b', '?lang=zh')
  await visitor.get('/index.do')
  assert.equal((await last())['operator'], 'u1')
})

test('a login that is a phone number is recorded as its blind index', async () => {
  const visitor = new Visitor()
  await visitor.login('13800138000')
  await visitor.get('/index.do')
  assert.match(String((await last())['operator']), /^index:[\w-]{22}$/)
})
