/** What may stand ahead of a JSON text, and is kept. */

/** RFC 8259, section 8.1, lets a reader pass over one. */
const byteOrderMark = '\xef\xbb\xbf'
/** With these ahead a page of another site that asks for the text as a script gets none of it; the longer first. */
const guards = [")]}',", ")]}'", 'while(1);', 'while (1);', 'for(;;);', 'for (;;);'] as const
/** With what either begins. */
const starts: ReadonlySet<number> = new Set([byteOrderMark, ...guards].map(one => one.charCodeAt(0)))

const longest = byteOrderMark.length + Math.max(...guards.map(guard => guard.length))

/**
 * How many bytes stand ahead of the text that begins so: a byte order mark, and a guard unless the body is `lines`.
 * -1: too few have come to tell; never where they are the `last`.
 */
export function lengthAhead(head: Uint8Array, lines: boolean, last: boolean): number {
  if (head.length > 0 && !starts.has(head[0]!)) return 0
  const text = Buffer.from(head.subarray(0, longest)).toString('latin1')
  const undecided = (prefix: string, at: number) =>
    !last && text.length < at + prefix.length && prefix.startsWith(text.slice(at))
  if (undecided(byteOrderMark, 0)) return -1
  const at = text.startsWith(byteOrderMark) ? byteOrderMark.length : 0
  if (lines) return at
  if (guards.some(guard => undecided(guard, at))) return -1
  return at + (guards.find(guard => text.startsWith(guard, at))?.length ?? 0)
}
