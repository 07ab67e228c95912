/** What is done for each of the elements that are like one of a page (kin.ts): what was done for that one, token by token. */
import type { Place } from '../../../gateway/contracts.ts'
import { saysHowBuilt } from './attributes.ts'
import { aroundBox, aroundIfBox } from './boxes.ts'
import type { Places } from './places.ts'
import { type Alike, partsText, type TagToken, type TextToken } from './tokens.ts'
import { parentOf } from './tree.ts'

/** By which parts of a page are told apart: each of the elements has its own where it is a number; else it is the same for all. */
export type Whose = number | object | null

/** Where a token stands: so far behind a bound of a gap, by its number. */
export type At = { readonly bound: number; readonly shift: number }

/** Tags side by side. */
export type TagStep = {
  readonly kind: 'tags'
  /** Whether any of them ends running text, or lines that are read together; and whether running text goes on behind the last. */
  readonly partsText: boolean
  readonly partsLines: boolean
  readonly marks: boolean
  /** undefined: they begin no element. */
  readonly row: Whose | undefined
  /** The one whose attributes have to be read, and where it begins and ends; null: there is none. */
  readonly tag: TagToken | null
  /** Whether that one may stay as it is after all, by the names of its attributes. */
  readonly mayStay: boolean
  readonly at: At
  readonly to: At
  /** Attributes whose values are gaps, by their numbers. */
  readonly values: readonly { readonly name: string; readonly gap: number }[]
}

export type TextStep = {
  readonly kind: 'text'
  readonly place: Place
  readonly row: Whose
  readonly field: Whose
  /** What it stands in with other boxes. */
  readonly box: Whose
  /** null: it fills a gap. */
  readonly token: TextToken | null
  /** Where it stands; the gap begins at that bound. */
  readonly at: At
}

export type Step = TagStep | TextStep

export type Steps = {
  readonly list: readonly Step[]
  /** So many things each of the elements has of its own. */
  readonly own: number
}

/** `stays`: whether the attributes of a tag stay as they are, wherever it stands. */
export function stepsOf(model: Alike, places: Places, stays: (tag: TagToken) => boolean): Steps {
  const own = ownOf(model)
  const whose = (one: object | null): Whose => (one === null ? null : (own.get(one) ?? one))
  const list: Step[] = []
  const { gaps } = model
  let passed = 0
  const at = (from: number): At => {
    const gap = gaps[passed - 1]
    return gap === undefined
      ? { bound: 0, shift: from - gaps[0]!.from }
      : { bound: passed * 2 - 1, shift: from - gap.to }
  }
  for (const token of model.tokens) {
    const gap = gaps[passed]
    // A gap without a text here may have one elsewhere: it is passed at the tag behind it.
    if (gap !== undefined && gap.attribute === null && token.from >= gap.to) {
      const { place, field, row } = places.seatOf(gap.element)
      const box = whose(aroundIfBox(gap.element))
      list.push({
        kind: 'text',
        place,
        row: whose(row),
        field: whose(field),
        box,
        token: null,
        at: { bound: passed * 2, shift: 0 },
      })
      passed++
    }
    if (token.kind === 'start' || token.kind === 'end') {
      const from = at(token.from)
      const values: { name: string; gap: number }[] = []
      for (; passed < gaps.length && gaps[passed]!.to < token.to; passed++)
        values.push({ name: gaps[passed]!.attribute!, gap: passed })
      const isDone = token.kind === 'end' || (values.length === 0 && stays(token))
      const step = tagStep(token, isDone, from, at(token.to), values)
      const row = token.kind === 'start' && token.element !== null ? whose(places.rowOf(token.element)) : undefined
      putTag(list, { ...step, row })
    } else if (token.kind === 'text' && (gap === undefined || token.from < gap.from)) {
      const { node } = token
      const row = whose(places.seatOf(node === null ? null : parentOf(node)).row)
      const [field, box] = [whose(places.fieldOf(node)), whose(aroundBox(node))]
      list.push({ kind: 'text', place: places.ofText(node), row, field, box, token, at: at(token.from) })
    }
  }
  return { list, own: own.size }
}

/** What stands in an element, by numbers. */
function ownOf({ tokens }: Alike): ReadonlyMap<object, number> {
  const own = new Map<object, number>()
  for (const token of tokens) {
    const one = token.kind === 'text' ? token.node : token.kind === 'start' ? token.element : null
    if (one !== null && !own.has(one)) own.set(one, own.size)
  }
  return own
}

function tagStep(tag: TagToken, stays: boolean, at: At, to: At, values: TagStep['values']): Omit<TagStep, 'row'> {
  const parts = partsText(tag)
  const partsLines = parts && tag.name !== 'br'
  const mayStay = tag.attributes.every(({ name }) => saysHowBuilt(name))
  return { kind: 'tags', partsText: parts, partsLines, marks: !parts, tag: stays ? null : tag, mayStay, at, to, values }
}

/** Adds a tag to those ahead of it, where that makes no difference. */
function putTag(list: Step[], step: TagStep): void {
  const ahead = list.at(-1)
  const isApart =
    ahead?.kind !== 'tags' ||
    ahead.tag !== null ||
    (ahead.row !== undefined && step.row !== undefined && ahead.row !== step.row)
  if (isApart) {
    list.push(step)
    return
  }
  list[list.length - 1] = {
    kind: 'tags',
    partsText: ahead.partsText || step.partsText,
    partsLines: ahead.partsLines || step.partsLines,
    marks: step.marks,
    row: step.row === undefined ? ahead.row : step.row,
    tag: step.tag,
    mayStay: step.mayStay,
    at: step.at,
    to: step.to,
    values: step.values,
  }
}
