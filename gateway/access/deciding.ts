/**
 * How what people decide comes into one order: grants and lockdowns are state machines, and each event is decided on the
 * state that all events before it have made. Alone, a gateway takes one decision after the other; gateways that share a
 * database take theirs in the order that it keeps (cli/workers/shared-deciding.ts).
 */
import { createTurns } from './in-turn.ts'

/** What events make, in one gateway. */
export type State<Event> = {
  /** Takes an event in, of this gateway or another; resolves once all that it changes here is changed. `time`: when it was decided. */
  apply(event: Event, time: number): void | Promise<void>
  /** The order has begun anew: what another one had open is not in it. */
  lost?(): void
}

export type Decisions<Event> = {
  /** Decides on the newest state. An event counts, and is applied, once it is durable; if that fails it rejects and nothing counts. */
  take<Refused>(decide: () => { readonly event: Event } | Refused): Promise<{ readonly event: Event } | Refused>
  /** The same where others cannot be reached: it counts here at once, and with them when they can be. */
  takeHere<Refused>(decide: () => { readonly event: Event } | Refused): Promise<{ readonly event: Event } | Refused>
  /** Brings in what others have decided. Rejects where that cannot be known. */
  refresh(): Promise<void>
  /** Resolves once so many gateways have what was decided last that nobody can take it from all of them; rejects where they have not within a second. */
  confirmed(): Promise<void>
  /** Milliseconds until each other gateway has taken in what was decided last; null: it has not said so within a second. */
  elsewhere(): Promise<(number | null)[]>
}

export type Deciding<Event> = (state: State<Event>) => Decisions<Event>

/** One gateway alone. `append` resolves when the event is durable. */
export function alone<Event>(append: (event: Event) => Promise<unknown>, now: () => number): Deciding<Event> {
  return state => {
    const inTurn = createTurns()
    const take = <Refused>(decide: () => { readonly event: Event } | Refused) =>
      inTurn(async () => {
        const decided = decide()
        if (!isEvent<Event>(decided)) return decided
        await append(decided.event)
        await state.apply(decided.event, now())
        return decided
      })
    return { take, takeHere: take, refresh: async () => {}, confirmed: async () => {}, elsewhere: async () => [] }
  }
}

export function isEvent<Event>(decided: unknown): decided is { readonly event: Event } {
  return typeof decided === 'object' && decided !== null && 'event' in decided
}
