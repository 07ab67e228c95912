/** One cell as it is written, and the value in it. */

export type Cell = {
  /** What stands around the value and stays: blanks, the apostrophe or `="` by which spreadsheets keep digits. */
  readonly before: string
  readonly value: string
  readonly after: string
  readonly quoted: boolean
}

/** Reads a cell given as text without the delimiters around it. */
export function readCell(written: string): Cell {
  if (plain.test(written)) return { before: '', value: written, after: '', quoted: false }
  const quoted = written[0] === '"'
  const text = quoted ? unquote(written) : written
  const formula = /^(\s*=\s*")([^"]*)("\s*)$/.exec(text)
  if (formula !== null) return { before: formula[1]!, value: formula[2]!, after: formula[3]!, quoted }
  let from = 0
  while (from < text.length && blank.test(text[from]!)) from++
  if (text[from] === "'") from++
  let to = text.length
  while (to > from && blank.test(text[to - 1]!)) to--
  return { before: text.slice(0, from), value: text.slice(from, to), after: text.slice(to), quoted }
}

/** Most cells: nothing to take off at either end, which is cheaper to see at once than to look for each thing. */
const plain = /^[^\s\u200b\ufeff"'=](?:.*[^\s\u200b\ufeff])?$/s

const blank = /[\s\u200b\ufeff]/

/**
 * A cell with another value. A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula; a masked
 * value becomes none unless the cell was one.
 */
export function writeCell({ before, value, after, quoted }: Cell, shown: string, delimiter: string): string {
  if (shown === '') return ''
  const special = shown.includes('"') || shown.includes(delimiter) || /[\r\n]/.test(shown)
  if (before.trimStart().startsWith('=')) {
    if (!special) return quoted ? doubleQuotes(before + shown + after) : before + shown + after
    return doubleQuotes(startsFormula(shown) ? `'${shown}` : shown)
  }
  const text =
    startsFormula(shown) && !startsFormula(before + value) ? `${before}'${shown}${after}` : before + shown + after
  return quoted || special ? doubleQuotes(text) : text
}

function doubleQuotes(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

function startsFormula(text: string): boolean {
  return /^[=+\-@\t\r＝＋－＠]/.test(text)
}

/** With which bytes such a text begins: EF leads the full-width ones, and others too. */
const formulaStarts = new Set([...Buffer.from('=+-@\t\r'), 0xef])

/** Whether a text that begins with this byte of UTF-8 may be one: wrong only by saying yes. */
export function mayStartFormula(byte: number): boolean {
  return formulaStarts.has(byte)
}

/** The text of a quoted cell: a doubled quote is one, and what stands behind the closing quote belongs to it. */
function unquote(written: string): string {
  let text = ''
  for (let at = 1; ; ) {
    const close = written.indexOf('"', at)
    if (close < 0) return text + written.slice(at)
    text += written.slice(at, close)
    if (written[close + 1] !== '"') return text + written.slice(close + 1)
    text += '"'
    at = close + 2
  }
}
