import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Grant } from '../../gateway/access/grants/ledger.ts'
import { makeGeneration } from '../../gateway/access/key-generations.ts'
import { openKeys } from '../../gateway/access/keys.ts'
import { expiringOf } from '../../gateway/cli/serve/expiring.ts'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import { certificateAuthority } from '../support/certificate-authority.ts'
import { consumer } from '../support/consumer.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const day = 86_400_000
const now = Date.now()
const authority = await certificateAuthority()
const server = await authority.issue('CN=localhost', {
  dns: ['localhost'],
  server: true,
  until: new Date(now + 5 * day),
})

let [folder, upstream, gateway]: [string, Upstream, TestGateway] = [] as never

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((_request, response) => response.end('{}'))
  const daysOn = (days: number) => new Date(now + days * day).toISOString().replace(/\.\d+/, '')
  const keys = await openKeys(join(folder, 'keys'))
  assert.ok(keys.ring)
  await makeGeneration(join(folder, 'keys'), 'mask-token', { number: 2, overlapDays: 3, now })
  // in the middle of an overlap nobody has anything to do
  await makeGeneration(join(folder, 'keys'), 'mask-ff1', { number: 2, overlapDays: 20, now })
  const consumers = [
    consumer('ending', { addresses: ['10.1.0.0/16'], until: now + 2 * day }),
    consumer('ended', { addresses: ['10.2.0.0/16'], until: now - day }),
    consumer('staying', { addresses: ['10.3.0.0/16'], until: now + 31 * day }),
  ]
  gateway = await startTestGateway({
    upstream: upstream.url,
    directory: folder,
    policies: {
      'systems/upstream.yaml': `system: upstream\nroutes: [{ path: "/a/{id}", until: "${daysOn(10)}" }, { path: /b }]\n`,
    },
    system: { until: now + 20 * day },
    config: {
      consumers: new Map(consumers.map(one => [one.name, one])),
      admin: { host: '127.0.0.1', port: 0 },
      tls: {
        ...{ certificate: server.certificate, key: server.key, clientCa: authority.certificate },
        ...{ clientCertificates: 'optional', clientCrl: await authority.revokeUntil(new Date(now + 4 * day)) },
      },
    },
  })
})
after(async () => {
  await gateway?.close()
  await upstream.close()
  await removeFolder(folder)
})

test('each is on record once, and in the log', async () => {
  const found = await until('seven on record', async () => {
    const expiries = (await gateway.records()).filter(({ kind }) => kind === 'expiry')
    return expiries.length >= 7 ? expiries : null
  })
  assert.deepEqual(
    found.map(one => [one['what'], one['name'], one['route'], one['state']].join(' ').replace('  ', ' ')),
    [
      'consumer ended over',
      'consumer ending soon',
      'key mask-token.1 soon',
      'revocations tls.client_crl soon',
      'certificate tls.certificate soon',
      'route upstream /a/{id} soon',
      'system upstream soon',
    ],
  )
  await until('the one that is over in the log', () => /"code":"CONSUMER".*counts no more/.test(gateway.log.join('')))
})

test('metrics count them, and a report says that they need attention', async () => {
  const token = (await readFile(join(folder, 'keys/admin.secret'), 'utf8')).trim()
  const answer = await fetch(`http://127.0.0.1:${gateway.running.admin!.port}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
  })
  assert.match(await answer.text(), /^veilgate_expiring\{what="consumer"\} 2$/m)
  const out = join(folder, 'report.html')
  const { time } = (await gateway.records()).find(({ kind }) => kind === 'expiry')!
  const today = String(time).slice(0, 10)
  const ran = await runCommand([
    'records',
    'report',
    '--period',
    'day',
    '--day',
    today,
    '--records',
    join(folder, 'records'),
    '--out',
    out,
    '--timezone',
    'UTC',
  ])
  assert.equal(ran.status, 0, ran.stderr)
  assert.match(await readFile(out, 'utf8'), /Ends soon, or has ended \(7\): consumer ended/)
})

test('a grant that nobody used is told on its last day, and one that is over is not', async () => {
  const grant = (id: string, status: Grant['status'], until: number) =>
    ({ status, terms: { id, until: new Date(until).toISOString() } }) as unknown as Grant
  const { running } = gateway
  const config = upstreamOnly(upstream.url, { directory: folder })!
  const found = await expiringOf({
    ...{ config, policy: running.policy, now, ahead: 2 * day },
    grants: [grant('a', 'ready', now + day / 2), grant('b', 'ready', now + 1.5 * day), grant('c', 'used', now + 1)],
  })
  assert.deepEqual(
    found.filter(({ what }) => what === 'grant').map(({ name }) => name),
    ['a'],
  )
})

test('the certificate of the admin listener is told of, too', async () => {
  const config = upstreamOnly(upstream.url, { directory: folder })!
  const tls = { certificate: server.certificate, key: server.key }
  const found = await expiringOf({
    ...{
      config: { ...config, signIn: { ...config.signIn, tls } },
      policy: gateway.running.policy,
      now,
      ahead: 6 * day,
    },
    grants: [],
  })
  assert.ok(found.some(({ what, name }) => what === 'certificate' && name === 'admin.certificate'))
})
