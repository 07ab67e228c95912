/**
 * Whether a document of GraphQL may be sent on. Its answer is masked by the names of fields, so none may come under another name that
 * matters; and its arguments ask, as the parameters of a query do.
 */
import { Refusal } from '../../../errors.ts'
import { isMaskedValue } from '../../../masking/masked-values.ts'
import { knowsName, parameterTypes } from '../../../policy/parameters.ts'
import type { Plan, TypeRule } from '../../../policy/plan.ts'
import type { Pausing } from '../../turns.ts'
import { askBy } from '../asking-body.ts'
import { type Pair, pairsIn } from '../pairs.ts'
import type { Searched } from '../searched.ts'
import { type Document, readDocument, type Use } from './document.ts'
import { DocumentFault, refusedFor } from './reasons.ts'

/** One document with the values of its variables. */
export type SentDocument = { readonly text: string; readonly variables: Readonly<Record<string, unknown>> }

export type Checked = {
  readonly searched: readonly Searched[]
  /** Whether it asks for nothing but what types there are: names of fields are data of nobody then. */
  readonly introspects: boolean
}

export type Terms = {
  readonly plan: Plan
  /** Types whose tokens were restored in the request. */
  readonly restored: ReadonlySet<TypeRule>
  /** Whether it came in the query of a target, where nothing may be stored by it. */
  readonly byQuery: boolean
}

/** Throws GRAPHQL_REFUSED, PARAMETER_MASKED, MASKED_VALUE. */
export function* checkDocument({ text, variables }: SentDocument, terms: Terms): Pausing<Checked> {
  const { plan, restored, byQuery } = terms
  try {
    const document = readDocument(text)
    yield
    for (const { kind, at } of document.operations)
      if (byQuery && kind === 'mutation') throw new DocumentFault('byQuery', at)
    checkAliases(document, plan)
    const { asked, stored } = pairsOf(document, variables)
    refuseMasked(stored, plan)
    const introspects = document.operations.every(({ roots }) => roots?.every(root => ofTypes.has(root)) === true)
    return { searched: yield* askBy(asked, restored, plan), introspects }
  } catch (fault) {
    throw fault instanceof DocumentFault ? refusedFor(fault.reason, text, fault.at, fault.fields) : fault
  }
}

const ofTypes: ReadonlySet<string> = new Set(['__schema', '__type', '__typename'])

function checkAliases({ fields }: Document, plan: Plan): void {
  for (const { name, alias, at, isObject } of fields) {
    if (alias === null || alias === name) continue
    if (knowsName(plan, name, isObject)) throw new DocumentFault('alias', at, [name])
    if (knowsName(plan, alias, isObject)) throw new DocumentFault('taken', at, [alias])
  }
}

/** Arguments with the values of variables in their places; what a mutation stores asks for nothing, unless it is used elsewhere too. */
function pairsOf(document: Document, variables: SentDocument['variables']): { asked: Pair[]; stored: Pair[] } {
  const asked = [...document.asked]
  const stored = [...document.stored]
  for (const use of document.uses) (use.stores ? stored : asked).push(...pairsOfUse(use, document, variables))
  const used = new Set(document.uses.map(({ variable }) => variable))
  for (const [name, value] of Object.entries(variables)) if (!used.has(name)) asked.push(...pairsUnder(name, value))
  return { asked, stored }
}

function pairsOfUse({ variable, name }: Use, { defaults }: Document, variables: SentDocument['variables']): Pair[] {
  const written = defaults.get(variable)
  return [
    ...(written === undefined ? [] : [{ name, value: written }]),
    ...(Object.hasOwn(variables, variable) ? pairsUnder(name, variables[variable]) : []),
  ]
}

function pairsUnder(name: string, value: unknown): Iterable<Pair> {
  return pairsIn('json', Buffer.from(JSON.stringify({ [name]: value })))
}

/** Values that are written in the document; those of variables are read with the body, as all JSON is. */
function refuseMasked(stored: readonly Pair[], plan: Plan): void {
  const fields = new Set<string>()
  for (const { name, value } of stored) {
    const type = value === null ? null : parameterTypes(plan, name)
    if (type !== null && isMaskedValue(type, value!, 'string')) fields.add(type.name)
  }
  if (fields.size > 0) throw new Refusal('MASKED_VALUE', { fields: [...fields] })
}
