/** What counts until a certain moment only, and when that is: of the configuration, the policy, the keys and the grants. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Grant } from '../../access/grants/ledger.ts'
import { readGenerations, readUntil, stateOf } from '../../access/key-generations.ts'
import type { Config } from '../../config/config.ts'
import { endOfCrl } from '../../crl.ts'
import type { Policy } from '../../policy/policy.ts'

export const expirables = ['consumer', 'system', 'route', 'key', 'certificate', 'revocations', 'grant'] as const
export type Expirable = (typeof expirables)[number]

export type Expiring = {
  readonly what: Expirable
  /** As it is named in the configuration or the keys folder; of a route, its system. */
  readonly name: string
  readonly route: string | null
  /** Milliseconds since 1970: the first moment at which it counts no more. */
  readonly until: number
}

export type ExpiringParts = {
  readonly config: Config
  readonly policy: Policy
  readonly grants: readonly Grant[]
  readonly now: number
  /** So many milliseconds ahead. */
  readonly ahead: number
}

/** Grants are made for days at most: the last day of one that nobody used is what counts. */
const grantAhead = 86_400_000
/** An older key is read for as long as an overlap lasts: all of it would be a warning, though nobody has anything to do. */
const keyAhead = 3 * 86_400_000

/** Those that are over, or will be soon; the first to end first. Rejects with KeyFault where keys cannot be read. */
export async function expiringOf(parts: ExpiringParts): Promise<Expiring[]> {
  const { config, policy, grants, now, ahead } = parts
  const found = [...ofConfig(config), ...ofRoutes(policy), ...ofCertificates(config), ...(await ofKeys(config, now))]
  const open = grants.filter(({ status }) => status === 'asked' || status === 'ready')
  const ofGrants = open.map(({ terms }) => one('grant', terms.id, Date.parse(terms.until)))
  return [
    ...found.filter(({ what, until }) => until <= now + (what === 'key' ? Math.min(ahead, keyAhead) : ahead)),
    ...ofGrants.filter(({ until }) => until <= now + Math.min(ahead, grantAhead)),
  ].sort((first, second) => first.until - second.until)
}

function one(what: Expirable, name: string, until: number, route: string | null = null): Expiring {
  return { what, name, route, until }
}

function ofConfig({ consumers, systems }: Config): Expiring[] {
  const known = [
    ...[...consumers.values()].map(({ name, until }) => ({ what: 'consumer' as const, name, until })),
    ...[...systems.values()].map(({ name, until }) => ({ what: 'system' as const, name, until })),
  ]
  return known.flatMap(({ what, name, until }) => (until === null ? [] : [one(what, name, until)]))
}

function ofRoutes({ systems }: Policy): Expiring[] {
  return [...systems.values()].flatMap(({ name, routes }) =>
    routes.flatMap(({ template, period }) =>
      period?.until == null ? [] : [one('route', name, period.until, template.text)],
    ),
  )
}

/** Of a file with several the first to end. What is not read as configured has been told at the start. */
function ofCertificates({ tls, signIn, systems, postgres }: Config): Expiring[] {
  const files: [string, string | null][] = [
    ['tls.certificate', tls?.certificate ?? null],
    ['tls.client_ca', tls?.clientCa ?? null],
    ['admin.certificate', signIn.tls?.certificate ?? null],
    ...[...systems.values()].flatMap(({ name, upstream }): [string, string | null][] => [
      [`${name}.client_certificate`, upstream.tls?.certificate ?? null],
      [`${name}.ca`, upstream.tls?.ca ?? null],
    ]),
    ['postgres.client_certificate', postgres?.tls?.certificate ?? null],
    ['postgres.ca', postgres?.tls?.ca ?? null],
  ]
  const certificates = files.flatMap(([name, pem]) => {
    const end = pem === null ? null : endOfCertificates(pem)
    return end === null ? [] : [one('certificate', name, end)]
  })
  const list = tls?.clientCrl == null ? null : endOfList(tls.clientCrlFile, tls.clientCrl)
  return list === null ? certificates : [...certificates, one('revocations', 'tls.client_crl', list)]
}

function endOfCertificates(pem: string): number | null {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  const ends = blocks.map(block => new X509Certificate(block).validToDate.getTime())
  return ends.length === 0 ? null : Math.min(...ends)
}

/** Of the file as it is now; one that cannot be read is over. */
function endOfList(file: string | undefined, given: string): number | null {
  try {
    return endOfCrl(file === undefined ? given : readFileSync(file, 'utf8'))
  } catch {
    return 0
  }
}

/** Generations that are read still, and will not be. */
async function ofKeys({ keys: folder, keyOverlapDays: granted }: Config, now: number): Promise<Expiring[]> {
  const all = [...(await readGenerations(folder)).values()]
  return all.flatMap(list =>
    list.flatMap(key => {
      const until = stateOf(list, key, now, granted) === 'readable' ? readUntil(list, key, granted) : null
      return until === null ? [] : [one('key', `${key.name}.${key.number}`, until)]
    }),
  )
}
