import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer as createSecure } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { certificateAuthority } from '../support/certificate-authority.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'

const day = 86_400_000
const authority = await certificateAuthority()

async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => new Promise(resolve => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

async function asked(t: TestContext, systems: string, lang: 'en' | 'zh' = 'en'): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(cwd))
  await writeFile(join(cwd, 'ca.pem'), authority.certificate)
  await writeFile(join(cwd, 'token'), 'a-secret-value\n', { mode: 0o600 })
  await writeFile(join(cwd, 'gateway.yaml'), `systems:\n${systems}anonymous: { audience: public }\n`)
  return (await runCommand(['doctor'], { cwd, lang })).stdout
}

/** What is said of one system, its lines as one. */
const of = (stdout: string, name: string, code: string) =>
  new RegExp(`^\\S+ +systems\\.${name}  ${code}\\n((?:  .*\\n)+)`, 'm').exec(stdout)?.[1]?.trim()

test('a system that answers is shown with its status and certificate, and one whose certificate ends soon is told of', async t => {
  const until = new Date(Date.now() + 10 * day)
  const own = await authority.issue('CN=xg.example, O=Campus', { dns: ['localhost'], server: true, until })
  const heads: (string | undefined)[] = []
  const system = createSecure({ cert: own.certificate, key: own.key }, (request, response) => {
    heads.push(`${request.method} ${request.url} ${request.headers['x-token']}`)
    response.writeHead(403).end('nobody')
  })
  const port = await listening(t, system as unknown as Server)
  const systems = `  xg:
    upstream: https://localhost:${port}/app
    policy: shipped
    ca: ca.pem
    credentials: { header: { name: X-Token, value_file: token } }
`
  const on = until.toISOString().slice(0, 10)
  const english = await asked(t, systems)
  assert.match(
    of(english, 'xg', 'SYSTEM_ANSWERS')!,
    new RegExp(
      `^it answers: HTTP 403, by TLSv1\\.3; its certificate is of xg\\.example, issued by Test CA, until ${on}$`,
    ),
  )
  assert.match(of(english, 'xg', 'SYSTEM_CERTIFICATE_ENDS')!, new RegExp(`ends on ${on}.*\\n +-> have those who run`))
  assert.match(
    of(await asked(t, systems, 'zh'), 'xg', 'SYSTEM_ANSWERS')!,
    /^有应答：HTTP 403，TLSv1\.3，证书 xg\.example/,
  )
  assert.deepEqual(heads, ['GET /app/ a-secret-value', 'GET /app/ a-secret-value'])
})

test('a system that gives no answer is told of, why, and what to do', async t => {
  const foreign = await certificateAuthority('CN=Other')
  const own = await foreign.issue('CN=localhost', { dns: ['localhost'], server: true })
  const strange = await listening(
    t,
    createSecure({ cert: own.certificate, key: own.key }, (_request, response) => response.end()) as unknown as Server,
  )
  const mute = await listening(
    t,
    createServer(socket => void socket.on('error', () => {}).resume()),
  )
  const babbling = await listening(
    t,
    createServer(
      socket =>
        void socket
          .on('error', () => {})
          .resume()
          .end('220 mail.example ready for 张三\r\n'),
    ),
  )
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port: free } = closed.address() as AddressInfo
  await new Promise(resolve => closed.close(resolve))
  const out = await asked(
    t,
    `  gone: { upstream: "http://127.0.0.1:${free}", prefix: /a, policy: shipped }
  strange: { upstream: "https://localhost:${strange}", prefix: /b, policy: shipped, ca: ca.pem }
  mute: { upstream: "http://127.0.0.1:${mute}", prefix: /c, policy: shipped, timeouts: { headers: 100ms, connect: 100ms } }
  babbling: { upstream: "http://127.0.0.1:${babbling}", prefix: /d, policy: shipped }
`,
  )
  const silent = (name: string) => of(out, name, 'SYSTEM_SILENT')!
  assert.match(silent('gone'), /no answer \(ECONNREFUSED\)\n +-> .*nothing listens at its address/)
  assert.match(silent('strange'), /no answer \(\w+\)\n +-> .*not trusted.*`ca`/)
  assert.match(silent('mute'), /no answer \(UND_ERR_HEADERS_TIMEOUT\)\n +-> A system began no answer/)
  assert.match(silent('babbling'), /no answer \(HPE_\w+\)\n +-> .*breaks HTTP/)
  assert.doesNotMatch(out, /张三|mail\.example/)
})
