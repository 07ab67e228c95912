/** Which form an audience gets of a type, and the chain of stricter ones that follow it. */
import type { Cell, Form, Level } from '../contracts.ts'
import { formOrder, rankOf, stricter } from '../forms.ts'
import type { FormRule } from './plan.ts'
import type { Audience, UncastType } from './policy.ts'

/** The first form that an audience gets of a type, where `revealed` are the levels it sees clear. */
export function formFor(
  type: UncastType,
  audience: Audience,
  revealed: ReadonlySet<Level>,
  always: ReadonlyMap<Cell, Form>,
): Form {
  if (type.kind === 'free_text') return 'redact'
  if (type.kind === 'not_personal') return 'clear'
  // An audience without a form for a level does not compile; were there one, nothing would be shown of it.
  const form = revealed.has(type.level) ? 'clear' : (audience.forms.get(type.level) ?? 'remove')
  return forEveryone(type, form, always)
}

/** The form, or a stricter one that holds for everyone: of the type, or of its cell. */
export function forEveryone({ always: ofType, cell }: UncastType, form: Form, always: ReadonlyMap<Cell, Form>): Form {
  const ofCell = always.get(cell) ?? null
  const so = ofType === null ? form : stricter(form, ofType)
  return ofCell === null ? so : stricter(so, ofCell)
}

/**
 * One step stricter, up to what shows nothing. What an audience sees clear of the lower levels without presenting anything
 * is no secret from it, and stays.
 */
export function harder(form: Form, level: Level): Form {
  const stays = rankOf[form] >= rankOf.redact || (form === 'clear' && level < 3)
  return stays ? form : formOrder[rankOf[form] + 1]!
}

/** The form and, for where it hides too little of a value or the type has no such form, the stricter ones after it. */
export function chainFrom(type: UncastType, first: Form): readonly FormRule[] {
  if (type.kind === 'not_personal') return Object.freeze([Object.freeze({ form: 'clear', mask: null })])
  const chain: FormRule[] = []
  for (const form of formOrder.slice(rankOf[first])) {
    const mask = type.masks.get(form) ?? null
    const plain = form === 'redact' || form === 'remove' || (form === 'clear' && first === 'clear')
    if (plain || mask !== null) chain.push(Object.freeze({ form, mask }))
  }
  return Object.freeze(chain)
}
