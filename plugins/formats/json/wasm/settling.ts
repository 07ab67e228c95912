/**
 * Who is in a row, settled as gateway/masking/row-people.ts does it, by numbers: the values of the strongest type are its
 * people, and of what else they are known by the strongest are kept. Only what is kept is looked up among the values known.
 *
 * Person settled, 12 bytes: the number of the value, from 1, and those of two others; 0 where there are none.
 * Person in the row under way, 12 bytes: the same number, and the list's entries of the others.
 */
import { heldEntry, rankOf, strongest, weakest } from './held-values'
import { bytesOf, hasRoomFor, isOneSpelling, lengthOf, numberOf, spells, valueAt } from './known-values'
import { inRow, output, rulesIn, settled, settledAt, spoken } from './layout'
import { slot } from './window'

/** More than any type identifies by: what a value is weaker for being the second of its type. */
const repeated: u32 = 100

/** Settles the row whose list has so many values; false, with nothing done, where that is the cursor's. */
export function settleRow(count: u32): bool {
  if (!hasRoomFor(count)) return false
  const first = strongest(count)
  const rule = load<u8>(first)
  const most = weakest(rankOf(first))
  let persons: u32 = 0
  for (let at = first; at < heldEntry(count); at += 16) {
    if (load<u8>(at) != rule) continue
    if (!isNumbered(at)) return false
    persons = join(persons, count, at)
  }
  if (persons == 1) {
    for (let at = heldEntry(0); at < heldEntry(count); at += 16) if (isOther(at, rule, most)) addOther(inRow, at)
  } else {
    for (let at = heldEntry(0); at < heldEntry(count); at += 16)
      if (isOther(at, rule, most) && !isNumbered(at)) return false
    attach(count, persons, rule, most, false)
    attach(count, persons, rule, most, true)
  }
  return keep(persons)
}

// @ts-ignore: decorator
@inline function isOther(at: usize, rule: u8, most: u32): bool {
  return load<u8>(at) != rule && rankOf(at) <= most
}

/** Looks a value up; false where others that are known may spell the same. */
function isNumbered(at: usize): bool {
  if (load<u32>(at, 12) == 0) {
    const from = <usize>load<u32>(at, 4)
    store<u32>(at, numberOf(load<u8>(at), from, from + <usize>load<u32>(at, 8)) + 1, 12)
  }
  return isOneSpelling(load<u32>(at, 12) - 1)
}

// @ts-ignore: decorator
@inline function personInRow(nth: u32): usize {
  return inRow + <usize>nth * 12
}

// @ts-ignore: decorator
@inline function settledPerson(number: u32): usize {
  return settled + <usize>(number - 1) * 12
}

/** The person settled by a value; 0: nobody was. */
// @ts-ignore: decorator
@inline function personBy(value: u32): u32 {
  return load<u32>(valueAt(value - 1)) >> 8
}

/** The person of a value among those of the row, with what they are known by; returns how many there are. */
function join(persons: u32, count: u32, at: usize): u32 {
  const value = load<u32>(at, 12)
  for (let k: u32 = 0; k < persons; k++) if (load<u32>(personInRow(k)) == value) return persons
  const one = personInRow(persons)
  store<u32>(one, value)
  store<u32>(one, 0, 4)
  store<u32>(one, 0, 8)
  const person = personBy(value)
  if (person != 0) {
    const entry = heldEntry(count + persons * 2)
    store<u32>(one, listed(entry, load<u32>(settledPerson(person), 4)), 4)
    store<u32>(one, listed(entry + 16, load<u32>(settledPerson(person), 8)), 8)
  }
  return persons + 1
}

/** A value known, as an entry behind the list; 0: none. */
function listed(entry: usize, value: u32): u32 {
  if (value == 0) return 0
  const rule = <u32>load<u8>(valueAt(value - 1))
  store<u32>(entry, rule | load<u32>(slot + rulesIn + (<usize>rule << 6), 32) << 8)
  store<u32>(entry, <u32>bytesOf(value - 1), 4)
  store<u32>(entry, lengthOf(value - 1), 8)
  store<u32>(entry, value, 12)
  return <u32>entry
}

