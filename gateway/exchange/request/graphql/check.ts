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
import type { Pair } from '../pairs.ts'
import type { Searched } from '../searched.ts'
import { type Document, readDocument } from './document.ts'
import { SentPairs } from './pairs-sent.ts'
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
    const sent = new SentPairs(document, variables)
    yield* refuseMasked(sent.stored(), plan)
    const introspects = asksForTypesAlone(document)
    return { searched: yield* askBy(() => sent.asked(), restored, plan), introspects }
  } catch (fault) {
    throw fault instanceof DocumentFault ? refusedFor(fault.reason, text, fault.at, fault.fields) : fault
  }
}

const ofTypes: ReadonlySet<string> = new Set(['__schema', '__type', '__typename'])

/** Also what asks for nothing, or for names of types in the answer alone, has an answer like any other. */
function asksForTypesAlone({ operations }: Document): boolean {
  return (
    operations.every(({ roots }) => roots?.every(root => ofTypes.has(root)) === true) &&
    operations.some(({ roots }) => roots!.some(root => root !== '__typename'))
  )
}

function checkAliases({ fields }: Document, plan: Plan): void {
  for (const { name, alias, at, isObject } of fields) {
    if (alias === null || alias === name) continue
    if (knowsName(plan, name, isObject)) throw new DocumentFault('alias', at, [name])
    if (knowsName(plan, alias, isObject)) throw new DocumentFault('taken', at, [alias])
  }
}

/** Also those of variables, which stand under other names in the body. */
function* refuseMasked(stored: Iterable<Pair>, plan: Plan): Pausing<void> {
  const fields = new Set<string>()
  for (const { name, value } of stored) {
    yield
    const type = value === null ? null : parameterTypes(plan, name)
    if (type !== null && isMaskedValue(type, value!, 'string')) fields.add(type.name)
  }
  if (fields.size > 0) throw new Refusal('MASKED_VALUE', { fields: [...fields] })
}
