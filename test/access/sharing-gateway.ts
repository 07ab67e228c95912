/** A gateway that decides with others in a real database: its desks and its log, without the serving. */
import { type GrantDesk, openGrantDesk, type Past, type Signatory } from '../../gateway/access/grants/desk.ts'
import type { Person } from '../../gateway/access/grants/ledger.ts'
import { type Terms, termsText, type Verdict, verdictText } from '../../gateway/access/grants/terms.ts'
import { type LockdownDesk, openLockdownDesk } from '../../gateway/access/lockdown/desk.ts'
import { HeldLockdowns } from '../../gateway/access/lockdown/held.ts'
import { SharedDeciding } from '../../gateway/cli/workers/shared-deciding.ts'
import type { PostgresSettings } from '../../gateway/config/config.ts'
import type { GrantEvent } from '../../gateway/grant-event.ts'
import type { LockdownEvent } from '../../gateway/lockdown-event.ts'
import { createLog } from '../../gateway/log.ts'
import type { Draft, OrderPlace } from '../../gateway/records/drafts.ts'
import { audiences, people } from './grant-steps.ts'
import { at } from './grants.ts'

export type Logged = (GrantEvent | LockdownEvent) & { readonly order?: OrderPlace }

export type SharingGateway = {
  readonly grants: GrantDesk
  readonly lockdowns: LockdownDesk
  /** Its log, oldest first; what it is opened with is in it already. */
  readonly events: Logged[]
  readonly said: string[]
  close(): Promise<void>
}

/** Signs by writing the name under the text: what a desk asks of a signature is that it fits. */
export const sign = (name: string, text: string): string => `${name} signed ${text}`

function signatories(staff: readonly Person[]): ReadonlyMap<string, Signatory> {
  return new Map(
    staff.map(one => [one.name, { ...one, verifies: (text, signature) => signature === sign(one.name, text) }]),
  )
}

export const keyOfAll = Buffer.alloc(32, 7)

export async function openSharing(
  database: PostgresSettings,
  {
    name = 'east',
    events = [],
    staff = people,
    now = Date.now,
    key = keyOfAll,
    gateways = null,
    within = 20_000,
  }: {
    name?: string
    events?: Logged[]
    staff?: readonly Person[]
    now?: () => number
    key?: Uint8Array
    gateways?: readonly string[] | null
    within?: number
  } = {},
): Promise<SharingGateway> {
  const [held, said] = [new HeldLockdowns(), [] as string[]]
  const last = events.findLast(({ order }) => order !== undefined)?.order
  for (const event of events) if (event.kind === 'lockdown') held.take(event, event.order?.epoch ?? null)
  const append = async (drafts: readonly Draft[]) => {
    events.push(...(drafts as Logged[]))
    return []
  }
  const sharing = new SharedDeciding({
    ...{ settings: { database, name, gateways }, key, append, held, now, within },
    // on a machine that is busy with other tests
    patience: { connect: 20_000, statement: 20_000 },
    from: last === undefined ? null : { epoch: last.epoch, nth: last.nth, mac: last.mac },
    log: createLog({ lang: 'en', write: line => void said.push(line), forPeople: false }),
  })
  const known = signatories(staff)
  const grants = await openGrantDesk(
    { deciding: sharing.of<GrantEvent>('grant'), people: known, audiences, now },
    past([...events]),
  )
  const lockdowns = await openLockdownDesk(
    {
      ...{ deciding: sharing.of<LockdownEvent>('lockdown'), people: known, now },
      spread: async () => [0],
    },
    locked([...events]),
  )
  await sharing.follow()
  await grants.sweep().catch(() => {})
  return { grants, lockdowns, events, said, close: () => sharing.close() }
}

async function* past(events: readonly Logged[]): AsyncGenerator<Past> {
  for (const event of events) if (event.kind === 'grant') yield { event, time: timeOf(event) }
}

async function* locked(events: readonly Logged[]): AsyncGenerator<{ event: LockdownEvent; time: number }> {
  for (const event of events) if (event.kind === 'lockdown') yield { event, time: timeOf(event) }
}

const timeOf = ({ order }: Logged) => Date.parse(order?.time ?? at(0))

export const ask = ({ grants }: SharingGateway, terms: Terms, by = terms.requester) =>
  grants.ask(terms, by, sign(by, termsText(terms)))

export const say = ({ grants }: SharingGateway, verdict: Verdict, by: string, terms: Terms, now: number) =>
  grants.judge(verdict, terms.id, by, { signed: at(now), signature: sign(by, verdictText(verdict, terms, at(now))) })
