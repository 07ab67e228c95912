/** Brackets that are open in a program, and what stands in them says of what stands beside it: labels, and rows of names. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { longestLabel, mostLabels, role } from '../roles.ts'
import type { ScriptToken } from './script-tokens.ts'

/** A bracket that is open, and what stands in it. */
export type Frame = {
  readonly open: string
  readonly place: Place
  readonly isRow: boolean
  named: Place | null
  argument: Place | null
  /** Question marks whose colon has not come. */
  choices: number
  /** Whether what is named now labels what is named behind it; the labels so far. */
  isLabel: boolean
  labels: readonly string[]
  /** Commas so far. */
  index: number
  /** Of the first list in a list: its texts, as long as there is nothing else in it; then what they name in the lists behind it. */
  texts: string[] | null
  header: readonly string[]
}

const none: readonly string[] = []

export function openFrame(open: string, place: Place, around: Frame | null): Frame {
  const isFirst = open === '[' && around?.open === '[' && around.index === 0
  return {
    ...{ open, place, isRow: open === '{' && around?.open === '[', named: null, argument: null, choices: 0 },
    ...{ isLabel: false, labels: none, index: 0, texts: isFirst ? [] : null, header: none },
  }
}

/** So many tokens of an object are looked at for labels, so that objects in objects cost what they hold. */
const farthest = 128

/** The labels of an object whose first token is the one at `from`, which may stand behind the values they name. */
export function labelsIn(
  tokens: readonly ScriptToken[],
  from: number,
  isLabel: (name: string) => boolean,
): readonly string[] {
  const found: string[] = []
  let depth = 0
  for (let at = from; at < from + farthest && at < tokens.length && found.length < mostLabels; at++) {
    const { kind, text } = tokens[at]!
    if (kind === 'mark' && '{[('.includes(text)) depth++
    else if (kind === 'mark' && '}])'.includes(text) && --depth < 0) break
    const value = tokens[at + 2]
    const isGiven = depth === 0 && kind !== 'mark' && tokens[at + 1]?.text === ':' && value?.kind === 'string'
    if (isGiven && value.text !== '' && value.text.length <= longestLabel && isLabel(text)) found.push(value.text)
  }
  return found
}

/** A list in a list has ended. */
export function leaveFrame({ texts }: Frame, around: Frame): void {
  if (texts !== null && texts.length > 0) around.header = texts
}

/** The place of what is given to a name, at `place` but for what labels ahead of it say. */
export function nameIn(frame: Frame, name: string, place: Place, fields: FieldCursor): Place {
  fields.memberNamed(frame.place, name)
  const { roles } = fields
  frame.isLabel = (roles & role.label) !== 0
  if ((roles & role.value) === 0 || frame.labels.length === 0) return place
  return fields.described(frame.place, frame.labels)
}

/** A text stands here: it may be a label, or name a column. */
export function hear(frame: Frame, text: string): void {
  if (frame.texts !== null) frame.texts.push(text)
  const isLabel = frame.isLabel && text !== '' && text.length <= longestLabel && frame.labels.length < mostLabels
  if (isLabel) frame.labels = [...frame.labels, text]
}

/** The place of an element of a list, by the first list beside that; null: it says nothing. */
export function columnIn(frame: Frame, around: Frame | undefined, fields: FieldCursor): Place | null {
  const name = frame.open === '[' ? around?.header[frame.index] : undefined
  if (name === undefined || name === '' || name.length > longestLabel) return null
  const place = fields.described(frame.place, [name])
  return place === fields.described(frame.place, []) ? null : place
}