/** Different types are before second ones of a type, then stronger ones before weaker: `addAlso` there. */
function addOther(one: usize, at: usize): void {
  const a = <usize>load<u32>(one, 4)
  if (a == 0) return store<u32>(one, <u32>at, 4)
  if (isSame(a, at)) return
  const b = <usize>load<u32>(one, 8)
  if (b == 0) return store<u32>(one, <u32>at, 8)
  if (isSame(b, at)) return
  const rule = load<u8>(at)
  let least = rankOf(at) + (rule == load<u8>(a) || rule == load<u8>(b) ? repeated : 0)
  let worst: usize = 0
  if (rankOf(a) > least) {
    worst = one + 4
    least = rankOf(a)
  }
  if (rankOf(b) + (load<u8>(a) == load<u8>(b) ? repeated : 0) > least) worst = one + 8
  if (worst != 0) store<u32>(worst, <u32>at)
}

function isSame(one: usize, other: usize): bool {
  const length = load<u32>(one, 8)
  if (load<u8>(one) != load<u8>(other) || length != load<u32>(other, 8)) return false
  return spells(<usize>load<u32>(one, 4), <usize>load<u32>(other, 4), length)
}

/**
 * Of several people the first has the first value of each type, and so on. `left`: instead, what is left over goes to the first
 * who has room.
 */
function attach(count: u32, persons: u32, rule: u8, most: u32, left: bool): void {
  let next: u32 = 0
  for (let at = heldEntry(0); at < heldEntry(count); at += 16) {
    if (!isOther(at, rule, most) || isRepeated(at)) continue
    let nth: u32 = 0
    for (let other = at; other < heldEntry(count); other += 16) {
      if (load<u8>(other) != load<u8>(at) || isMetBefore(at, other)) continue
      if (nth < persons) {
        if (!left) addOther(personInRow(nth), other)
      } else if (left) {
        while (next < persons && load<u32>(personInRow(next), 8) != 0) next++
        if (next == persons) return
        addOther(personInRow(next), other)
      }
      nth++
    }
  }
}

/** Whether a value of the same type stands ahead. */
function isRepeated(at: usize): bool {
  for (let before = heldEntry(0); before < at; before += 16) if (load<u8>(before) == load<u8>(at)) return true
  return false
}

/** Whether a value stands between `from` and `at` as well. */
function isMetBefore(from: usize, at: usize): bool {
  for (let before = from; before < at; before += 16) if (load<u32>(before, 12) == load<u32>(at, 12)) return true
  return false
}

/** Puts the people of the row among those settled; false, with none of them put, where it is the cursor's to say who they are. */
function keep(persons: u32): bool {
  for (let k: u32 = 0; k < persons; k++) {
    const one = personInRow(k)
    if (load<u32>(one, 4) != 0 && !isNumbered(<usize>load<u32>(one, 4))) return false
    if (load<u32>(one, 8) != 0 && !isNumbered(<usize>load<u32>(one, 8))) return false
  }
  for (let k: u32 = 0; k < persons; k++) {
    const one = personInRow(k)
    const value = load<u32>(one)
    let person = personBy(value)
    if (person == 0) {
      person = load<u32>(settledAt) + 1
      store<u32>(settledAt, person)
      store<u32>(valueAt(value - 1), load<u32>(valueAt(value - 1)) | person << 8)
    }
    const to = settledPerson(person)
    store<u32>(to, value)
    store<u32>(to, numberIn(<usize>load<u32>(one, 4)), 4)
    store<u32>(to, numberIn(<usize>load<u32>(one, 8)), 8)
  }
  return true
}

/**
 * Writes so many people, from one on, to the output, as `PeopleRanges` in gateway/subject.ts has them: `begin` is where the bytes of
 * the values known will stand.
 */
export function writeSettled(first: u32, count: u32, begin: u32): void {
  const from = settled + <usize>first * 12
  const values = from + <usize>count * 12
  let to = output
  for (let at = from; at < values; at += 4) {
    const number = load<u32>(at)
    if (number == 0) store<u64>(to, 0)
    else {
      const value = valueAt(number - 1)
      store<u32>(to, <u32>load<u8>(value) << 16 | lengthOf(number - 1))
      store<u32>(to, load<u32>(value, 8) - <u32>spoken + begin, 4)
    }
    to += 8
  }
}

// @ts-ignore: decorator
@inline function numberIn(entry: usize): u32 {
  return entry == 0 ? 0 : load<u32>(entry, 12)
}
