/** People who come as ranges of bytes: their messages, and the text of a record's line around the characters of their tags. */
import { lay, noteMost } from './cmac'
import { held, kinds, list, results, textEnd } from './layout'

const bytesOfPerson: usize = 24
const valuesOfPerson: u32 = 3
/** Of bytes. */
const longestValue: u32 = 2048

/** What stands between two runs, and between the people of one; behind forms, and between those of two values. */
const betweenRuns: u32 = 0x222c22
const betweenRunsLength: usize = 3
const betweenAlike: u8 = 0x2c
const behindForms: u8 = 0x3d
const betweenForms: u8 = 0x2e

/**
 * Lays out the messages of so many people, 768 at the most, whose ranges (`PeopleRanges` in gateway/subject.ts) begin there, and writes
 * what stands around and between their characters, with what stands between two runs before the first. `end` is that of the bytes they
 * are ranges of. Puts where the text ends to `textEnd`. Returns how many messages there are; 0: a value is not within them, or of no
 * kind there is.
 */
export function layPeople(first: usize, count: u32, end: usize, kindsKnown: u32): u32 {
  noteMost(count * valuesOfPerson)
  let to = results
  let message = list
  let shownBefore = u64.MAX_VALUE
  /** Where the forms of the run stand. */
  let forms: usize = 0
  let formsEnd: usize = 0
  const last = first + <usize>count * bytesOfPerson
  for (let person = first; person < last; person += bytesOfPerson) {
    const shown = kindsOf(person)
    let isAlike = shown == shownBefore
    if (!isAlike) {
      const from = to + betweenRunsLength
      store<u32>(to, betweenRuns)
      const until = writeForms(shown, from, kindsKnown)
      if (until == 0) return 0
      // Others may be shown alike.
      isAlike = isSameText(forms, formsEnd, from, until)
      if (!isAlike) {
        store<u8>(until, behindForms)
        forms = from
        formsEnd = until
        to = until + 1
      }
      shownBefore = shown
    }
    if (isAlike) store<u8>(to++, betweenAlike)
    for (let at: usize = 0; at < bytesOfPerson; at += 8) {
      const sizes = load<u32>(person + at)
      if (sizes == 0) break
      const from = load<u32>(person + at, 4)
      const length = sizes & 0xffff
      if (<u64>from + length > <u64>(end - held) || length > longestValue || (sizes >> 16) - 1 >= kindsKnown) return 0
      lay(message, <usize>load<u32>(kindAt(sizes >> 16)), held + <usize>from, length, to)
      to += 8
      message += 16
    }
  }
  store<u32>(textEnd, <u32>to)
  return <u32>((message - list) >> 4)
}

/** Of each value of a person the number of its kind, 16 bits, that of the strongest lowest; 0 where there is none. */
// @ts-ignore: decorator
@inline function kindsOf(person: usize): u64 {
  const others = <u64>load<u16>(person, 10) | (<u64>load<u16>(person, 18) << 16)
  return <u64>load<u16>(person, 2) | (others << 16)
}

// @ts-ignore: decorator
@inline function kindAt(number: u32): usize {
  return kinds + (<usize>(number - 1) << 5)
}

/** Writes the forms of values of these kinds, once where they are alike. Returns where they end; 0: there is no such kind. */
function writeForms(shown: u64, to: usize, kindsKnown: u32): usize {
  const first = <u32>shown & 0xffff
  let alike = true
  let left = shown
  do {
    const number = <u32>left & 0xffff
    if (number - 1 >= kindsKnown) return 0
    alike = alike && !v128.any_true(v128.xor(v128.load(kindAt(first), 16), v128.load(kindAt(number), 16)))
    left >>= 16
  } while (left != 0)
  let end = writeForm(first, to)
  if (alike) return end
  for (left = shown >> 16; left != 0; left >>= 16) {
    store<u8>(end, betweenForms)
    end = writeForm(<u32>left & 0xffff, end + 1)
  }
  return end
}

function writeForm(number: u32, to: usize): usize {
  const kind = kindAt(number)
  v128.store(to, v128.load(kind, 16))
  return to + <usize>load<u32>(kind, 4)
}

function isSameText(one: usize, oneEnd: usize, other: usize, otherEnd: usize): bool {
  if (oneEnd - one != otherEnd - other) return false
  for (; one < oneEnd; one++, other++) if (load<u8>(one) != load<u8>(other)) return false
  return true
}
