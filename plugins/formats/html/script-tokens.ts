/** The tokens of JavaScript (ECMA-262, section 12) as far as literals and names go. */
import { fault } from '../faults.ts'

export type ScriptToken = {
  readonly kind: 'string' | 'number' | 'name' | 'mark' | 'comment' | 'regex' | 'template'
  readonly from: number
  readonly to: number
  /** What a string or a piece of a template says, a name or mark is. */
  readonly text: string
}

const blank = /[\s\ufeff]+/y
const comment = /\/\/[^\n\r\u2028\u2029]*|<!--[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\//y
const lineClose = /-->[^\n\r\u2028\u2029]*/y
const name =
  /(?:[\p{ID_Start}$_#]|\\u(?:[0-9a-fA-F]{4}|\{[0-9a-fA-F]+\}))(?:[\p{ID_Continue}$\u200c\u200d]|\\u(?:[0-9a-fA-F]{4}|\{[0-9a-fA-F]+\}))*/uy
const number = /(?:0[xXbBoO][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)n?/y
const string = /"(?:[^"\\\n\r]|\\(?:\r\n|[\s\S]))*"|'(?:[^'\\\n\r]|\\(?:\r\n|[\s\S]))*'/y
const templatePiece = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(`|\$\{)/y
const regex = /\/(?:[^/\\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+\/[\p{ID_Continue}]*/uy

/** After these words a slash begins a regular expression. */
const beforeRegex = new Set('return typeof case in of delete void throw new do else instanceof yield await'.split(' '))

/** Throws where the text cannot be split into tokens. */
export function scriptTokens(source: string): ScriptToken[] {
  const tokens: ScriptToken[] = []
  /** For each open brace whether it is of a template. */
  const braces: boolean[] = []
  let at = 0
  let lineStart = true
  let last: ScriptToken | null = null
  const matchAt = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(source)
  }
  const push = (kind: ScriptToken['kind'], length: number, text: string) => {
    const token = { kind, from: at, to: at + length, text }
    tokens.push(token)
    at += length
    lineStart = false
    if (kind !== 'comment') last = token
  }
  const piece = () => {
    const match = matchAt(templatePiece)
    if (match === null) throw fault('malformed')
    const [whole, end = ''] = match
    push('template', whole.length - end.length, unescapeScript(whole.slice(0, whole.length - end.length)))
    push('mark', end.length, end)
    if (end === '${') braces.push(true)
  }
  while (at < source.length) {
    const blanks = matchAt(blank)
    if (blanks !== null) {
      if (/[\n\r\u2028\u2029]/.test(blanks[0])) lineStart = true
      at += blanks[0].length
      continue
    }
    const noted = matchAt(comment) ?? (lineStart ? matchAt(lineClose) : null)
    const character = source[at]!
    if (noted !== null) push('comment', noted[0].length, '')
    else if (character === '"' || character === "'") {
      const match = matchAt(string)
      if (match === null) throw fault('malformed')
      push('string', match[0].length, unescapeScript(match[0].slice(1, -1)))
    } else if (character === '`') {
      push('mark', 1, '`')
      piece()
    } else if (character === '}' && braces.at(-1) === true) {
      braces.pop()
      push('mark', 1, '}')
      piece()
    } else {
      const found = matchAt(number) ?? null
      const word = found === null ? matchAt(name) : null
      if (found !== null && found[0] !== '') push('number', found[0].length, found[0])
      else if (word !== null) push('name', word[0].length, unescapeScript(word[0]))
      else if (character === '/' && regexMayStand(last)) {
        const match = matchAt(regex)
        if (match === null) throw fault('malformed')
        push('regex', match[0].length, match[0])
      } else {
        if (character === '{') braces.push(false)
        if (character === '}') braces.pop()
        push('mark', 1, character)
      }
    }
  }
  if (braces.includes(true)) throw fault('malformed')
  return tokens
}

function regexMayStand(last: ScriptToken | null): boolean {
  if (last === null) return true
  if (last.kind === 'name') return beforeRegex.has(last.text)
  if (last.kind !== 'mark') return false
  return last.text !== ')' && last.text !== ']' && last.text !== '}' && last.text !== '`'
}

const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' }

/** Text between quotes as it is read. */
function unescapeScript(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3]?[0-7]{1,2})|(\r\n|[\s\S]))/g,
    (_, brace?: string, four?: string, two?: string, octal?: string, one?: string) => {
      const hex = brace ?? four ?? two
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16))
      if (octal !== undefined) return codePoint(Number.parseInt(octal, 8))
      if (one === '\n' || one === '\r\n' || one === '\r' || one === '\u2028' || one === '\u2029') return ''
      return simple[one!] ?? one!
    },
  )
}

function codePoint(code: number): string {
  return code > 0x10ffff ? '' : String.fromCodePoint(code)
}

/** A text between quotes, safe in a page. */
export function quoteScript(text: string, quote: string): string {
  const inner = text.replace(/[\\"'`$\n\r\u2028\u2029<>&\0]/g, one => {
    if (one === '\\') return '\\\\'
    return `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`.replace(/^\\x(.{3,})$/, '\\u$1')
  })
  return quote + inner + quote
}
