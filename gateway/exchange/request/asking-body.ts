/**
 * Requests that ask by their body. They are held to the same rule as queries: who may not see a field could still learn it by
 * asking. Whether a body asks or writes is said by the route (`body`), as names alone do not tell.
 */
import { Refusal } from '../../errors.ts'
import { parameterTypes } from '../../policy/parameters.ts'
import type { Plan, TypeRule } from '../../policy/plan.ts'
import type { RoutePolicy } from '../../policy/policy.ts'
import { isSealedState } from '../page-states.ts'
import { readOtherwise } from './one-reading.ts'
import { isGraphql, type Pair } from './pairs.ts'
import { isLeftAlone, isMasked, namesIn, spellingsOf, typeSought } from './parameters.ts'
import { MaskedQuestion, type Searched, searchedBy } from './searched.ts'

export type AskedBody = {
  readonly method: string
  /** Of the label, in lower case without parameters; null: none. */
  readonly mediaType: string | null
  /** Names and values in it, as the system will get them; null: of a kind that is not read. */
  readonly pairs: () => readonly Pair[] | null
  /** Types whose tokens were restored in it: whoever holds a token learns nothing by asking for it. */
  readonly restored: ReadonlySet<TypeRule>
}

/** Longer texts are no questions, and reading them for names costs. */
const longestQuestion = 8192

const isShort = ({ value }: Pair) => value === null || value.length <= longestQuestion

/** Whether bodies sent by this method ask: as the route says, else all but those of PUT and PATCH, which write. */
export function asksByBody(method: string, { body }: RoutePolicy): boolean {
  return body === undefined ? method !== 'PUT' && method !== 'PATCH' : body === 'query'
}

/**
 * Throws PARAMETER_MASKED where a body asks by a field that the audience does not see clear, REQUEST_UNREADABLE where one
 * that asks cannot be read, and PARAMETER_UNDECLARED for GraphQL, where a field can be called anything, unless the route's
 * `query` declares a parameter `query`. Returns what it asked by.
 */
export function checkAskedBody(asked: AskedBody, route: RoutePolicy, plan: Plan): Searched[] {
  const { method, mediaType, restored } = asked
  const asks = asksByBody(method, route)
  if (!asks && method !== 'POST') return []
  const pairs = asked.pairs()
  const declared = route.query?.get('query') !== undefined
  if (!declared && isGraphql(mediaType, pairs ?? [])) throw new Refusal('PARAMETER_UNDECLARED')
  if (!asks) return []
  if (pairs === null) throw new Refusal('REQUEST_UNREADABLE')
  const searched: Searched[] = []
  const asking = ofForms.has(mediaType ?? '') ? withoutLeftAlone(pairs) : pairs
  for (const { name, value } of [...asking, ...readOtherwise(asking.filter(isShort))]) {
    const inValue = value !== null && value.length <= longestQuestion ? namesIn(name, value) : []
    for (const one of [...spellingsOf(name), ...inValue]) {
      const type = parameterTypes(plan, one)
      const isName = !inValue.includes(one)
      const by = searchedBy(type, isName ? value : null)
      if (isMasked(plan, one) && !restored.has(type!)) {
        // a member's name comes ahead of its value
        const behind = pairs.find(pair => isName && pair.name === name && pair.value !== null)
        throw new MaskedQuestion([searchedBy(type, behind?.value ?? null)!])
      }
      if (by !== null) searched.push(by)
    }
    const sought = typeSought(plan, name, value)
    if (sought !== null && !restored.has(sought)) throw new MaskedQuestion([searchedBy(sought, value)!])
  }
  return searched
}

const ofForms: ReadonlySet<string> = new Set(['application/x-www-form-urlencoded', 'multipart/form-data'])

/** A page that keeps a state, which has been opened by now, sends all of its controls along, whatever is asked by it. */
function withoutLeftAlone(pairs: readonly Pair[]): readonly Pair[] {
  const isPostback = pairs.some(({ value }) => value !== null && isSealedState(value))
  return isPostback ? pairs.filter(({ name, value }) => !isLeftAlone(name, value)) : pairs
}
