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

const run = /[0-9０-９]+/g
/** Spaces, hyphens and dashes, and what has no width. No line break or tab: those part cells and lines. */
const separator = /[ \u00a0\u2009\u202f\u3000\-\u00ad\u2010-\u2015\u2212\uff0d\u200b-\u200d\u2060\ufeff]/

/**
 * Every number of `least` to `most` digits that begins and ends where a group does, in at most `groups` groups, by
 * where it starts, longest first. A number inside a longer run of digits is not one. Linear: each group begins at most
 * `groups` numbers.
 */
export function* writtenNumbers(text: string, least: number, most: number, groups: number): Generator<WrittenNumber> {
  const window: { start: number; end: number }[] = []
  for (const match of text.matchAll(run)) {
    const next = { start: match.index, end: match.index + match[0].length }
    const last = window.at(-1)
    if (last !== undefined && !(next.start === last.end + 1 && separator.test(text[last.end]!))) {
      while (window.length > 0) yield* fromFirst(text, window, least, most)
    }
    window.push(next)
    if (window.length === groups) yield* fromFirst(text, window, least, most)
  }
  while (window.length > 0) yield* fromFirst(text, window, least, most)
}

/** The numbers that begin with the first group of the window; then lets the group go. */
function fromFirst(
  text: string,
  window: { start: number; end: number }[],
  least: number,
  most: number,
): readonly WrittenNumber[] {
  const start = window[0]!.start
  const found: WrittenNumber[] = []
  let digits = ''
  let shape = ''
  for (const group of window) {
    const length = group.end - group.start
    if (digits.length + length > most) break
    digits += toAscii(text.slice(group.start, group.end))
    shape += shape === '' ? length : `-${length}`
    if (digits.length >= least) found.push({ start, end: group.end, digits, shape })
  }
  window.shift()
  return found.reverse()
}

/** Full-width letters and digits as ASCII; other characters stay. */
export function toAscii(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, wide => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
}
