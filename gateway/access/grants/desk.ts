/**
 * Where grants are asked for, given and used: one in the whole gateway. What it decides is on record, durably, before it
 * counts; in one order, so that of many requests with one grant one gets it. What it is told, by its log or by other
 * gateways, counts for a use only where the people's own signatures say the same.
 */

import type { GrantEvent } from '../../grant-event.ts'
import type { Deciding } from '../deciding.ts'
import type { Attempt } from './attempt.ts'
import {
  type Audiences,
  type Decided,
  type Grant,
  isTimely,
  Ledger,
  type Person,
  type Roles,
  type Why,
} from './ledger.ts'
import { type Terms, termsText, type Verdict, verdictText } from './terms.ts'

/** Somebody with a key. `verifies`: whether this is their signature, in base64, over the text. */
export type Signatory = Person & { verifies(text: string, signature: string): boolean }

export type DeskParts = {
  /** How decisions come into an order. */
  readonly deciding: Deciding<GrantEvent>
  /** Those who may ask or approve, by name. */
  readonly people: ReadonlyMap<string, Signatory>
  readonly audiences: Audiences
  /** By kind of basis: approvers, by name, who alone may approve; left out: all may on all. */
  readonly approvers?: Roles['approvers']
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Told of each event that was decided here, for alerts. */
  readonly onEvent?: (event: GrantEvent, grant: Grant) => void
}

export type Refused = { readonly why: Why | 'signature' | 'stale' | 'time' } | { readonly differs: readonly string[] }

/** A signature counts for so many milliseconds around the time in what was signed. */
export const signatureAge = 300_000

export type Past = { readonly event: GrantEvent; readonly time: number } | 'lost'

/** For the exchange, in whatever process it is. */
export type GrantUses = {
  /** The terms, if this request may use the grant now; nothing is used up. */
  look(attempt: Attempt): Promise<{ readonly terms: Terms } | Refused>
  /** The same, and uses it up: durable when it resolves. */
  use(attempt: Attempt): Promise<{ readonly terms: Terms } | Refused>
}

export type GrantDesk = GrantUses & {
  /** Brings in what other gateways have decided; rejects where that cannot be known. */
  refresh(): Promise<void>
  list(): readonly Grant[]
  get(id: string): Grant | undefined
  /** `by` asks for these terms, signed as `termsText` has them. */
  ask(terms: Terms, by: string, signature: string): Promise<{ readonly grant: Grant } | Refused>
  /** `by` says this of a grant, signed as `verdictText` has it with the time `signed`. */
  judge(
    verdict: Verdict,
    id: string,
    by: string,
    sign: { readonly signed: string; readonly signature: string },
  ): Promise<{ readonly grant: Grant } | Refused>
  /** Puts on record that this person has a target compared with that of a grant; refuses where they have done so often. */
  compare(id: string, by: Person): Promise<{ readonly grant: Grant } | Refused>
  /** Puts on record which grants are void, as roles have changed, and which nobody used in time. */
  sweep(): Promise<void>
}

/**
 * Opens the desk over what is on record, oldest first; `lost` stands where something cannot be read any more. Grants whose
 * roles have changed, or of which something may be lost, open nothing any more; `sweep` puts that on record.
 */
export async function openGrantDesk(parts: DeskParts, past: AsyncIterable<Past>): Promise<GrantDesk> {
  const ledger = new Ledger()
  for await (const one of past) {
    if (one === 'lost') ledger.lost()
    else ledger.apply(one.event, one.time)
  }
  return deskOver(ledger, parts)
}

function deskOver(ledger: Ledger, parts: DeskParts): GrantDesk {
  const { deciding, people, audiences, now, onEvent, approvers = new Map() } = parts
  const groups = new Map([...people].map(([name, { group }]) => [name, group]))
  const logins = new Map([...people].map(([name, { logins = [] }]) => [name, logins]))
  const roles: Roles = { groups, logins, audiences, approvers }
  const decisions = deciding({
    apply: (event, time) => ledger.apply(event, time),
    lost: () => ledger.lost(),
  })
  const take = async (decide: () => Decided | Refused): Promise<{ readonly grant: Grant } | Refused> => {
    const decided = await decisions.take(decide)
    if (!('event' in decided)) return decided
    const grant = ledger.get(decided.event.grant)!
    onEvent?.(decided.event, grant)
    return { grant }
  }
  /** Nobody's word is taken for a signature: neither the log's nor the database's. */
  const isSigned = ({ terms, signature, approvals }: Grant): boolean =>
    people.get(terms.requester)?.verifies(termsText(terms), signature ?? '') === true &&
    approvals.every(
      ({ person, signed, signature }) =>
        people.get(person)?.verifies(verdictText('approve', terms, signed ?? ''), signature ?? '') === true,
    )
  const decideUse = (attempt: Attempt): Decided | Refused => {
    const decided = ledger.use(attempt, now())
    if (!('event' in decided)) return decided
    const grant = ledger.get(attempt.grant)!
    if (ledger.isVoid(grant, roles)) return { why: 'over' }
    return isSigned(grant) ? decided : { why: 'signature' }
  }
  const termsOf = (grant: string) => ({ terms: ledger.get(grant)!.terms })
  return {
    list: () => ledger.all(),
    get: (id: string) => ledger.get(id),
    refresh: () => decisions.refresh(),
    ask: (terms: Terms, by: string, signature: string) =>
      take(() => {
        const person = people.get(by)
        if (person?.verifies(termsText(terms), signature) !== true) return { why: 'signature' }
        return isTimely(terms, now()) ? ledger.ask(terms, person, signature) : { why: 'time' }
      }),
    async judge(verdict: Verdict, id: string, by: string, sign: { signed: string; signature: string }) {
      let turnedAway = false
      const taken = await take(() => {
        const [person, grant] = [people.get(by), ledger.get(id)]
        if (grant === undefined) return { why: 'unknown' }
        const text = verdictText(verdict, grant.terms, sign.signed)
        if (person?.verifies(text, sign.signature) !== true) return { why: 'signature' }
        if (!(Math.abs(now() - Date.parse(sign.signed)) <= signatureAge)) return { why: 'stale' }
        const decided = ledger.judge(verdict, id, person, sign, now(), roles.approvers.get(grant.terms.basis.kind))
        turnedAway = 'event' in decided && decided.event.action === 'turned_away'
        return decided
      })
      return turnedAway ? { why: 'own_approvers' } : taken
    },
    compare: (id: string, by: Person) => take(() => ledger.compare(id, by)),
    async look(attempt: Attempt) {
      await decisions.refresh()
      const decided = decideUse(attempt)
      return 'event' in decided ? termsOf(attempt.grant) : decided
    },
    async use(attempt: Attempt) {
      const taken = await take(() => decideUse(attempt))
      if (!('grant' in taken)) return taken
      await decisions.confirmed()
      return termsOf(attempt.grant)
    },
    async sweep() {
      const due = () => [...ledger.void(roles), ...ledger.sweep(now())]
      // another gateway may have been first: what is due then is asked again
      for (const { grant } of due())
        await take(() => {
          const event = due().find(one => one.grant === grant)
          return event === undefined ? { why: 'over' } : { event }
        })
    },
  }
}
