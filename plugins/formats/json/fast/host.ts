/** What the compiled reader asks for (../wasm/host.ts): the cursor's answers, for the reader at work. */
import type { FieldCursor, Outcome, Room, RowProgress, ScalarKind, Treatment } from '../../../../gateway/contracts.ts'
import type { Tables } from '../self-described.ts'
import { longestString, readString, writeString } from '../text.ts'
import type { SavedPeople } from './known-people.ts'
import { address, lengthBits, ruleBits, word } from './layout.ts'
import { loadModule, Memory } from './memory.ts'

const kinds: readonly ScalarKind[] = ['string', 'number', 'boolean', 'null']
const treatments: Readonly<Record<Treatment, number>> = { copy: 0, read: 1, mask: 2, remove: 3 }
const outcomes: Readonly<Record<Outcome, number>> = { keep: 0, text: 1, redact: 2, remove: 3 }
const tooLong = 4
/** Said of a masked value. */
const countsAsRule = 4

// What a string holds, in the kind's higher bits.
const kindBits = 3
const holdsEscape = 4
const holdsWide = 8

/** What the reader at work puts in and takes out. */
export type Work = {
  readonly fields: FieldCursor
  readonly tables: Tables
  /** Where what leaves is put. */
  readonly room: Room | undefined
  /** A new name for the member under way. */
  name: string
  give(bytes: Buffer): void
}

/** Joins the compiled reader to the readers of this process. Throws where it cannot run. */
export function connect(work: () => Work): Memory {
  let longText = ''

  /** Writes a text where it is taken from; -1 where it is too long for that. */
  const put = (text: string, at: number): number =>
    longestString(text) <= address.textSize ? writeString(memory.bytes, at, text) - at : -1

  const isLabel = (at: number) => at < memory.input

  /** The strings between newlines: of one string, which has none, that itself. */
  function labelsIn(from: number, to: number): string[] {
    const written = memory.bytes.toString('utf8', from, to).split('\n')
    return written.map(label => (label.includes('\\') ? JSON.parse(`"${label}"`) : label))
  }

  function described(parent: number, from: number, to: number): number {
    const { fields } = work()
    const { words } = memory
    const place = fields.described(parent, labelsIn(from, to - 1))
    words[word.nameRoles] = 0
    // Labels that say nothing are as many as there are names of people.
    words[word.keepName] = place === fields.described(parent, []) ? 0 : 1
    return place
  }

  const memory = new Memory(loadModule(), {
    name(parent: number, from: number, to: number): number {
      const { fields, tables } = work()
      const { bytes, words } = memory
      if (isLabel(from)) return described(tables.real(parent), from, to)
      const escaped = bytes.subarray(from, to).includes(0x5c)
      const real = tables.real(parent)
      let place = escaped
        ? fields.memberNamed(real, readString(bytes, from, to, true, true))
        : fields.member(real, bytes, from, to)
      words[word.nameRoles] = fields.roles
      const inRow = tables.isTable(parent)
      if (inRow) place = tables.member(parent, place, readString(bytes, from, to, escaped, true))
      words[word.keepName] = escaped || inRow || fields.keyIsPersonal ? 0 : 1
      if (fields.keyIsPersonal) {
        const name = readString(bytes, from, to, escaped, true)
        catchUp(memory, fields)
        const outcome = fields.key(name, words[word.ordinal]!)
        work().name = fields.replacement
        words[word.nameOutcome] = outcome === 'keep' ? 0 : outcome === 'remove' ? 2 : 1
      }
      return place
    },
    isLabel(from: number, to: number): number {
      const escaped = memory.bytes.subarray(from, to).includes(0x5c)
      return work().fields.isLabel(readString(memory.bytes, from, to, escaped, true)) ? 1 : 0
    },
    element(parent: number, index: number): number {
      const { fields, tables } = work()
      return tables.isTable(parent) ? tables.element(parent, index >>> 0) : fields.element(parent, index >>> 0)
    },
    beginColumns: (depth: number) => work().tables.begin(depth),
    column(depth: number, ordinal: number, from: number, to: number): void {
      work().tables.column(depth, ordinal >>> 0, from === to ? [] : labelsIn(from, isLabel(from) ? to - 1 : to))
    },
    columns: (depth: number, more: number) => work().tables.keep(depth, more !== 0),
    columnsText: (depth: number, more: number, from: number, to: number) =>
      work().tables.keepText(depth, more !== 0, labelsIn(from, to)[0]!) ? 1 : 0,
    handUp: (depth: number) => work().tables.handUp(depth),
    headed: (place: number, depth: number) => work().tables.headed(place, depth),
    rows: (place: number, depth: number) => work().tables.rows(place, depth),
    columnsBehind: (from: number, to: number, last: number, depth: number) =>
      work().tables.lookBehind(memory.bytes, from, to, last !== 0, depth),
    late: (place: number, depth: number) => work().tables.late(place, depth),
    pairs(from: number, to: number, last: number, place: number, depth: number): number {
      const pairs = work().tables.pairs(memory.bytes, from, to, last !== 0, place, depth)
      return pairs === 'waiting' ? -1 : (pairs ?? 0)
    },
    place(place: number): number {
      const { fields, tables } = work()
      if (tables.isTable(place)) {
        const treatment = fields.treatment(tables.real(place))
        // What stands among rows without being one is asked for, as it is a cell.
        return treatment !== 'remove' && tables.isRow(place) ? treatments.mask : treatments[treatment]
      }
      const treatment = fields.treatment(place)
      const rule = treatment === 'mask' || treatment === 'remove' ? fields.byteRule(place) : null
      const number = rule === null ? 0 : memory.plans.ruleNumber(rule)
      return treatments[treatment] | (fields.looksThrough(place) ? 4 : 0) | (number << 8)
    },
    scalar(place: number, from: number, to: number, what: number): number {
      const { fields } = work()
      const { bytes } = memory
      const text = readString(bytes, from, to, (what & holdsEscape) !== 0, (what & holdsWide) !== 0)
      catchUp(memory, fields)
      const outcome = fields.scalar(work().tables.cell(place), text, kinds[what & kindBits]!)
      if (outcome !== 'text') return outcomes[outcome]
      const length = put(fields.replacement, address.replacement)
      if (length >= 0) return outcomes.text | (length << 3)
      longText = fields.replacement
      return tooLong
    },
    mask(number: number): number {
      const { fields } = work()
      const { known } = memory
      const value = (known.masked[number] ??= fields.maskBy(known.ruleOf(number), known.textOf(number)))
      const length = value.outcome === 'text' ? put(value.text, address.replacement) : 0
      if (length < 0) return -1
      if (!value.asRule) {
        known.people[number] = value.person
        fields.carriedOut(value, 1)
      }
      return outcomes[value.outcome] | (value.asRule ? countsAsRule : 0) | (length << 3)
    },
    removed(place: number): void {
      catchUp(memory, work().fields)
      work().fields.removed(work().tables.real(place))
    },
    flush: (length: number) => work().give(memory.copy(address.output, length, work().room)),
    giveLong(isName: number) {
      const text = isName === 0 ? longText : work().name
      const bytes = Buffer.allocUnsafeSlow(longestString(text))
      work().give(bytes.subarray(0, writeString(bytes, 0, text)))
    },
    rename: () => put(work().name, address.newName),
    people(): void {
      catchUp(memory, work().fields)
      memory.known.drop()
    },
  })
  return memory
}

