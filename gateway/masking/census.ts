/** What of the trigger classes (contracts.ts) stands in a text. */
import { oddUnits } from './plain-reading.ts'

export type Census = {
  readonly digits: number
  /** The most digits in a row, as `Triggers.joined` has it. */
  readonly joined: number
  readonly at: number
  readonly wide: number
  /** Whether there is a code. */
  readonly code: boolean
  /** Whether something may read otherwise than it is written (plain-reading.ts). */
  readonly isOdd: boolean
}

/** What a UTF-16 unit counts as; a capital is one of ASCII, a sign a full stop, colon or hyphen. */
const is = { breaksRow: 1, digit: 2, at: 4, wide: 8, capital: 16, sign: 32, odd: 64 } as const
/** Most of a text are these. */
const han = is.wide | is.breaksRow
const digit = is.digit

const units = Uint8Array.from(oddUnits, (odd, unit) => (unit < 0x80 ? is.breaksRow : is.wide) | (odd * is.odd))
const mark = (signs: Iterable<string>, bit: number) => {
  for (const sign of signs) units[sign.charCodeAt(0)]! |= bit
}
units.fill(han, 0x4000, 0xa000)
// Space, low line, and from a closing bracket to a slash.
for (const sign of '0123456789 _)*+,-./') units[sign.charCodeAt(0)] = 0
mark('0123456789０１２３４５６７８９', is.digit)
mark('@＠', is.at)
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', is.capital)
mark('.:-', is.sign)

/** Counts in one pass; by branches, as the next character is mostly of the same kind. */
export function census(text: string): Census {
  let digits = 0
  let row = 0
  let joined = 0
  let at = 0
  let wide = 0
  let run = 0
  let longest = 0
  let stops = 0
  let colons = 0
  let hyphens = 0
  let seen = 0
  for (let i = 0; i < text.length; i++) {
    const unit = units[text.charCodeAt(i)]!
    if (unit === han) {
      wide++
      if (row > joined) joined = row
      row = 0
      run = 0
      continue
    }
    if (unit === digit) {
      digits++
      row++
      if (++run > longest) longest = run
      continue
    }
    seen |= unit
    if ((unit & is.breaksRow) !== 0) {
      if (row > joined) joined = row
      row = 0
    }
    if ((unit & is.capital) === 0) run = 0
    else if (++run > longest) longest = run
    if ((unit & is.wide) !== 0) wide++
    if ((unit & is.digit) !== 0) {
      digits++
      row++
    }
    if ((unit & is.at) !== 0) at++
    if ((unit & is.sign) !== 0) {
      const code = text.charCodeAt(i)
      if (code === 0x2e) stops++
      else if (code === 0x3a) colons++
      else hyphens++
    }
  }
  const mayBeCode = stops >= stopsInACode || colons >= colonsInACode || hyphens >= hyphensInACode
  const code = longest >= capitalsInACode || (mayBeCode && holdsCode(text.length, index => text.charCodeAt(index)))
  return { digits, joined: Math.max(joined, row), at, wide, code, isOdd: (seen & is.odd) !== 0 }
}

/** As `1.1.1.1`. */
const shortestCode = 7
const capitalsInACode = 15
const stopsInACode = 3
const colonsInACode = 4
const hyphensInACode = 5

/** Whether there is what `Triggers.code` says among so many characters or bytes. */
export function holdsCode(length: number, unitAt: (index: number) => number): boolean {
  if (length < shortestCode) return false
  let run = 0
  let stops = 0
  let colons = 0
  let hyphens = 0
  let behindDigit = false
  for (let i = 0; i < length; i++) {
    const unit = unitAt(i)
    const isDigit = unit >= 0x30 && unit <= 0x39
    if (isDigit || (unit >= 0x41 && unit <= 0x5a)) {
      if (++run >= capitalsInACode) return true
    } else {
      run = 0
      if (unit === 0x2e && behindDigit && ++stops >= stopsInACode) return true
      if (unit === 0x3a && ++colons >= colonsInACode) return true
      if (unit === 0x2d && ++hyphens >= hyphensInACode) return true
    }
    behindDigit = isDigit
  }
  return false
}
