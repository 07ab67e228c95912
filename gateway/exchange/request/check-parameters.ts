/** The parameters of a query: which of them may be asked, and what they ask by. */
import { Refusal } from '../../errors.ts'
import { parameterTypes, refuseParameter } from '../../policy/parameters.ts'
import type { Plan } from '../../policy/plan.ts'
import type { RoutePolicy } from '../../policy/policy.ts'
import { checkChosen } from './chosen.ts'
import { checkGraphqlQuery, isOfGraphql } from './graphql/sent.ts'
import { gridQuestions } from './grid.ts'
import { namesIn } from './named-in-value.ts'
import { readOtherwise } from './one-reading.ts'
import { isMasked, named, typeSought } from './parameters.ts'
import { MaskedQuestion, type Searched, searchedBy } from './searched.ts'
import { asksByValue, spellingsOf } from './spellings.ts'
import type { Parameter, Target } from './target.ts'

/**
 * Whether this audience may ask by these parameters. Who may not see a field could still learn it by asking: whether
 * somebody with this number is there, or who comes first in order of it. So a parameter is refused that is named like a
 * masked field, in whatever spelling frameworks have for that, and so is a value that names one where it sorts,
 * filters or selects, but where the policy says that its parameter chooses fields by their names. Throws PARAMETER_UNDECLARED, PARAMETER_MASKED or CHOICE_REFUSED.
 *
 * Returns what the request asked by.
 */
export function checkParameters(all: readonly Parameter[], route: RoutePolicy, plan: Plan): Searched[] {
  const isGraphql = route.body === 'graphql'
  const searched: Searched[] = isGraphql ? [...(checkGraphqlQuery(all, route, plan)?.searched ?? [])] : []
  const parameters = isGraphql ? all.filter(one => !isOfGraphql(one)) : all
  for (const { name } of parameters) {
    const isDeclared = route.query?.get(name) !== undefined
    if (!isDeclared && (overridesMethod.test(name) || route.query !== null)) throw new Refusal('PARAMETER_UNDECLARED')
  }
  for (const { name, value } of gridQuestions(parameters.filter(one => !isChoice(one, route, plan)))) {
    const spellings = spellingsOf(name)
    for (const spelling of spellings) {
      if (refuseParameter(plan, route, spelling) === 'PARAMETER_MASKED')
        throw new MaskedQuestion(named(plan, [spelling, name], value))
    }
    const declared = route.query?.get(name)
    const asks = declared === undefined || asksByValue.test(name)
    const masked =
      value !== null && asks
        ? namesIn(name, value, route.assets === null).find(found => isMasked(plan, found))
        : undefined
    if (masked !== undefined) throw new MaskedQuestion(named(plan, [masked], null))
    const sought = declared === undefined ? typeSought(plan, name, value, spellings) : null
    if (sought !== null) throw new MaskedQuestion([searchedBy(sought, value)!])
    const by = searchedBy(typeof declared === 'number' ? plan.types[declared]! : parameterTypes(plan, name), value)
    if (by !== null) searched.push(by)
  }
  return searched
}

/** Throws PARAMETER_MASKED where the parameters of a query ask by a masked field in their other reading. */
export function checkReadOtherwise({ charset, parameters }: Target, route: RoutePolicy, plan: Plan): void {
  if (charset !== undefined) return
  for (const other of readOtherwise(parameters)) {
    try {
      checkParameters([other], route, plan)
    } catch (fault) {
      // a name that nobody meant need not be declared
      if (fault instanceof MaskedQuestion) throw fault
    }
  }
}

/** Whether a parameter chooses fields by their names. Throws CHOICE_REFUSED where it does more than that. */
function isChoice({ name, value }: Parameter, route: RoutePolicy, plan: Plan): boolean {
  const declared = route.query?.get(name)
  if (declared !== 'names' && declared !== 'nested_names') return false
  checkChosen(name, value, declared === 'nested_names', plan)
  return true
}

/** By which frameworks take another method than the one that was matched and recorded. */
const overridesMethod = /^[_$.-]*(x-?)?(http-?)?method(-?override)?$/i
