/**
 * The life of grants: which are there, how each stands, and what may be done next. A pure state machine over events; the
 * same events in the same order give the same state, so it is made again from the records at each start.
 */
import type { GrantEvent } from '../../grant-event.ts'
import { isPerson, type Named } from '../../person-name.ts'
import { type Attempt, differences } from './attempt.ts'
import { longest, type Terms, type Verdict } from './terms.ts'

export type Status = 'asked' | 'ready' | 'used' | 'refused' | 'revoked' | 'expired' | 'voided'

/** What a person has signed, when, and in which group they were. */
export type Approval = {
  readonly person: string
  readonly group: string
  readonly signed: string | null
  readonly signature: string | null
}

export type Grant = {
  readonly terms: Terms
  /** The requester's, over the terms. */
  readonly signature: string | null
  readonly status: Status
  readonly approvals: readonly Approval[]
  /** Milliseconds since 1970 by which an emergency is to be reviewed; null: no review is due, or it is done. */
  readonly reviewDue: number | null
  /** How often each person has had a target compared with its own, by name. */
  readonly compared: ReadonlyMap<string, number>
  /** When it came to its end; null: it is open. */
  readonly ended: number | null
}

/** Somebody who asks or approves; `group`: null for those who may only ask. */
export type Person = Named & { readonly group: string | null }

/** By consumer: the audiences it can be in. */
export type Audiences = ReadonlyMap<string, ReadonlySet<string>>

/** Who is who now. */
export type Roles = {
  /** By name; null for those who may only ask. */
  readonly groups: ReadonlyMap<string, string | null>
  /** By name, where they have any elsewhere. */
  readonly logins?: ReadonlyMap<string, readonly string[]>
  readonly audiences: Audiences
  /** By kind of basis: who alone may approve. */
  readonly approvers: ReadonlyMap<string, ReadonlySet<string>>
}

export type Why =
  | 'unknown'
  | 'not_approved'
  | 'not_yet'
  | 'over'
  | 'used'
  | 'requester'
  | 'no_approver'
  | 'again'
  | 'nothing_due'
  | 'full'
  | 'own_approvers'
  | 'too_often'

export type Decided = { readonly event: GrantEvent } | { readonly why: Why } | { readonly differs: readonly string[] }

/** Milliseconds within which an emergency is to be reviewed. */
const reviewWithin = 86_400_000
/** Ended grants are remembered for so long; the records have them for as long as records are kept. */
const remembered = 31 * 86_400_000
/** Open grants at one time. */
const mostOpen = 10_000

/** Targets that one person may have compared with that of one grant. */
export const mostCompared = 5

export function approvalsNeeded({ emergency }: Terms): number {
  return emergency ? 1 : 2
}

export class Ledger {
  readonly #grants = new Map<string, Grant>()
  /** Open grants from before something was lost. */
  readonly #doubtful = new Set<string>()

  get(id: string): Grant | undefined {
    return this.#grants.get(id)
  }

