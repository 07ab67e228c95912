/** The `fields` of a record: how many values of each type were shown in which form. */
import { formOrder } from '../../forms.ts'
import { count, field, onePiece, type Shape } from '../shapes.ts'

/** What stands in the line before the count of one form of one type. */
type Ahead = {
  readonly rank: number
  /** It is the first of all; the first of a type after others; behind another form of its type. */
  readonly first: string
  readonly next: string
  readonly more: string
  /** By count: `next` and the count. */
  readonly few: string[]
}

type TypeAheads = {
  readonly byForm: ReadonlyMap<string, Ahead>
  /** The form that came last, most often the only one. */
  form: string
  ahead: Ahead
}

/** By type. There are few, and they come with every record. */
const known = new Map<string, TypeAheads>()
const mostKnown = 1024
/** Most counts of a small answer are less. */
const few = 32

function learn(type: string): TypeAheads | null {
  const name = field(type)
  if (name === null) return null
  const all = formOrder.map((form, rank): [string, Ahead] => {
    const begin = onePiece(name, ':{"', form, '":')
    return [
      form,
      { rank, first: onePiece('{', begin), next: onePiece('},', begin), more: onePiece(',"', form, '":'), few: [] },
    ]
  })
  const [form, ahead] = all[0]!
  const made = { byForm: new Map(all), form, ahead }
  if (known.size >= mostKnown) known.clear()
  known.set(type, made)
  return made
}

/** Counts by `type@cell`, then by form. (`for in` costs half of `Object.keys`.) */
export const fields: Shape = value => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  let text = ''
  for (const type in value) {
    const ofType = known.get(type) ?? learn(type)
    const counts = (value as Record<string, unknown>)[type]
    if (ofType === null || typeof counts !== 'object' || counts === null) return null
    let rank = -1
    for (const form in counts) {
      const ahead = aheadOf(ofType, form)
      if (ahead === null) return null
      if (ahead.rank < rank) return fields(inOrder(value as Record<string, unknown>))
      const times = (counts as Record<string, unknown>)[form]
      const json = count(times)
      if (json === null) return null
      if (rank >= 0) text += ahead.more + json
      else if (text === '') text = ahead.first + json
      else
        text +=
          (times as number) < few ? (ahead.few[times as number] ??= onePiece(ahead.next, json)) : ahead.next + json
      rank = ahead.rank
    }
    if (rank < 0) text += text === '' ? `{"${type}":{` : `},"${type}":{`
  }
  return text === '' ? '{}' : `${text}}}`
}

function aheadOf(ofType: TypeAheads, form: string): Ahead | null {
  if (form === ofType.form) return ofType.ahead
  const ahead = ofType.byForm.get(form)
  if (ahead === undefined) return null
  ofType.form = form
  ofType.ahead = ahead
  return ahead
}

/** The same with the forms of each type in their order. */
function inOrder(fields: Readonly<Record<string, unknown>>): object {
  // of what is no form too: with no order among them this would not end
  const placeOf = (form: string) => (formOrder as readonly string[]).indexOf(form)
  const ordered = (counts: object) =>
    Object.fromEntries(Object.entries(counts).sort(([one], [other]) => placeOf(one) - placeOf(other)))
  return Object.fromEntries(
    Object.entries(fields).map(([type, counts]) => [
      type,
      typeof counts === 'object' && counts !== null ? ordered(counts) : counts,
    ]),
  )
}
