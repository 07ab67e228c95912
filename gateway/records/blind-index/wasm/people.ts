/** People who come as ranges of bytes: their messages, and the text of a record's line around the characters of their tags. */
import { lay, noteMost } from './cmac'
import { held, kinds, list, results, textEnd } from './layout'

const bytesOfPerson: usize = 24
const valuesOfPerson: u32 = 3
/** Of bytes. */
const longestValue: u32 = 2048

/**
 * Lays out the messages of so many people, 768 at the most, whose ranges (`PeopleRanges` in gateway/subject.ts) begin there, and writes
 * what stands around and between their characters. `end` is that of the bytes they are ranges of. Puts where the text ends to
 * `textEnd`. Returns how many messages there are; 0: a value is not within them, or of no kind there is.
 */
export function layPeople(first: usize, count: u32, end: usize, kindsKnown: u32): u32 {
  noteMost(count * valuesOfPerson)
  let to = results
  let message = list
  const last = first + <usize>count * bytesOfPerson
  for (let person = first; person < last; person += bytesOfPerson) {
    const before = message
    for (let at: usize = 0; at < bytesOfPerson; at += 8) {
      const sizes = load<u32>(person + at)
      if (sizes == 0) break
      const from = load<u32>(person + at, 4)
      const length = sizes & 0xffff
      if (<u64>from + length > <u64>(end - held) || length > longestValue || (sizes >> 16) - 1 >= kindsKnown) return 0
      lay(message, <usize>load<u32>(kindOf(sizes)), held + <usize>from, length, to)
      to += 8
      message += 16
    }
    to = writeForms(person, (message - before) >> 4, to)
  }
  store<u32>(textEnd, <u32>to)
  return <u32>((message - list) >> 4)
}

// @ts-ignore: decorator
@inline function kindOf(sizes: u32): usize {
  return kinds + (<usize>((sizes >> 16) - 1) << 5)
}

/** Writes the forms of so many values of a person, once where they are alike, and what stands between two people. */
function writeForms(person: usize, values: usize, to: usize): usize {
  const first = kindOf(load<u32>(person))
  let alike = true
  for (let nth: usize = 1; nth < values; nth++) {
    const other = kindOf(load<u32>(person + (nth << 3)))
    alike = alike && !v128.any_true(v128.xor(v128.load(first, 16), v128.load(other, 16)))
  }
  const shown: usize = alike ? 1 : values
  for (let nth: usize = 0; nth < shown; nth++) {
    const kind = kindOf(load<u32>(person + (nth << 3)))
    store<u8>(to, nth == 0 ? 0x3a : 0x2e)
    v128.store(to, v128.load(kind, 16), 1)
    to += 1 + <usize>load<u32>(kind, 4)
  }
  store<u32>(to, 0x222c22)
  return to + 3
}
