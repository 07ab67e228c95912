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

/** Counts in one pass; but for codes, where there is enough of what they are made of. */
export function census(text: string): Census {
  let digits = 0
  let row = 0
  let joined = 0
  let at = 0
  let wide = 0
  let odd = 0
  let capitals = 0
  let stops = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x30 && unit <= 0x39) {
      digits++
      row++
    } else if (unit < 0x80) {
      if (unit === 0x40) at++
      if (unit === 0x2d || unit === 0x2e || unit === 0x3a) stops++
      if (unit >= 0x41 && unit <= 0x5a) capitals++
      // Space, low line, and from a closing bracket to a slash: ) * + , - . /.
      if (unit !== 0x20 && (unit < 0x29 || unit > 0x2f) && unit !== 0x5f) {
        if (row > joined) joined = row
        row = 0
      }
    } else {
      wide++
      odd |= oddUnits[unit]!
      if (unit >= 0xff10 && unit <= 0xff19) {
        digits++
        row++
      } else if (unit === 0xff20) at++
      else if (unit >= 0x4000 && unit <= 0x9fff) {
        if (row > joined) joined = row
        row = 0
      }
    }
  }
  const mayBeCode = stops >= stopsInACode || digits + capitals >= capitalsInACode
  const code = mayBeCode && holdsCode(text.length, index => text.charCodeAt(index))
  return { digits, joined: Math.max(joined, row), at, wide, code, isOdd: odd !== 0 }
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
