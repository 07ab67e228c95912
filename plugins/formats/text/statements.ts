/**
 * Values of rows that statements of SQL put into a table, as dumps and error messages have them: `INSERT INTO t (xm) VALUES ('张三')`. Which
 * column each is stands ahead of them, or in the `CREATE TABLE` of the same dump.
 */

/** A value, without its quotes, and the name of its column, as offsets into the text. */
export type StatedValue = { readonly column: string; readonly from: number; readonly to: number }

const mostColumns = 1024
const mostTables = 64

const insert = /\b(?:insert|replace)\s+(?:ignore\s+)?into\s/gi
const table = /\s*([^\s(]{1,128})\s*(?:\(([^()]{1,16384})\)\s*)?values\b/iy
const create = /^\s*create\s+(?:temporary\s+)?table\s+(?:if\s+not\s+exists\s+)?([^\s(]{1,128})\s*\(\s*$/i
const column = /^\s*(?:`([^`]{1,64})`|"([^"]{1,64})"|\[([^\]]{1,64})\]|([\p{L}_][\p{L}\p{N}_]{0,63}))\s+[a-z]/iu
const isKey = /^\s*(?:primary|unique|key|index|constraint|foreign|fulltext|check)\b/i
const endOfCreate = /^\s*\)/
const quotes = /[`"[\]]/g

/** Whether a statement that puts rows into a table begins in one of these lines: they are no table themselves, whatever commas part. */
export function holdsInsert(lines: string): boolean {
  insert.lastIndex = 0
  const start = insert.exec(lines)
  table.lastIndex = insert.lastIndex
  return start !== null && table.test(lines)
}

/** Reads a text line by line, or as a whole: a dump has its rows in lines below the statement that names their columns. */
export class Statements {
  /** By table, where a dump says first what is in it. */
  readonly #tables = new Map<string, string[]>()
  #created: string[] | null = null
  /** Of the rows that the next lines go on with. */
  #columns: readonly string[] | null = null

  /** Whether lines to come may have rows, or columns, of what came. */
  get goOn(): boolean {
    return this.#columns !== null || this.#created !== null
  }

  /** The values in a text that has no more of its rows behind it than those in lines to come. */
  find(text: string): readonly StatedValue[] {
    if (this.#columns === null && this.#created === null && !/\b(?:into|table)\s/i.test(text)) return none
    if (this.#isOfCreate(text)) return none
    const found: StatedValue[] = []
    let at = 0
    if (this.#columns !== null) at = this.#rows(text, 0, found)
    insert.lastIndex = at
    for (let start = insert.exec(text); start !== null; start = insert.exec(text)) {
      table.lastIndex = insert.lastIndex
      const named = table.exec(text)
      if (named === null) continue
      this.#columns = columnsOf(named[2]) ?? this.#tables.get(bare(named[1]!)) ?? []
      insert.lastIndex = this.#rows(text, table.lastIndex, found)
    }
    return found
  }

  #isOfCreate(line: string): boolean {
    const started = create.exec(line)
    if (started !== null) {
      this.#columns = null
      this.#created = []
      if (this.#tables.size >= mostTables) this.#tables.clear()
      this.#tables.set(bare(started[1]!), this.#created)
      return true
    }
    if (this.#created === null) return false
    const named = isKey.test(line) ? null : column.exec(line)
    if (named !== null && this.#created.length < mostColumns)
      this.#created.push(named[1] ?? named[2] ?? named[3] ?? named[4]!)
    if (endOfCreate.test(line)) this.#created = null
    return true
  }

  /** Reads rows from there on; says where they end, and keeps their columns where more may come. */
  #rows(text: string, from: number, found: StatedValue[]): number {
    const columns = this.#columns!
    let at = from
    for (;;) {
      at = skip(text, at, between)
      if (at >= text.length) return at
      if (text[at] !== '(') {
        this.#columns = null
        return at
      }
      at = readRow(text, at + 1, columns, found)
    }
  }
}

const none: readonly StatedValue[] = []
const between = /[\s,]/
const blank = /\s/

function columnsOf(list: string | undefined): string[] | null {
  return list === undefined ? null : list.split(',', mostColumns).map(bare)
}

function bare(name: string): string {
  const last = name.trim().split('.').at(-1)!
  return last.replace(quotes, '')
}

function skip(text: string, from: number, what: RegExp): number {
  let at = from
  while (at < text.length && what.test(text[at]!)) at++
  return at
}

/** Reads one row behind its bracket; says where the next may begin. */
function readRow(text: string, from: number, columns: readonly string[], found: StatedValue[]): number {
  let at = from
  for (let index = 0; at < text.length; index++) {
    at = skip(text, at, blank)
    const end = endOfValue(text, at)
    const value = withoutQuotes(text, at, end)
    const name = columns[index]
    if (name !== undefined && value.to > value.from) found.push({ column: name, ...value })
    at = end + 1
    if (text[end] !== ',') return at
  }
  return text.length
}

/** Where the comma or bracket behind a value stands, or the end of the text. */
function endOfValue(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const sign = text[at]!
    if (sign === "'" || sign === '"') at = endOfQuoted(text, at)
    else if (sign === '(') depth++
    else if (sign === ')' && depth-- === 0) return at
    else if (sign === ',' && depth === 0) return at
  }
  return text.length
}

/** The closing quote: neither escaped nor doubled. */
function endOfQuoted(text: string, from: number): number {
  const quote = text[from]!
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at
      at++
    }
  }
  return text.length
}

/** `N'张三'` and `_utf8'张三'` too; NULL and calls of functions have none and stay as they are. */
function withoutQuotes(text: string, from: number, end: number): { from: number; to: number } {
  let to = end
  while (to > from && blank.test(text[to - 1]!)) to--
  const opened = /^(?:_?[a-z]\w{0,15})?['"]/i.exec(text.slice(from, Math.min(to, from + 18)))?.[0]
  if (opened !== undefined && to - from > opened.length && text[to - 1] === opened.at(-1))
    return { from: from + opened.length, to: to - 1 }
  return /^(?:null|default|true|false)$/i.test(text.slice(from, to)) ? { from, to: from } : { from, to }
}