/** Tells the cursor what became of rows since it was last told, and of everybody met who is not settled. */
export function catchUp(memory: Memory, fields: FieldCursor, nesting = memory.words[word.nesting]!): void {
  const { words } = memory
  const first = words[word.firstRow]!
  const typedNow = words[word.rowTyped]!
  const typedOutside = words[word.documentTyped]!
  const met = words[word.met]!
  const settled = words[word.settles] === 0 && words[word.settled] !== 0 ? settledIn(memory, fields) : nobody
  const changed = first !== 0 || typedNow !== 0 || typedOutside !== 0 || met !== 0 || settled !== nobody
  if (!changed && nesting === fields.nesting) return
  const { people, peopleOutside } = met === 0 ? nobodyMet : metIn(memory, fields, met)
  const more = words[word.moreRows]!
  words[word.firstRow] = 0
  words[word.moreRows] = 0
  words[word.rowTyped] = 0
  words[word.documentTyped] = 0
  words[word.met] = 0
  // Last, as the cursor may ask for more.
  fields.passedRows({
    ended: first === 1 || first === 2,
    typed: first === 2,
    more,
    typedNow: typedNow !== 0,
    typedOutside: typedOutside !== 0,
    settled,
    people,
    peopleOutside,
    nesting,
  })
}

const nobody: never[] = []
const nobodyMet = { people: nobody, peopleOutside: nobody }

// What is on the log of people besides numbers: ../wasm/people.ts.
const rowEnd = -1
const outside = 0x40000000

function metIn(memory: Memory, fields: FieldCursor, met: number): Pick<RowProgress, 'people' | 'peopleOutside'> {
  const people: (object | null)[] = []
  const peopleOutside: object[] = []
  for (const entry of memory.words.subarray(address.met >> 2, (address.met >> 2) + met)) {
    if (entry === rowEnd) people.push(null)
    else if ((entry & outside) === 0) people.push(memory.known.someone(entry, fields))
    else peopleOutside.push(memory.known.someone(entry & ~outside, fields))
  }
  return { people, peopleOutside }
}

/** Tells of people who were saved, and whose values go by rules of which the memory knows nothing any more. */
export function tellSaved(saved: SavedPeople, fields: FieldCursor): void {
  const { rules, known, spoken, settled, held, pinned, people } = saved
  const someone = (value: number): object => {
    const from = known[value * 4 + 2]! - address.spoken
    const text = spoken.toString('utf8', from, from + (known[value * 4 + 3]! & lengthBits))
    return (people[value] ??= fields.person(rules[(known[value * 4]! & ruleBits) - 1]!, text))
  }
  const inRow: object[] = []
  for (let at = 0; at < held.length; at += 4) {
    const from = held[at + 1]! - address.pinned
    const text = pinned.toString('utf8', from, from + held[at + 2]!)
    inRow.push(fields.person(rules[(held[at]! & ruleBits) - 1]!, text))
  }
  fields.passedRows({
    ended: false,
    typed: false,
    more: 0,
    typedNow: false,
    typedOutside: false,
    settled: Array.from(settled, one => (one === 0 ? null : someone(one - 1))),
    people: inRow,
    peopleOutside: nobody,
    nesting: fields.nesting,
  })
}

function settledIn(memory: Memory, fields: FieldCursor): (object | null)[] {
  const people = Array.from(memory.known.settledNumbers, one =>
    one === 0 ? null : memory.known.someone(one - 1, fields),
  )
  memory.words[word.settled] = 0
  return people
}
