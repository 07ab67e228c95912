/** From what somebody wants to the terms of a grant, in full; or what of it cannot be. Nothing comes of it unless it is signed. */
import { isTimely } from '../access/grants/ledger.ts'
import { type Sight, sightOf, sightPattern, type Terms } from '../access/grants/terms.ts'
import { randomId } from '../access/random-id.ts'
import { mayRefer, type References } from '../access/statement.ts'
import { parseNetwork } from '../address.ts'
import { type BasisKind, basisKinds, type Consumer } from '../config/config.ts'
import type { Policy, RoutePolicy, SystemPolicy } from '../policy/policy.ts'

/** `type`: its label, as the request will have it. */
export type PostedBody = { readonly type: string; readonly base64: string }

/** What is asked for: the terms as a person writes them. */
export type Wanted = {
  readonly operator: string
  readonly consumer: string
  /** Left out: the consumer's own. */
  readonly audience?: string
  readonly purpose?: string | null
  readonly basis: { readonly kind: string; readonly ref?: string | null }
  readonly system: string
  /** Path, and query after a question mark, under the system: `/api/students/7`. It is not written down. */
  readonly target: string
  /** What is posted to it, of a route that is asked by POST; it is not written down either. Left out: asked by GET. */
  readonly body?: PostedBody
  /** `cn_resident_id:clear`. */
  readonly sees: readonly string[]
  readonly rows: number
  readonly format?: string | null
  readonly terminals: readonly string[]
  /** UTC, as in records. Left out: now. */
  readonly from?: string
  readonly until: string
  readonly emergency?: boolean
}

export type DraftParts = {
  readonly policy: () => Policy
  readonly consumers: ReadonlyMap<string, Consumer>
  /** What references of bases look like here. */
  readonly references: References
  readonly formats: ReadonlySet<string>
  /** The normal form of a target and what stands for it in the grant of this id; null: it is none. `body`: null, what is posted cannot be compared. */
  readonly queryOf: (
    grant: string,
    target: string,
    body: PostedBody | null,
  ) => { readonly path: string; readonly index: string | null } | null
  /** Whether a detector finds something personal in it. */
  readonly isPersonal: (text: string) => boolean
  readonly now: () => number
}

/** Names of what is wrong: the keys of `Wanted`. */
export type DraftFault = keyof Wanted

const operatorShape = /^[A-Za-z0-9](?:[A-Za-z0-9._@+-]{0,62}[A-Za-z0-9])?$/
/** What would make a signed text of a grant longer than anybody reads. */
const [mostSees, mostTerminals, mostRows] = [64, 16, 1_000_000]

/** The terms for `requester`, or all that is wrong. */
export function draftGrant(
  wanted: Wanted,
  requester: string,
  parts: DraftParts,
): { readonly terms: Terms } | { readonly wrong: readonly DraftFault[] } {
  const wrong = new Set<DraftFault>()
  const consumer = parts.consumers.get(wanted.consumer)
  if (consumer === undefined) wrong.add('consumer')
  const policy = parts.policy()
  const { basis, audience, purpose } = statedBy(wanted, consumer, parts, wrong)
  const id = randomId()
  const place = placeOf(id, wanted, policy, parts, wrong)
  const sees = place === null ? [] : seesOf(wanted.sees, policy, { ...place, audience }, wrong)
  const terminals = terminalsOf(wanted.terminals, wrong)
  if (!Number.isSafeInteger(wanted.rows) || wanted.rows < 1 || wanted.rows > mostRows) wrong.add('rows')
  const format = wanted.format ?? null
  if (format !== null && !parts.formats.has(format)) wrong.add('format')
  const made = new Date(parts.now()).toISOString()
  const [from, until] = [wanted.from ?? made, wanted.until]
  const terms: Terms = {
    id,
    ...{ requester, operator: wanted.operator, consumer: wanted.consumer, audience, purpose, basis },
    ...{ system: wanted.system, route: place?.route.template.text ?? '', query: place?.index ?? '' },
    ...(wanted.body !== undefined && { method: 'POST' as const }),
    ...{ sees, rows: wanted.rows, format, terminals, from, until, emergency: wanted.emergency ?? false, made },
  }
  if (!isTime(from) || !isTime(until) || !isTimely(terms, parts.now())) wrong.add('until')
  return wrong.size === 0 ? { terms } : { wrong: [...wrong] }
}

