/**
 * Where grants are asked for, given and used: one in the whole gateway. What it decides is on record, durably, before it
 * counts; one decision at a time, so that of many requests with one grant one gets it.
 */
import { createTurns } from '../in-turn.ts'
import type { Attempt } from './attempt.ts'
import {
  type Audiences,
  type Decided,
  type Grant,
  type GrantEvent,
  isTimely,
  Ledger,
  type Person,
  type Why,
} from './ledger.ts'
import { type Terms, termsText, type Verdict, verdictText } from './terms.ts'

/** Somebody with a key. `verifies`: whether this is their signature, in base64, over the text. */
export type Signatory = Person & { verifies(text: string, signature: string): boolean }

export type DeskParts = {
  /** Resolves when the event is durable. */
  readonly append: (event: GrantEvent) => Promise<unknown>
  /** Those who may ask or approve, by name. */
  readonly people: ReadonlyMap<string, Signatory>
  readonly audiences: Audiences
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Told of each event that counts, for alerts. */
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
  /** Puts the ends of grants on record that nobody used in time. */
  sweep(): Promise<void>
}

/**
 * Opens the desk over what is on record, oldest first; `lost` stands where something cannot be read any more. Grants whose
 * roles have changed, or of which something may be lost, are void, on record, before it resolves. Rejects with what `append`
 * rejects with.
 */
export async function openGrantDesk(parts: DeskParts, past: AsyncIterable<Past>): Promise<GrantDesk> {
  const ledger = new Ledger()
  for await (const one of past) {
    if (one === 'lost') ledger.lost()
    else ledger.apply(one.event, one.time)
  }
  const desk = deskOver(ledger, parts)
  const groups = new Map([...parts.people].map(([name, { group }]) => [name, group]))
  for (const event of ledger.void(groups, parts.audiences)) await desk.take({ event })
  await desk.sweep()
  return desk
}

function deskOver(ledger: Ledger, { append, people, now, onEvent }: DeskParts) {
  const inTurn = createTurns()
  const take = async (decided: Decided): Promise<{ readonly grant: Grant } | Refused> => {
    if (!('event' in decided)) return decided
    const { event } = decided
    await append(event)
    ledger.apply(event, now())
    const grant = ledger.get(event.grant)!
    onEvent?.(event, grant)
    return { grant }
  }
  const termsOf = (grant: string) => ({ terms: ledger.get(grant)!.terms })
  return {
    take,
    list: () => ledger.all(),
    get: (id: string) => ledger.get(id),
    ask: (terms: Terms, by: string, signature: string) =>
      inTurn(async () => {
        const person = people.get(by)
        if (person?.verifies(termsText(terms), signature) !== true) return { why: 'signature' as const }
        return isTimely(terms, now()) ? take(ledger.ask(terms, person, signature)) : { why: 'time' as const }
      }),
    judge: (verdict: Verdict, id: string, by: string, sign: { signed: string; signature: string }) =>
      inTurn(async () => {
        const [person, grant] = [people.get(by), ledger.get(id)]
        if (grant === undefined) return { why: 'unknown' as const }
        const text = verdictText(verdict, grant.terms, sign.signed)
        if (person?.verifies(text, sign.signature) !== true) return { why: 'signature' as const }
        if (!(Math.abs(now() - Date.parse(sign.signed)) <= signatureAge)) return { why: 'stale' as const }
        return take(ledger.judge(verdict, id, person, sign, now()))
      }),
    look: (attempt: Attempt) =>
      inTurn(async () => {
        const decided = ledger.use(attempt, now())
        return 'event' in decided ? termsOf(attempt.grant) : decided
      }),
    use: (attempt: Attempt) =>
      inTurn(async () => {
        const taken = await take(ledger.use(attempt, now()))
        return 'grant' in taken ? termsOf(attempt.grant) : taken
      }),
    sweep: () =>
      inTurn(async () => {
        for (const event of ledger.sweep(now())) await take({ event })
      }),
  }
}