  /** Oldest first. */
  all(): Grant[] {
    return [...this.#grants.values()]
  }

  /** Takes an event in. One that the state does not allow changes nothing: what is on record cannot make up a grant. */
  apply(event: GrantEvent, time: number): void {
    const { terms } = event
    const known = this.#grants.get(event.grant)
    if (event.action === 'asked') {
      if (known !== undefined || terms == null || terms.id !== event.grant) return
      const fresh = { status: 'asked', approvals: [], reviewDue: null, compared: new Map(), ended: null } as const
      this.#grants.set(terms.id, { terms, signature: event.signature, ...fresh })
    } else if (known !== undefined) {
      const next = after(known, event, time)
      if (next !== null) this.#grants.set(event.grant, next)
    }
  }

  /** Some of what happened is not to be read any more: it may have been the end of any grant that is open. */
  lost(): void {
    for (const { terms, ended } of this.all()) if (ended === null) this.#doubtful.add(terms.id)
  }

  /** Whether a new grant may be asked for. */
  ask(terms: Terms, by: Person, signature: string): Decided {
    if (this.#grants.has(terms.id) || terms.requester !== by.name) return { why: 'unknown' }
    if (this.all().filter(({ ended }) => ended === null).length >= mostOpen) return { why: 'full' }
    return { event: { ...said('asked', terms.id, by), signed: terms.made, signature, terms } }
  }

  /** Whether this person may say this of a grant. `own`: who alone may approve it; left out: all approvers may. */
  judge(
    verdict: Verdict,
    id: string,
    by: Person,
    sign: { signed: string; signature: string },
    now: number,
    own?: ReadonlySet<string>,
  ): Decided {
    const grant = this.#grants.get(id)
    if (grant === undefined) return { why: 'unknown' }
    const event = { ...said(actions[verdict], id, by), ...sign }
    const isOwn = isFor(grant.terms, by)
    if (verdict === 'review') return reviewable(grant, by) ?? { event }
    if (grant.ended !== null || now >= Date.parse(grant.terms.until)) return { why: 'over' }
    if (verdict === 'revoke') return isOwn || by.group !== null ? { event } : { why: 'no_approver' }
    if (by.group === null) return { why: 'no_approver' }
    if (isOwn) return { why: 'requester' }
    if (verdict === 'approve' && (grant.status === 'ready' || !counts(grant, by))) return { why: 'again' }
    if (verdict === 'approve' && own?.has(by.name) === false) return { event: { ...event, action: 'turned_away' } }
    return { event }
  }

  /** Whether this person may have a target compared with that of a grant: who may go on trying finds out whom it is for. */
  compare(id: string, by: Person): Decided {
    const grant = this.#grants.get(id)
    if (grant === undefined) return { why: 'unknown' }
    if ((grant.compared.get(by.name) ?? 0) >= mostCompared) return { why: 'too_often' }
    return { event: said('compared', id, by) }
  }

  /** Whether this request may use a grant now. It counts once its event was taken in, and never again. */
  use(attempt: Attempt, now: number): Decided {
    const grant = this.#grants.get(attempt.grant)
    if (grant === undefined) return { why: 'unknown' }
    if (grant.status === 'used') return { why: 'used' }
    if (grant.ended !== null || now >= Date.parse(grant.terms.until)) return { why: 'over' }
    if (grant.status !== 'ready') return { why: 'not_approved' }
    if (now < Date.parse(grant.terms.from)) return { why: 'not_yet' }
    const differs = differences(grant.terms, attempt)
    if (differs.length > 0) return { differs }
    return { event: { ...said('used', attempt.grant, null), address: attempt.address } }
  }

  /** What the gateway itself is to put on record now: ends of grants that nobody used in time. Forgets what is long over. */
  sweep(now: number): GrantEvent[] {
    const events: GrantEvent[] = []
    for (const [id, { terms, ended, reviewDue }] of this.#grants) {
      if (ended === null && now >= Date.parse(terms.until)) events.push(said('expired', id, null))
      else if (ended !== null && reviewDue === null && now - ended > remembered) this.#grants.delete(id)
    }
    return events
  }

  /**
   * Open grants that are void, as roles have changed (whoever asked or approved must still be there, in the group that
   * counted, and the consumer one that can be in its audience), or as nobody can know how they stand.
   */
  void(roles: Roles): GrantEvent[] {
    return this.all()
      .filter(grant => grant.ended === null && this.isVoid(grant, roles))
      .map(({ terms }) => said('voided', terms.id, null))
  }

  isVoid({ terms, approvals }: Grant, { groups, logins, audiences, approvers }: Roles): boolean {
    const own = approvers.get(terms.basis.kind)
    return (
      this.#doubtful.has(terms.id) ||
      !groups.has(terms.requester) ||
      audiences.get(terms.consumer)?.has(terms.audience) !== true ||
      approvals.some(
        ({ person: name, group }) =>
          groups.get(name) !== group ||
          own?.has(name) === false ||
          isFor(terms, { name, logins: logins?.get(name) ?? [] }),
      )
    )
  }
}

const actions = { approve: 'approved', refuse: 'refused', revoke: 'revoked', review: 'reviewed' } as const

function said(action: GrantEvent['action'], grant: string, by: Person | null): GrantEvent {
  // no group: an account without a key, or who may only ask
  const who = { person: by?.name ?? null, group: by?.group || null }
  return { kind: 'grant', action, grant, ...who, signed: null, signature: null }
}

/** Whether they asked for it, or are who will see what it opens. */
function isFor({ requester, operator }: Terms, person: Named): boolean {
  return isPerson(person, requester) || isPerson(person, operator)
}

/** An approval counts from somebody else than who asked and who will see it, once, and the second from another group than the first. */
function counts({ terms, approvals }: Grant, { name, group }: Person): boolean {
  return group !== null && !isFor(terms, { name }) && approvals.every(one => one.person !== name && one.group !== group)
}

/** By an approver who neither asked for it nor approved it. null: it may be reviewed. */
function reviewable({ terms, approvals, reviewDue }: Grant, by: Person): { why: Why } | null {
  if (reviewDue === null) return { why: 'nothing_due' }
  if (by.group === null) return { why: 'no_approver' }
  if (isFor(terms, by)) return { why: 'requester' }
  return approvals.some(({ person }) => person === by.name) ? { why: 'again' } : null
}

/** The grant after an event; null: the event does not count. */
function after(grant: Grant, event: GrantEvent, time: number): Grant | null {
  const { action, person, group, signed, signature } = event
  const by = { name: person ?? '', group }
  if (action === 'compared')
    return { ...grant, compared: new Map(grant.compared).set(by.name, (grant.compared.get(by.name) ?? 0) + 1) }
  if (action === 'reviewed') return reviewable(grant, by) === null ? { ...grant, reviewDue: null } : null
  if (grant.ended !== null) return null
  if (action === 'approved') {
    if (group === null || grant.status !== 'asked' || !counts(grant, by)) return null
    const approvals = [...grant.approvals, { person: by.name, group, signed, signature }]
    return { ...grant, approvals, status: approvals.length >= approvalsNeeded(grant.terms) ? 'ready' : 'asked' }
  }
  if (action === 'used') {
    if (grant.status !== 'ready') return null
    return { ...grant, status: 'used', ended: time, reviewDue: grant.terms.emergency ? time + reviewWithin : null }
  }
  if (action === 'asked' || action === 'turned_away') return null
  return { ...grant, status: action, ended: time }
}

/** Whether the times of a grant that is asked for are in order: within what a grant can hold for, and not over. */
export function isTimely({ from, until, emergency }: Terms, now: number): boolean {
  const [begins, ends] = [Date.parse(from), Date.parse(until)]
  return ends > now && begins < ends && ends - begins <= (emergency ? longest.emergency : longest.planned)
}
