import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rename, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { readRecords } from '../../gateway/records/files/read.ts'
import { type CertificateAuthority, certificateAuthority, type Issued } from '../support/certificate-authority.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type ServeProcess, startServeProcess } from '../support/serve-process.ts'
import { until } from '../support/until.ts'

const [before, after] = [await certificateAuthority('CN=Before'), await certificateAuthority('CN=After')]

const own = (authority: CertificateAuthority) => authority.issue('CN=localhost', { dns: ['localhost'], server: true })

/** As certificate tools write: whole, in the place of the one before. */
async function put(folder: string, name: string, content: string): Promise<void> {
  await writeFile(join(folder, `${name}.new`), content, { mode: 0o600 })
  await rename(join(folder, `${name}.new`), join(folder, name))
}

async function renew(folder: string, name: string, { certificate, key }: Issued): Promise<void> {
  await put(folder, `${name}.pem`, certificate)
  await put(folder, `${name}.key`, key)
}

type Installed = { readonly folder: string; readonly gateway: ServeProcess; readonly system: Server }

/** In front of a system that wants a certificate of the first authority, and has one itself. */
async function installed(t: TestContext, more = ''): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  const { certificate, key } = await own(before)
  const wants = { ca: before.certificate, requestCert: true, rejectUnauthorized: true }
  const system = createServer({ cert: certificate, key, ...wants }, (_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"tel":"13800138000"}')
  })
  system.listen(0, '127.0.0.1')
  await once(system, 'listening')
  await renew(folder, 'own', await own(before))
  await renew(folder, 'client', await before.issue('CN=gateway'))
  await put(folder, 'ca.pem', before.certificate)
  const { port } = system.address() as AddressInfo
  await writeFile(
    join(folder, 'gateway.yaml'),
    `listen: 127.0.0.1:0
admin: { listen: 127.0.0.1:0, tls: { certificate: own.pem, key: own.key } }
tls: { certificate: own.pem, key: own.key }
systems:
  s:
    upstream: https://localhost:${port}
    policy: shipped
    ca: ca.pem
    credentials: { client_certificate: { certificate: client.pem, key: client.key } }
    pool: { keep_alive: 10ms }
anonymous: { audience: public }
${more}`,
  )
  const gateway = await startServeProcess(folder, ['--config', 'gateway.yaml'])
  t.after(async () => {
    await gateway.end('SIGKILL')
    system.closeAllConnections()
    system.close()
    await removeFolder(folder)
  })
  return { folder, gateway, system }
}

const ask = (gateway: ServeProcess, authority: CertificateAuthority) =>
  get(`${gateway.url}/a`, { ca: authority.certificate, servername: 'localhost' }).then(
    ({ status, body }) => `${status} ${body}`,
    (error: { code?: string }) => error.code,
  )
const masked = '200 {"tel":"***"}'

/** A connection that is kept open, and asks on it again and again. */
async function keptOpen(gateway: ServeProcess): Promise<{ ask(): Promise<string>; socket: TLSSocket }> {
  const { port, hostname } = new URL(gateway.url)
  const socket = connect({ host: hostname, port: Number(port), ca: before.certificate, servername: 'localhost' })
  await once(socket, 'secureConnect')
  socket.setEncoding('latin1')
  return {
    socket,
    async ask() {
      socket.write('GET /a HTTP/1.1\r\nhost: localhost\r\n\r\n')
      let text = ''
      while (!text.includes('}')) text += ((await once(socket, 'data')) as [string])[0]
      return text.slice(9, 12)
    },
  }
}

test('a renewed certificate is shown to whoever connects next, and connections that are open go on', async t => {
  const { folder, gateway } = await installed(t)
  assert.equal(await ask(gateway, before), masked)
  const open = await keptOpen(gateway)
  assert.equal(await open.ask(), '200')
  await renew(folder, 'own', await own(after))
  await until('the new one', async () => (await ask(gateway, after)) === masked)
  assert.match(String(await ask(gateway, before)), /UNABLE_TO_VERIFY|SELF_SIGNED/)
  const admin = await get(`${gateway.admin}/healthz`, { ca: after.certificate, servername: 'localhost' })
  assert.equal(admin.status, 200)
  assert.equal(await open.ask(), '200')
  open.socket.destroy()
  assert.match(gateway.stderr(), /changed certificates and keys are in force/)
})

test('a certificate without its key is refused and told, the old one goes on, and it is looked at again by SIGHUP', async t => {
  const { folder, gateway } = await installed(t)
  const other = await own(after)
  await put(folder, 'own.pem', other.certificate)
  await until('it to be told', () => gateway.stderr().includes('the old ones go on'))
  assert.equal(await ask(gateway, before), masked)
  await put(folder, 'own.key', other.key)
  process.kill(gateway.pid, 'SIGHUP')
  await until('the new one', async () => (await ask(gateway, after)) === masked)
  const outcomes: string[] = []
  for await (const entry of readRecords(join(folder, 'records')))
    if (entry.kind === 'config') outcomes.push(String(entry.outcome))
  assert.deepEqual(outcomes, ['loaded', 'refused', 'loaded'])
})

test('a system whose authority changes is trusted by the new one, and shown a new certificate', async t => {
  const { folder, gateway, system } = await installed(t)
  assert.equal(await ask(gateway, before), masked)
  const { certificate, key } = await own(after)
  system.setSecureContext({ cert: certificate, key, ca: after.certificate })
  system.closeAllConnections()
  await until('it not to be trusted', async () => String(await ask(gateway, before)).startsWith('502'))
  await put(folder, 'ca.pem', after.certificate)
  await renew(folder, 'client', await after.issue('CN=gateway'))
  await until('both', async () => (await ask(gateway, before)) === masked)
})

test('all workers take a renewed certificate up, and one that is started again has it', async t => {
  const { folder, gateway } = await installed(t, 'workers: 2\n')
  assert.equal(await ask(gateway, before), masked)
  await renew(folder, 'own', await own(after))
  const many = () => Promise.all(Array.from({ length: 8 }, () => ask(gateway, after)))
  await until('the new one', async () => (await many()).every(one => one === masked))
  const [first] = await gateway.workers()
  process.kill(first!, 'SIGKILL')
  await until('another in its place', async () => {
    const now = await gateway.workers()
    return now.length === 2 && !now.includes(first!)
  })
  await until('both to serve', () => (gateway.stderr().match(/started again/g) ?? []).length === 1)
  for (let round = 0; round < 3; round++) assert.ok((await many()).every(one => one === masked))
})
