/** Numbers as people write them: runs of digits, ASCII or full-width, in groups with one separator between. */
import type { Span } from '../../gateway/contracts.ts'

/** Consecutive groups that may be one number. */
export type WrittenNumber = {
  readonly start: number
  readonly end: number
  /** ASCII. */
  readonly digits: string
  /** How many digits each group has, and whether a sign that is no space or dash stands between: `3-4-4`, `3.4.4`. */
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
const signs = '._/'
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

/** Rows of four digits or more. */
function rowsIn(text: string): readonly Row[] {
  const rows: Row[] = []
  let groups: number[] = []
  let digits = 0
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
    if (groups.length > 0 && !(start === groups.at(-2)! + 1 && mayPart(text[start - 1]!))) {
      if (digits >= 4) rows.push({ groups: closedUp(text, groups), digits })
      groups = []
      digits = 0
    }
    groups.push(start, at, count)
    digits += count
  }
  if (digits >= 4) rows.push({ groups: closedUp(text, groups), digits })
  return rows.length === 0 ? noRows : rows
}

function mayPart(character: string): boolean {
  return separators.has(character) || signs.includes(character)
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
    if (number.start < last || !accept(number)) continue
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
  return number?.start === 0 && number.end === text.length ? number.digits : null
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
    shape +=
      shape === ''
        ? groups[group + 2]!
        : `${signs.includes(text[groups[group]! - 1]!) ? '.' : '-'}${groups[group + 2]!}`
  }
  return { start: groups[first]!, end: groups[beyond - 2]!, digits, shape }
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
