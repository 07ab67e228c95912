/** Numbers as people write them: runs of digits, ASCII or full-width, in groups with one separator between. */
import type { Span } from '../../gateway/contracts.ts'

/** Consecutive groups that may be one number. */
export type WrittenNumber = {
  readonly start: number
  readonly end: number
  /** ASCII. */
  readonly digits: string
  /**
   * How many digits each group has, and what stands between: a space or a dash, `3-4-4`; another sign, `3.4.4`; one that parts
   * lists and sizes, `3,4,4`, of which there is none beside others; a bracket that is closed, `3)8`.
   */
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

/** Signs that stand between groups too, and between other numbers more often: dates, versions, addresses. */
const signs = '._/·•‧'
/** Signs between numbers of a list, a sum or a size; so few numbers are written with them that more has to speak for each. */
const listSigns = ',，、*+'
const opening = '(（'
const closing = ')）'
/** So many single digits, each parted from the next in the same way, are one number that is spaced out. */
const fewestSpaced = 11
const mostSpaced = 19

/** Groups that follow one another with one separator between. */
type Row = {
  /** Of each group where it starts, where it ends, and how many digits it has. */
  readonly groups: readonly number[]
  readonly digits: number
}

const noRows: readonly Row[] = []
const noNumbers: readonly WrittenNumber[] = []
/** The text that was read last, and what was read: all detectors read a text in turn, and only the first of them counts. */
let lastText = ''
let lastRows = noRows

/**
 * Every number within the limits that begins and ends where a group does, by where it starts, longest first. A number
 * inside a longer run of digits is not one. Linear: each group begins as many numbers as it may have groups. Most text
 * has dates and short numbers only; of those no string is made.
 */
export function writtenNumbers(text: string, limits: NumberLimits): readonly WrittenNumber[] {
  if (text !== lastText) {
    lastRows = rowsIn(text)
    lastText = text
  }
  let found: WrittenNumber[] | null = null
  for (const { groups, digits } of lastRows) {
    if (digits < limits.least || (groups.length === 3 && digits > limits.most)) continue
    found ??= []
    numbersIn(text, groups, limits, found)
  }
  return found ?? noNumbers
}

/** Rows of four digits or more. Where a list begins or ends in one, the group between belongs to both. */
function rowsIn(text: string): readonly Row[] {
  const rows: Row[] = []
  let groups: number[] = []
  let inList = false
  const close = () => {
    let digits = 0
    for (let at = 2; at < groups.length; at += 3) digits += groups[at]!
    if (digits >= 4) rows.push({ groups: inList ? groups : closedUp(text, groups), digits })
  }
  for (let at = 0; at < text.length; ) {
    if (!isDigit(text.charCodeAt(at))) {
      at++
      continue
    }
    const start = at
    let count = 0
    // What has no width parts no digits, however much of it there is.
    for (let next = at; next < text.length; next++) {
      if (isDigit(text.charCodeAt(next))) {
        count++
        at = next + 1
      } else if (!widthless.includes(text[next]!)) break
    }
    const sign = groups.length === 0 ? null : signBetween(text, groups, start)
    if (sign === null || (groups.length > 3 && (sign === 'list') !== inList)) {
      close()
      groups = sign === null ? [] : groups.slice(-3)
    }
    inList = sign === 'list'
    groups.push(start, at, count)
  }
  close()
  return rows.length === 0 ? noRows : rows
}

/** What parts a group that starts here from the last one; null where they cannot be of one number. */
function signBetween(text: string, groups: readonly number[], start: number): 'plain' | 'list' | null {
  const end = groups.at(-2)!
  const first = text[end]!
  if (start === end + 1 && (separators.has(first) || signs.includes(first))) return 'plain'
  if (start === end + 1 && listSigns.includes(first)) return 'list'
  const isBracket = closing.includes(first) && opening.includes(text[groups.at(-3)! - 1] ?? ' ')
  return isBracket && (start === end + 1 || (start === end + 2 && separators.has(text[end + 1]!))) ? 'plain' : null
}

/**
 * The groups of a row, or the row as one group where it is a number that is spaced out: `1 3 8 0 0 …`. Marks and answers on
 * a scale of five stand so too, and are none.
 */
function closedUp(text: string, groups: number[]): readonly number[] {
  const count = groups.length / 3
  if (count < fewestSpaced || count > mostSpaced) return groups
  const sign = text[groups[1]!]
  let beyondScale = false
  for (let at = 0; at < groups.length; at += 3) {
    if (groups[at + 2] !== 1 || (at > 0 && text[groups[at]! - 1] !== sign)) return groups
    beyondScale ||= !'12345'.includes(plainDigits(text[groups[at]!]!))
  }
  return beyondScale ? [groups[0]!, groups.at(-2)!, count] : groups
}

/** The spans of numbers that a detector accepts, none of which overlap: of those that do the first counts. */
export function acceptedNumbers(
  text: string,
  limits: NumberLimits,
  accept: (number: WrittenNumber) => boolean,
): Span[] {
  const spans: Span[] = []
  let last = 0
  for (const number of writtenNumbers(text, limits)) {
    if (number.start < last || /[,)]/.test(number.shape) || !accept(number)) continue
    spans.push({ start: number.start, end: number.end })
    last = number.end
  }
  return spans
}

/** Whether neither digits nor capitals of a longer number stand beside it, with one separator between. */
export function isAlone(text: string, { start, end }: Span): boolean {
  return (
    !/[0-9A-Z][ -]?$/.test(text.slice(Math.max(0, start - 2), start)) &&
    !/^[ -]?[0-9A-Z]/.test(text.slice(end, end + 2))
  )
}

/** The digits of a text that is one number and nothing else, or null. */
export function wholeNumber(text: string, limits: NumberLimits): string | null {
  const [number] = writtenNumbers(text, limits)
  return number?.start === 0 && number.end === text.length && !/[,)]/.test(number.shape) ? number.digits : null
}

function numbersIn(text: string, groups: readonly number[], limits: NumberLimits, found: WrittenNumber[]): void {
  for (let first = 0; first < groups.length; first += 3) {
    const beyond = Math.min(groups.length, first + 3 * limits.groups)
    let total = 0
    let group = first
    while (group < beyond && total + groups[group + 2]! <= limits.most) {
      total += groups[group + 2]!
      group += 3
    }
    // Longest first.
    for (; group > first && total >= limits.least; group -= 3) {
      found.push(numberOf(text, groups, first, group))
      total -= groups[group - 1]!
    }
  }
}

function numberOf(text: string, groups: readonly number[], first: number, beyond: number): WrittenNumber {
  let digits = ''
  let shape = ''
  for (let group = first; group < beyond; group += 3) {
    digits += plainDigits(text.slice(groups[group], groups[group + 1]))
    shape += shape === '' ? groups[group + 2]! : signOf(text[groups[group - 2]!]!) + groups[group + 2]!
  }
  return { start: groups[first]!, end: groups[beyond - 2]!, digits, shape }
}

/** What stands for a sign behind a group in a number's shape. */
function signOf(character: string): string {
  if (closing.includes(character)) return ')'
  return signs.includes(character) ? '.' : listSigns.includes(character) ? ',' : '-'
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

/** The digits of a group, in ASCII, without what parts them. */
function plainDigits(group: string): string {
  return toAscii(/[^0-9]/.test(group) ? group.replace(/[^0-9\uff10-\uff19]/g, '') : group)
}