/** Who would ask, what for and why, as the request will have to say it. */
function statedBy(wanted: Wanted, consumer: Consumer | undefined, parts: DraftParts, wrong: Set<DraftFault>) {
  const { operator } = wanted
  if (!operatorShape.test(operator) || parts.isPersonal(operator)) wrong.add('operator')
  const kind = basisKinds.find(one => one === wanted.basis.kind) ?? 'work_order'
  const ref = wanted.basis.ref ?? null
  if (kind !== wanted.basis.kind || consumer?.bases.includes(kind) !== true) wrong.add('basis')
  if (!mayRefer(kind, ref, parts.references) || (ref !== null && parts.isPersonal(ref))) wrong.add('basis')
  const purpose = wanted.purpose ?? null
  if (purpose !== null && consumer?.purposes?.includes(purpose) !== true) wrong.add('purpose')
  const audience = wanted.audience ?? consumer?.audience ?? ''
  if (consumer !== undefined && !audiencesOf(consumer).has(audience)) wrong.add('audience')
  return { basis: { kind: kind as BasisKind, ref }, purpose, audience }
}

/** The audiences a consumer can be in. */
export function audiencesOf({ audience, audiences }: Consumer): ReadonlySet<string> {
  return new Set([audience, ...audiences.values()])
}

type Place = { readonly system: SystemPolicy; readonly route: RoutePolicy; readonly index: string }

function placeOf(id: string, wanted: Wanted, policy: Policy, parts: DraftParts, wrong: Set<DraftFault>): Place | null {
  const system = policy.systems.get(wanted.system)
  if (system === undefined) wrong.add('system')
  const query = parts.queryOf(id, wanted.target, wanted.body ?? null)
  const match = query === null ? undefined : system?.match(wanted.body === undefined ? 'GET' : 'POST', query.path)
  if (system === undefined || query === null || match === undefined || 'refused' in match) {
    if (system !== undefined) wrong.add('target')
    return null
  }
  const isAsked = wanted.body === undefined || match.route.body !== 'data'
  if (query.index === null || !isAsked) wrong.add('body')
  return { system, route: match.route, index: query.index ?? '' }
}

/** With their cells, sorted; each of a level that a grant may open to this audience. */
function seesOf(
  written: readonly string[],
  policy: Policy,
  { system, route, audience }: Place & { audience: string },
  wrong: Set<DraftFault>,
): string[] {
  const sees = written.map(one => {
    const [type = '', form = 'clear'] = one.split(':')
    return `${type}@${policy.catalogue.get(type)?.cell ?? ''}:${form}`
  })
  const sights: Sight[] = sees.filter(one => sightPattern.test(one)).map(sightOf)
  if (sights.length < sees.length || sees.length > mostSees || new Set(sees).size < sees.length) wrong.add('sees')
  else if (policy.audiences.has(audience)) {
    const plan = policy.grantedPlan(system, route, audience, { sees: sights, rows: 1 }, new Set())
    // what else a level asks for, the request will have to present when it comes
    if ('missing' in plan && plan.missing.includes('grant')) wrong.add('sees')
  }
  return sees.sort()
}

function terminalsOf(written: readonly string[], wrong: Set<DraftFault>): string[] {
  const terminals = written.map(one => {
    if (/^cert:[0-9a-f]{64}$/.test(one)) return one
    const network = parseNetwork(one)
    if ('fault' in network) wrong.add('terminals')
    return 'fault' in network ? '' : network.text
  })
  if (terminals.length === 0 || terminals.length > mostTerminals) wrong.add('terminals')
  return terminals
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text))
}
