/**
 * Requests that ask by their body. They are held to the same rule as queries: who may not see a field could still learn it by
 * asking. Whether a body asks or writes is said by the route (`body`), as names alone do not tell.
 */
import { Refusal } from '../../errors.ts'
import { parameterTypes } from '../../policy/parameters.ts'
import type { Plan, TypeRule } from '../../policy/plan.ts'
import type { RoutePolicy } from '../../policy/policy.ts'
import { isSealedState } from '../page-states.ts'
import type { Pausing } from '../turns.ts'
import { gridQuestions } from './grid.ts'
import { namesIn } from './named-in-value.ts'
import { readOtherwise } from './one-reading.ts'
import { isGraphql, isGraphqlLabel, type Pair } from './pairs.ts'
import { isMasked, typeSought } from './parameters.ts'
import { MaskedQuestion, mostSearched, type Searched, searchedBy } from './searched.ts'
import { isLeftAlone, spellingsOf } from './spellings.ts'

export type AskedBody = {
  readonly method: string
  /** Of the label, in lower case without parameters; null: none. */
  readonly mediaType: string | null
  /** Names and values in it, as the system will get them, from the first on at each call; null: of a kind that is not read. */
  readonly pairs: () => Iterable<Pair> | null
  /** Types whose tokens were restored in it: whoever holds a token learns nothing by asking for it. */
  readonly restored: ReadonlySet<TypeRule>
}

/** Longer texts are no questions, and reading them for names costs. */
const longestQuestion = 8192

/** Names and values in one body, each counted once: some seconds of work. What holds more has something to store. */
const mostQuestions = 500_000

const isShort = ({ value }: Pair) => value === null || value.length <= longestQuestion

/** Whether bodies sent by this method ask: as the route says, else all but those of PUT and PATCH, which write. */
export function asksByBody(method: string, { body }: RoutePolicy): boolean {
  return body === undefined ? method !== 'PUT' && method !== 'PATCH' : body !== 'data'
}

/**
 * Throws PARAMETER_MASKED where a body asks by a field that the audience does not see clear, REQUEST_UNREADABLE where one
 * that asks cannot be read, REQUEST_TOO_LARGE where it asks by more than anybody does, and PARAMETER_UNDECLARED for GraphQL, where a
 * field can be called anything: routes of it have rules of their own (graphql/). Returns what it asked by.
 */
export function* checkAskedBody(asked: AskedBody, route: RoutePolicy, plan: Plan): Pausing<Searched[]> {
  const { method, mediaType } = asked
  const asks = asksByBody(method, route)
  if (!asks && method !== 'POST') return []
  const pairs = asked.pairs()
  const isDocument = isGraphqlLabel(mediaType) || (yield* isAny(pairs ?? [], isGraphql))
  if (isDocument) throw new Refusal('PARAMETER_UNDECLARED', { detail: ofGraphql })
  if (!asks) return []
  if (pairs === null) throw new Refusal('REQUEST_UNREADABLE')
  // a page that keeps a state, which has been opened by now, sends all of its controls along, whatever is asked by it
  const isPostback = ofForms.has(mediaType ?? '') && (yield* isAny(asked.pairs()!, holdsState))
  const questions = new Questions(asked, plan)
  const few = ofForms.has(mediaType ?? '') ? yield* atMost(mostOfGrid, asked.pairs()!) : null
  for (const pair of few === null ? asked.pairs()! : gridQuestions(few)) {
    yield
    if (!(isPostback && isLeftAlone(pair.name, pair.value))) yield* questions.ask(pair)
  }
  return questions.searched
}

const ofGraphql = {
  zh: 'GraphQL 只能发给策略写了 body: graphql 的路由',
  en: 'GraphQL is taken on routes whose policy says body: graphql',
}

/** What these pairs ask by. Throws PARAMETER_MASKED, REQUEST_TOO_LARGE. */
export function* askBy(pairs: () => Iterable<Pair>, restored: AskedBody['restored'], plan: Plan): Pausing<Searched[]> {
  const questions = new Questions({ pairs, restored }, plan)
  for (const pair of pairs()) {
    yield
    yield* questions.ask(pair)
  }
  return questions.searched
}

/** Whether any pair is such; pausing at each. */
export function* isAny(pairs: Iterable<Pair>, isSuch: (pair: Pair) => boolean): Pausing<boolean> {
  for (const pair of pairs) {
    yield
    if (isSuch(pair)) return true
  }
  return false
}

/** No grid sends more. */
const mostOfGrid = 2000

/** The pairs, if they are no more than so many; pausing at each. */
function* atMost(most: number, pairs: Iterable<Pair>): Pausing<Pair[] | null> {
  const few: Pair[] = []
  for (const pair of pairs) {
    yield
    if (few.push(pair) > most) return null
  }
  return few
}

const ofForms: ReadonlySet<string> = new Set(['application/x-www-form-urlencoded', 'multipart/form-data'])

const holdsState = ({ value }: Pair) => value !== null && isSealedState(value)

/** What one body asks by, and whether that may be. */
class Questions {
  readonly #asked: Pick<AskedBody, 'pairs' | 'restored'>
  readonly #plan: Plan
  /** Names, and names with a value, that were looked at: rows have the same ones over and over. */
  readonly #known = new Set<string>()
  readonly #searched = new Map<string, Searched>()

  constructor(asked: Pick<AskedBody, 'pairs' | 'restored'>, plan: Plan) {
    this.#asked = asked
    this.#plan = plan
  }

  get searched(): Searched[] {
    return [...this.#searched.values()]
  }

  /** Throws PARAMETER_MASKED, REQUEST_TOO_LARGE. */
  *ask(pair: Pair): Pausing<void> {
    for (const one of isShort(pair) ? [pair, ...readOtherwise([pair])] : [pair]) {
      const key = one.value === null ? one.name : `${one.name}\0${one.value}`
      if (this.#known.has(key)) continue
      if (this.#known.size >= mostQuestions) throw new Refusal('REQUEST_TOO_LARGE')
      this.#known.add(key)
      yield* this.#look(one)
    }
  }

  *#look({ name, value }: Pair): Pausing<void> {
    if (name.length > longestQuestion) throw new Refusal('REQUEST_TOO_LARGE')
    const inValue = value !== null && value.length <= longestQuestion ? namesIn(name, value) : []
    const spellings = spellingsOf(name)
    for (const one of new Set([...spellings, ...inValue])) {
      const type = parameterTypes(this.#plan, one)
      const isName = !inValue.includes(one)
      if (isMasked(this.#plan, one) && !this.#asked.restored.has(type!))
        throw new MaskedQuestion([searchedBy(type, isName ? yield* this.#behind(name) : null)!])
      this.#note(searchedBy(type, isName ? value : null))
    }
    const sought = typeSought(this.#plan, name, value, spellings)
    if (sought !== null && !this.#asked.restored.has(sought)) throw new MaskedQuestion([searchedBy(sought, value)!])
  }

  /** A member's name comes ahead of its value. */
  *#behind(name: string): Pausing<string | null> {
    for (const pair of this.#asked.pairs()!) {
      yield
      if (pair.name === name && pair.value !== null) return pair.value
    }
    return null
  }

  #note(by: Searched | null): void {
    if (by !== null && this.#searched.size < mostSearched) this.#searched.set(`${by.type}\0${by.value}`, by)
  }
}
