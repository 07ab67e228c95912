import assert from 'node:assert/strict'
import { mkdtemp, rename, writeFile } from 'node:fs/promises'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { endOfCrl } from '../../gateway/crl.ts'
import { certificateAuthority, type Issued } from '../support/certificate-authority.ts'
import { consumer } from '../support/consumer.ts'
import { type Got, get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const authority = await certificateAuthority()
const server = await authority.issue('CN=localhost', { dns: ['localhost'], server: true })
const [portal, other] = [await authority.issue('CN=portal'), await authority.issue('CN=other')]
const nobody = await authority.revoke()

let [folder, upstream]: [string, Upstream] = [] as never
let [gateway, required]: TestGateway[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"a":1}')
  })
  await writeFile(file(), nobody)
  const names = ['portal', 'other'].map(name =>
    consumer(name, { credentials: new Map([['client_certificate', { subject: { CN: name } }]]) }),
  )
  const consumers = new Map(names.map(one => [one.name, one]))
  const tls = {
    ...{ certificate: server.certificate, key: server.key, clientCa: authority.certificate },
    ...{ clientCrl: nobody, clientCrlFile: file() },
  }
  const start = (clientCertificates: 'optional' | 'required', more = {}) =>
    startTestGateway({
      upstream: upstream.url,
      config: { consumers, tls: { ...tls, clientCertificates }, ...more },
      closed: clientCertificates === 'optional',
      limits: { failedAuthentications: 100_000 },
    })
  gateway = await start('optional')
  required = await start('required', { consumers: new Map() })
})
after(async () => {
  await gateway!.close()
  await required!.close()
  await upstream.close()
  await removeFolder(folder)
})

const file = () => join(folder, 'revoked.pem')
const call = (shown: Issued, agent: Agent | false = false, to = gateway!): Promise<Got> =>
  get(`https://localhost:${to.port}/a`, {
    ...{ ca: authority.certificate, cert: shown.certificate, key: shown.key, agent, minVersion: 'TLSv1.3' },
  })
const outcome = (...given: Parameters<typeof call>) =>
  call(...given).then(
    ({ status, code }) => code ?? String(status),
    () => 'no answer',
  )

async function put(text: string): Promise<void> {
  await writeFile(`${file()}.new`, text)
  await rename(`${file()}.new`, file())
}

const becomes = (wanted: string, ...given: Parameters<typeof call>) =>
  until(wanted, async () => (await outcome(...given)) === wanted)

test('when a list says it is over is read from it', async () => {
  for (const year of ['2030', '2050', '2100']) {
    const end = new Date(`${year}-06-01T12:30:45Z`)
    assert.equal(endOfCrl(await authority.revokeUntil(end)), end.getTime())
  }
  assert.throws(() => endOfCrl('-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----'))
  assert.throws(() => endOfCrl('nothing'))
})

test('a certificate that is revoked counts no more, nor do connections and sessions made with it before', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxCachedSessions: 10 })
  assert.equal(await outcome(portal, agent), '200')
  await put(await authority.revoke(portal))
  await becomes('CREDENTIALS_WRONG', portal)
  assert.notEqual(await outcome(portal, agent), '200')
  await becomes('CREDENTIALS_WRONG', portal, agent)
  await becomes('200', other)
  agent.destroy()
})

test('without a list that can be read no certificate counts, and with one again they do', async () => {
  await put('nothing')
  await becomes('IDENTITY_UNAVAILABLE', other)
  await becomes('IDENTITY_UNAVAILABLE', other, false, required!)
  await until('it in the log', () => /no client certificate counts/.test(gateway!.log.join('')))
  await put(nobody)
  await becomes('200', other)
  await becomes('200', portal)
  await becomes('200', portal, false, required!)
})

test('a list that is over counts as none', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let served = ''
  // a machine with much to do may look when the list is over
  for (const seconds of [4, 45]) {
    const end = Date.now() + seconds * 1000
    await put(await authority.revokeUntil(new Date(end)))
    await until('the list to count', async () => Date.now() > end || (await outcome(other)) === '200')
    served = await outcome(other, agent)
    if (served === '200') break
  }
  assert.equal(served, '200')
  await becomes('CREDENTIALS_WRONG', other)
  assert.notEqual(await outcome(other, agent), '200')
  agent.destroy()
})
