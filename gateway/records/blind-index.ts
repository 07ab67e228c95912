/**
 * What stands for a person in the records: HMAC-SHA-256 (RFC 2104) over data type, 0x00 and normalised value, the first
 * 22 characters of its base64url. The key is another one each month, so that indexes of different months
 * cannot be joined without the keys; whoever has a key can try out all values, so a key is as secret as the values.
 */
import { createHmac, hash } from 'node:crypto'
import type { KeyRing } from '../contracts.ts'
import {
  areAlike,
  formsText,
  type KnownPerson,
  type People,
  type PersonalValue,
  personText,
  shortIndex,
} from '../subject.ts'
import { aheadIn, wallOf } from '../timezone.ts'
import { BatchHmac } from './batch-hmac.ts'
import { betweenPeople, PeopleText, peopleInPiece } from './people-text.ts'

export type BlindIndex = {
  /** `value` normalised by its type's detector. 22 characters. */
  of(dataType: string, value: string): string
  /** The people of a body as records name them, in order. Callers pass each distinct one once. */
  people(people: People): PeopleText
  /** The month whose key is in use, `2026-11`. */
  readonly month: string
}

type Digest = (dataType: string, value: string) => string
type Naming = (people: People) => PeopleText

const blockBytes = 64
/** Longer inputs are rare and go the plain way. In UTF-16 units; one is at most three bytes. */
const shortInput = 1024
const indexCharacters = 22
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
  let digest: Digest = () => ''
  let naming: Naming = () => PeopleText.written(0, [])

  const turn = (): void => {
    const now = clock()
    if (Math.floor(now / quarterHour) === quarter) return
    const current = wallOf(now, ahead).toISOString().slice(0, 7)
    if (current !== month) {
      const key = keys.secret(`blind index ${current}`)
      batch?.rekey(key)
      digest = indexUnder(key)
      naming = batch === null ? plainly(digest) : inBatches(batch, digest)
      month = current
    }
    // Last: where a key cannot be had, every call asks again, and none goes on under that of the month before.
    quarter = Math.floor(now / quarterHour)
  }
  return {
    of(dataType, value) {
      turn()
      return digest(dataType, value)
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
function batchIfAble(): BatchHmac | null {
  try {
    return new BatchHmac()
  } catch {
    return null
  }
}

/** By the compiled code, whose key is in place; what is too long for it by `node:crypto`. */
function inBatches(batch: BatchHmac, digest: Digest): Naming {
  const add = (one: PersonalValue): void => {
    const { dataType, held } = one
    if (held !== undefined && held.hold !== null && batch.addHeld(dataType, held.hold, held.from, held.length)) return
    const { value } = one
    if (batch.add(dataType, value) || batch.addMade(shortIndex(digest(dataType, value)))) return
    throw new Error('a piece of people has more than its room')
  }
  return people => {
    const ready = people.ranges === undefined ? null : batch.people(people.ranges)
    return PeopleText.written(people.length, ready ?? piecesOf(Array.from(people)))
  }

  function piecesOf(people: readonly KnownPerson[]): string[] {
    const pieces: string[] = []
    let before: KnownPerson | null = null
    let ending = ''
    for (let at = 0; at < people.length; ) {
      const end = Math.min(at + peopleInPiece, people.length)
      for (; at < end; at++) {
        const one = people[at]!
        const { also } = one
        add(one)
        for (let nth = 0; nth < also.length; nth++) add(also[nth]!)
        if (before === null || !areShownAlike(one, before)) ending = `:${formsText(one, also)}${betweenPeople}`
        batch.follow(ending)
        before = one
      }
      pieces.push(batch.take().slice(0, -betweenPeople.length))
    }
    return pieces
  }
}

/** Whether what is said of the forms of two people is the same. */
function areShownAlike(one: KnownPerson, other: KnownPerson): boolean {
  if (one.also.length !== other.also.length || !areAlike(one, other)) return false
  for (let nth = 0; nth < one.also.length; nth++) if (!areAlike(one.also[nth]!, other.also[nth]!)) return false
  return true
}

function plainly(digest: Digest): Naming {
  return people => {
    const texts = Array.from(people, one => {
      const indexes = [one, ...one.also].map(({ dataType, value }) => shortIndex(digest(dataType, value)))
      return personText(indexes.join(''), one, one.also)
    })
    return PeopleText.of(texts)!
  }
}

/** The blind indexes under the key of one month, for who has it: of data type and normalised value. */
export function indexUnder(key: Uint8Array): (dataType: string, value: string) => string {
  const digest = digestUnder(key)
  return (dataType, value) => digest(`${dataType}\0${value}`)
}

/**
 * HMAC by two one-shot hashes over blocks that already begin with the padded key: half the cost of `createHmac`
 * (0.6 against 1.2 µs), whose object costs more than its hashing. Hashes pass as latin1, the cheapest for Node to hand over.
 * Nothing of an input stays behind.
 */
function digestUnder(key: Uint8Array): (input: string) => string {
  const inner = Buffer.alloc(blockBytes + shortInput * 3, 0x36)
  const outer = Buffer.alloc(blockBytes + 32, 0x5c)
  for (const [at, byte] of key.entries()) {
    inner[at]! ^= byte
    outer[at]! ^= byte
  }
  return input => {
    if (input.length > shortInput)
      return createHmac('sha256', key).update(input).digest('base64url').slice(0, indexCharacters)
    const end = blockBytes + inner.write(input, blockBytes, 'utf8')
    outer.write(hash('sha256', inner.subarray(0, end), 'latin1'), blockBytes, 'latin1')
    inner.fill(0, blockBytes, end)
    return hash('sha256', outer, 'base64url').slice(0, indexCharacters)
  }
}
