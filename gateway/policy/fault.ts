import type { Bilingual } from '../contracts.ts'
import { displayWidth } from '../terminal.ts'

/** Which language of files is at fault, then what: `YAML_SYNTAX`, `POLICY_UNKNOWN_TYPE`, `CONFIG_UPSTREAM`. */
export type FaultCode = `${'YAML' | 'POLICY' | 'CONFIG'}_${string}`

/** One thing that is wrong in a file people wrote, and where. A warning does not keep the file from being used. */
export type Fault = {
  /** As it is shown: relative to where the user stands, or as given. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in characters (code points). */
  readonly column: number
  /** How many characters the caret underlines; at least 1. */
  readonly width: number
  readonly code: FaultCode
  readonly severity: 'error' | 'warning'
  /** What is wrong. */
  readonly message: Bilingual
  /** What would be right, or null. */
  readonly hint: Bilingual | null
  /** The text of the line; empty where there is none (an unreadable file). */
  readonly source: string
}

/** A fault of a whole file: unreadable, too large, not there. */
export function fileFault(file: string, code: FaultCode, message: Bilingual, hint: Bilingual | null = null): Fault {
  return { file, line: 1, column: 1, width: 1, code, severity: 'error', message, hint, source: '' }
}

export function hasErrors(faults: readonly Fault[]): boolean {
  return faults.some(fault => fault.severity === 'error')
}

/** Without the warnings, with which alone nothing would be refused. */
export function errorsOf(faults: readonly Fault[]): Fault[] {
  return faults.filter(fault => fault.severity === 'error')
}

/** By file, then by place; a fault that was found twice stands once. */
export function sortFaults(faults: readonly Fault[]): Fault[] {
  const order = (a: Fault, b: Fault) =>
    compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code)
  const sorted = [...faults].sort(order)
  return sorted.filter((fault, index) => {
    const before = sorted[index - 1]
    return before === undefined || order(before, fault) !== 0 || before.message.en !== fault.message.en
  })
}

/**
 * For people at a terminal: `file:line:column CODE what is wrong; what would be right`, the line, a caret. Ends with a
 * line break unless there is nothing to say. Quotes the files, so it belongs on a screen and not in a log: there, use
 * file, line, column and code.
 */
export function renderFaults(faults: readonly Fault[], lang: 'zh' | 'en'): string {
  return sortFaults(faults)
    .map(fault => renderFault(fault, lang))
    .join('')
}

const warning: Bilingual = { zh: '提醒：', en: 'warning: ' }
const semicolon: Bilingual = { zh: '；', en: '; ' }

function renderFault(fault: Fault, lang: 'zh' | 'en'): string {
  const mark = fault.severity === 'warning' ? warning[lang] : ''
  const words = fault.hint === null ? fault.message[lang] : fault.message[lang] + semicolon[lang] + fault.hint[lang]
  const head = printable(`${fault.file}:${fault.line}:${fault.column} ${fault.code} ${mark}${words}`)
  if (fault.source === '') return `${head}\n`
  const gutter = String(fault.line).padStart(5)
  const { text, before, under } = excerpt(fault)
  return `${head}\n${gutter} | ${text}\n${' '.repeat(gutter.length)} | ${' '.repeat(before)}${'^'.repeat(under)}\n`
}

/** Columns of a terminal that a quoted line may take. */
const excerptColumns = 140

/** The line, or a window of a long one, and where the caret goes in columns of a terminal. */
function excerpt(fault: Fault): { text: string; before: number; under: number } {
  const all = [...printable(fault.source)]
  const at = Math.min(fault.column - 1, all.length)
  const from = all.length <= excerptColumns || at < excerptColumns / 2 ? 0 : at - 40
  const to = Math.min(all.length, from + excerptColumns)
  const lead = from > 0 ? '…' : ''
  const text = lead + all.slice(from, to).join('') + (to < all.length ? '…' : '')
  const before = displayWidth(lead) + displayWidth(all.slice(from, at).join(''))
  const under = displayWidth(all.slice(at, Math.min(at + fault.width, to)).join(''))
  return { text, before, under: Math.max(1, under) }
}

/**
 * Control and direction characters could make a terminal show something other than what the file holds. An API key that
 * was written where its hash belongs would go from here into the journal of the service: of it only the length is shown.
 */
function printable(text: string): string {
  return text
    .replace(/\t/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\uFFFD')
    .replace(/(?<=vg_)[A-Za-z0-9_-]{20,}/g, secret => '*'.repeat(secret.length))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
