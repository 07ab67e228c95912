/**
 * What stands for a person in the records: AES-256-CMAC (NIST SP 800-38B) over data type and normalised value, in 22 characters of
 * base64url. The key is another one each month, so that indexes of different months cannot be joined without the keys; whoever has a
 * key can try out all values, so a key is as secret as the values.
 */
import type { KeyRing } from '../../contracts.ts'
import {
  areAlike,
  formsText,
  type KnownPerson,
  type People,
  type PersonalValue,
  personText,
  shortIndex,
} from '../../subject.ts'
import { aheadIn, wallOf } from '../../timezone.ts'
import { BatchCmac } from './batch-cmac.ts'
import { beforePerson, PeopleText, peopleInPiece } from './people-text.ts'
import { ValueIndex } from './value-index.ts'

export type BlindIndex = {
  /** `value` normalised by its type's detector. 22 characters. */
  of(dataType: string, value: string): string
  /** The people of a body as records name them, in order. Callers pass each distinct one once. */
  people(people: People): PeopleText
  /** The month whose key is in use, `2026-11`. */
  readonly month: string
}

type Naming = (people: People) => PeopleText

/** Months end on quarters of an hour of UTC in every timezone. */
const quarterHour = 900_000

/**
 * @param keys the key of a month is `keys.secret('blind index 2026-11')`.
 * @param time the clock in milliseconds since 1970, and the timezone in which a month ends (IANA name).
 */
export function blindIndex(
  keys: KeyRing,
  time: { readonly clock?: () => number; readonly timezone: string },
): BlindIndex {
  const clock = time.clock ?? Date.now
  const batch = batchIfAble()
  const ahead = aheadIn(time.timezone)
  let quarter = Number.NaN
  let month = ''
  let plain: ValueIndex | null = null
  let naming: Naming = () => PeopleText.written(0, [])

  const turn = (): void => {
    const now = clock()
    if (Math.floor(now / quarterHour) === quarter) return
    const current = wallOf(now, ahead).toISOString().slice(0, 7)
    if (current !== month) {
      const key = keys.secret(`blind index ${current}`)
      const next = new ValueIndex(key)
      batch?.rekey(key)
      naming = batch === null ? plainly(next) : inBatches(batch, next)
      plain?.close()
      plain = next
      month = current
    }
    // Last: where a key cannot be had, every call asks again, and none goes on under that of the month before.
    quarter = Math.floor(now / quarterHour)
  }
  return {
    of(dataType, value) {
      turn()
      return plain!.of(dataType, value)
    },
    people(people) {
      turn()
      return naming(people)
    },
    get month() {
      turn()
      return month
    },
  }
}

/** null where the compiled code cannot run: `node:crypto` gives the same, more slowly. */
function batchIfAble(): BatchCmac | null {
  try {
    return new BatchCmac()
  } catch {
    return null
  }
}

/** By the compiled code, whose key is in place; what is too long for it by `node:crypto`. */
function inBatches(batch: BatchCmac, plain: ValueIndex): Naming {
  const add = (one: PersonalValue): void => {
    const { dataType, held } = one
    if (held !== undefined && held.hold !== null && batch.addHeld(dataType, held.hold, held.from, held.length)) return
    const { value } = one
    if (batch.add(dataType, value) || batch.addMade(shortIndex(plain.of(dataType, value)))) return
    throw new Error('a piece of people has more than its room')
  }
  return people => {
    const ready = people.ranges === undefined ? null : batch.people(people.ranges)
    if (ready !== null) return PeopleText.written(people.length, ready)
    try {
      return PeopleText.written(people.length, piecesOf(Array.from(people)))
    } finally {
      batch.drop()
    }
  }

  function piecesOf(people: readonly KnownPerson[]): string[] {
    const pieces: string[] = []
    for (let at = 0; at < people.length; at += peopleInPiece) pieces.push(pieceOf(people.slice(at, at + peopleInPiece)))
    return pieces
  }

  function pieceOf(people: readonly KnownPerson[]): string {
    let begin = ''
    let forms = ''
    for (const [at, one] of people.entries()) {
      const before = people[at - 1]
      const others = before === undefined ? null : forms
      if (before === undefined || !areShownAlike(one, before)) forms = formsText(one, one.also)
      const ahead = beforePerson(forms, others)
      if (others === null) begin = ahead
      else batch.follow(ahead)
      add(one)
      for (const value of one.also) add(value)
    }
    return begin + batch.take()
  }
}

/** Whether what is said of the forms of two people is the same. */
function areShownAlike(one: KnownPerson, other: KnownPerson): boolean {
  if (one.also.length !== other.also.length || !areAlike(one, other)) return false
  for (let nth = 0; nth < one.also.length; nth++) if (!areAlike(one.also[nth]!, other.also[nth]!)) return false
  return true
}

function plainly(plain: ValueIndex): Naming {
  return people => {
    const texts = Array.from(people, one => {
      const indexes = [one, ...one.also].map(({ dataType, value }) => shortIndex(plain.of(dataType, value)))
      return personText(indexes.join(''), one, one.also)
    })
    return PeopleText.of(texts)!
  }
}

/** The blind indexes under the key of one month, for who has it: of data type and normalised value. */
export function indexUnder(key: Uint8Array): (dataType: string, value: string) => string {
  const plain = new ValueIndex(key)
  return (dataType, value) => plain.of(dataType, value)
}
