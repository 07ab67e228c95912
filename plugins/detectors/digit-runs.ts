/** Numbers as people write them: runs of digits, ASCII or full-width, in groups with one separator between. */

/** Consecutive groups that may be one number. */
export type WrittenNumber = {
  readonly start: number
  readonly end: number
  /** ASCII. */
  readonly digits: string
  /** How many digits each group has: `3-4-4`. */
  readonly shape: string
}

export type NumberLimits = {
  /** Digits, at least and at most. */
  readonly least: number
  readonly most: number
  /** Groups, at most. */
  readonly groups: number
}

/** What has no width: nobody sees it, so it parts no groups however much of it there is. */
const widthless = '\u00ad\u200b\u200c\u200d\u2060\ufeff'
/** Spaces, hyphens and dashes, and what has no width. No line break or tab: those part cells and lines. */
export const separators: ReadonlySet<string> = new Set(
  ` -\u00a0\u2009\u2010\u2011\u2012\u2013\u2014\u2015\u202f\u2212\u3000\uff0d${widthless}`,
)

/**
 * Every number within the limits that begins and ends where a group does, by where it starts, longest first. A number
 * inside a longer run of digits is not one. Linear: each group begins as many numbers as it may have groups. Most text
 * has dates and short numbers only; of those no string is made.
 */
export function writtenNumbers(text: string, limits: NumberLimits): WrittenNumber[] {
  const found: WrittenNumber[] = []
  /** Starts and ends of the groups that follow one another with one separator between. */
  let groups: number[] = []
  let digits = 0
  for (let at = 0; at < text.length; ) {
    if (!isDigit(text.charCodeAt(at))) {
      at++
      continue
    }
    const start = at
    at = endOfGroup(text, at)
    if (groups.length > 0 && !(start === groups.at(-1)! + 1 && separators.has(text[start - 1]!))) {
      if (digits >= limits.least) numbersIn(text, groups, limits, found)
      groups = []
      digits = 0
    }
    groups.push(start, at)
    // more than they are where there is something without width between them; then `numbersIn` counts
    digits += at - start
  }
  if (digits >= limits.least) numbersIn(text, groups, limits, found)
  return found
}

function numbersIn(text: string, groups: readonly number[], limits: NumberLimits, found: WrittenNumber[]): void {
  for (let first = 0; first < groups.length; first += 2) {
    const start = groups[first]!
    const ofFirst: WrittenNumber[] = []
    const beyond = Math.min(groups.length, first + 2 * limits.groups)
    let digits = ''
    let shape = ''
    for (let group = first; group < beyond; group += 2) {
      const [from, end] = [groups[group]!, groups[group + 1]!]
      const written = plainDigits(text.slice(from, end))
      if (digits.length + written.length > limits.most) break
      digits += written
      shape += shape === '' ? written.length : `-${written.length}`
      if (digits.length >= limits.least) ofFirst.push({ start, end, digits, shape })
    }
    while (ofFirst.length > 0) found.push(ofFirst.pop()!)
  }
}

/** Where a run of digits ends, passing over what has no width between two of them. */
function endOfGroup(text: string, from: number): number {
  let end = from + 1
  for (let at = end; at < text.length; at++) {
    if (isDigit(text.charCodeAt(at))) end = at + 1
    else if (!widthless.includes(text[at]!)) break
  }
  return end
}

/** 0 to 9, also full-width. */
function isDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0xff10 && code <= 0xff19)
}

/** Full-width letters and digits as ASCII; other characters stay, and all stay in their places. */
export function toAscii(text: string): string {
  let at = 0
  while (at < text.length && text.charCodeAt(at) < 0xff01) at++
  if (at === text.length) return text
  return text.replace(/[\uff01-\uff5e]/g, wide => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
}

/** The digits of a group, in ASCII. */
function plainDigits(group: string): string {
  return toAscii(/[^\x00-\x7f]/.test(group) ? group.replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, '') : group)
}
