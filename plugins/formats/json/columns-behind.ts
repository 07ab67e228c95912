/**
 * Columns that stand behind the rows they name: `{"rows":[["张三"]],"columns":["姓名"]}`, `{"data":[["张三"]],"meta":{"columns":["姓名"]}}`.
 * Before rows that are arrays are read, a look over the rest of their object, for both readers. Rows that are objects name their
 * cells themselves, and most lists are of such: nothing waits for those.
 */

/** How far behind the beginning of rows, in bytes: what they may have to wait for. As much of an answer is held before any of it leaves. */
export const reach = 256 << 10

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const openBrace = 0x7b
const openBracket = 0x5b

/** What a member said whose name has columns; `none`: there is no such member; `cut`: there may be, behind these bytes. */
export type Behind = { readonly said: unknown } | 'none' | 'cut'

/**
 * What stands behind the array that begins at `from`, in its object and in objects that are members of that, up to the end of
 * these bytes. What is malformed ends the look: the reader comes to it.
 */
export function columnsBehind(bytes: Buffer, from: number, to: number, hasColumns: (name: string) => boolean): Behind {
  let depth = 0
  /** Whether the container one deeper is an object. */
  let inMember = false
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    if (byte === quote) {
      const end = endOfString(bytes, at, to)
      if (end < 0) return 'cut'
      if (depth === 0 || (depth === 1 && inMember)) {
        const value = valueBehind(bytes, end, to)
        if (value > 0 && hasColumns(textOf(bytes, at, end))) {
          const said = parsed(bytes, value, to)
          if (said !== 'none') return said
        }
      }
      at = end - 1
    } else if (byte === openBrace || byte === openBracket) {
      if (depth++ === 0) inMember = byte === openBrace
    } else if ((byte | 0x20) === 0x7d && depth-- === 0) return 'none'
  }
  return 'cut'
}

/** Just behind the string that begins there; -1 where it has not ended. */
function endOfString(bytes: Buffer, from: number, to: number): number {
  for (let at = from + 1; at < to; at++) {
    if (bytes[at] === quote) return at + 1
    if (bytes[at] === backslash) at++
  }
  return -1
}

/** Where the value begins whose name ended there; 0 where that was no name. */
function valueBehind(bytes: Buffer, from: number, to: number): number {
  const at = pastSpace(bytes, from, to)
  return bytes[at] === colon && at < to ? pastSpace(bytes, at + 1, to) : 0
}

function pastSpace(bytes: Buffer, from: number, to: number): number {
  let at = from
  while (at < to && (bytes[at] === 0x20 || (bytes[at]! >= 0x09 && bytes[at]! <= 0x0d))) at++
  return at
}

function textOf(bytes: Buffer, from: number, to: number): string {
  const written = bytes.toString('utf8', from + 1, to - 1)
  return written.includes('\\') ? String(parse(`"${written}"`)) : written
}

/** What an array or a string says that begins there. */
function parsed(bytes: Buffer, from: number, to: number): Behind {
  if (from >= to) return 'cut'
  if (bytes[from] !== openBracket && bytes[from] !== quote) return 'none'
  const end = bytes[from] === quote ? endOfString(bytes, from, to) : endOfArray(bytes, from, to)
  return end < 0 ? 'cut' : { said: parse(bytes.toString('utf8', from, end)) }
}

function endOfArray(bytes: Buffer, from: number, to: number): number {
  let depth = 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    if (byte === quote) {
      at = endOfString(bytes, at, to) - 1
      if (at < 0) return -1
    } else if (byte === openBrace || byte === openBracket) depth++
    else if ((byte | 0x20) === 0x7d && --depth === 0) return at + 1
  }
  return -1
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What columns are called by, of an array that says so: texts, objects with labels, or lists of these; empty where it is no such. */
export function columnsIn(said: unknown, isLabel: (name: string) => boolean): string[][] {
  if (!Array.isArray(said)) return []
  const columns = said.every(Array.isArray) ? said.flat() : said
  const named = columns.map(column => namesOf(column, isLabel))
  return named.includes(null) ? [] : (named as string[][])
}

function namesOf(column: unknown, isLabel: (name: string) => boolean): string[] | null {
  if (typeof column === 'string') return [column]
  if (typeof column !== 'object' || column === null || Array.isArray(column)) return null
  const entries: [string, unknown][] = Object.entries(column)
  return entries.flatMap(([name, value]) => (typeof value === 'string' && isLabel(name) ? [value] : []))
}
