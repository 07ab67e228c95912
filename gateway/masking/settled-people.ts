/** People whom a reader has settled by itself: most there are, so that nothing is made of them until somebody asks. */
import type { Form, SettledPeople, TextHold } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import { bytesOfPerson, type KnownPerson, type People, type PeopleRanges, type PersonalValue } from '../subject.ts'
import type { TypedRule } from './byte-rules.ts'
import { heldText, Someone } from './someone.ts'

/** Of the values of a person, the strongest first: by which rule it was disposed of, and where it stands. */
type Value = { readonly rule: TypedRule; readonly from: number; readonly length: number }

const bytesOfValue = 8
const lengthBits = 0xffff

/** As records want them: as they are. */
export class SettledPersons implements People {
  readonly ranges: PeopleRanges

  constructor({ count, bytes, rules }: SettledPeople) {
    this.ranges = { count, bytes, kinds: rules as readonly TypedRule[] }
  }

  get length(): number {
    return this.ranges.count
  }

  *[Symbol.iterator](): Iterator<KnownPerson> {
    const { count, bytes, kinds } = this.ranges
    const hold = { bytes }
    for (let nth = 0; nth < count; nth++) {
      const [first, ...others] = valuesOf(nth, bytes, kinds as readonly TypedRule[])
      const also = others.filter(one => one !== null).map(one => new SettledValue(one, hold))
      yield Object.assign(new SettledValue(first!, hold), { also })
    }
  }
}

class SettledValue implements PersonalValue {
  readonly dataType: string
  readonly mostVisible: Form
  /** One rule has one form. */
  readonly strictest: Form
  readonly held: { readonly hold: TextHold; readonly from: number; readonly length: number }

  constructor({ rule: { dataType, form }, from, length }: Value, hold: TextHold) {
    this.dataType = dataType
    this.mostVisible = form
    this.strictest = form
    this.held = { hold, from, length }
  }

  get value(): string {
    return heldText(this.held.hold, this.held.from, this.held.length)
  }
}

/** As they are settled among others: three for each, of the strongest value and two others, null where there are none. */
export function someoneIn({ count, bytes, rules }: SettledPeople, types: readonly TypeRule[]): (Someone | null)[] {
  const hold = { bytes }
  const people: (Someone | null)[] = []
  for (let nth = 0; nth < count; nth++) {
    for (const one of valuesOf(nth, bytes, rules as readonly TypedRule[])) {
      if (one === null) people.push(null)
      else people.push(new Someone(types[one.rule.type]!, null, one.rule.form, hold, one.from, one.length))
    }
  }
  return people
}

/** Three of each person: of the strongest value and two others, null where there are none. */
function valuesOf(nth: number, bytes: Uint8Array, rules: readonly TypedRule[]): (Value | null)[] {
  const words = new DataView(bytes.buffer, bytes.byteOffset + nth * bytesOfPerson, bytesOfPerson)
  return [0, bytesOfValue, 2 * bytesOfValue].map(at => {
    const written = words.getUint32(at, true)
    if (written === 0) return null
    return {
      rule: rules[(written >>> 16) - 1]!,
      from: words.getUint32(at + 4, true),
      length: written & lengthBits,
    }
  })
}
