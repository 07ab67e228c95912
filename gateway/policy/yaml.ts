import { Composer, type CST, type Document, Lexer, Parser } from 'yaml'
import type { Bilingual } from '../contracts.ts'
import { type Fault, type FaultCode, fileFault } from './fault.ts'
import { type Located, type Range, toValues } from './yaml-values.ts'
import { isDashed, lineHint, quotesHint, syntaxWords, yamlWords } from './yaml-words.ts'

/** Limits on one YAML text. What people write by hand stays far below them. */
export const yamlLimits = {
  /** Bytes of one file. */
  size: 1024 * 1024,
  /** Collections inside one another. */
  depth: 64,
  /** Keys, values and elements, each alias counted as what it stands for. */
  values: 100_000,
  /** Faults told of one file; the first ones are the ones to mend. */
  faults: 100,
} as const

/** A path into a value: keys and indices from the root. */
export type ValuePath = readonly (string | number)[]

/** A YAML text that was read: plain values (objects without a prototype, keys as they were written), and their places. */
export type YamlDocument = {
  readonly file: string
  readonly value: unknown
  /** A fault at the key or the value at `path`; at the nearest container there is, where the path leads nowhere. */
  fault(path: ValuePath, code: FaultCode, message: Bilingual, options?: FaultOptions): Fault
  /** Line of the key or value at `path`, from 1. */
  line(path: ValuePath): number
  /** The text of a plain scalar as it was written (`yes`, `0o17`, `007`), or null. */
  written(path: ValuePath): string | null
  /** The keys at `path` in the order in which they are written, which those of `value` have not where they are numbers. */
  keys(path: ValuePath): readonly (string | number)[]
}

export type FaultOptions = {
  readonly at?: 'key' | 'value'
  readonly hint?: Bilingual | null
  readonly severity?: 'error' | 'warning'
}

export type YamlRead = { readonly document: YamlDocument } | { readonly faults: readonly Fault[] }

/**
 * Reads one YAML 1.2 text (core schema, one document). Anchors and aliases are allowed; merge keys, tags of one's own,
 * doubled keys and keys that are collections are not. Any bytes in, a document or faults out; never throws. Time is
 * bounded by `yamlLimits`.
 *
 * @param file how the file is named in faults
 */
export function readYaml(file: string, bytes: Uint8Array): YamlRead {
  if (bytes.length > yamlLimits.size) return { faults: [fileFault(file, 'YAML_TOO_LARGE', yamlWords.tooLarge)] }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { faults: [fileFault(file, 'YAML_ENCODING', yamlWords.encoding, yamlWords.encodingHint)] }
  }
  const source = sourceText(file, text)
  const odd = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F\x80-\x84\x86-\x9F\uFEFF\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]/.exec(text)
  if (odd !== null) return { faults: [source.fault([odd.index, odd.index + 1], 'YAML_CHARACTER', yamlWords.character)] }
  try {
    return readText(source, text)
  } catch {
    // The parser is a library and the text is anyone's: whatever it throws, the file is not one we can read.
    return { faults: [fileFault(file, 'YAML_SYNTAX', yamlWords.unreadable)] }
  }
}

function readText(source: SourceText, text: string): YamlRead {
  const tokens = tokenise(text)
  if ('tooDeepAt' in tokens) {
    const at = tokens.tooDeepAt
    return { faults: [source.fault([at, at + 1], 'YAML_TOO_DEEP', yamlWords.tooDeep)] }
  }
  // `uniqueKeys` of the library compares every key with every other; toValues does it by a set.
  const options = { version: '1.2', schema: 'core', merge: false, uniqueKeys: false, prettyErrors: false } as const
  const documents: Document.Parsed[] = []
  for (const document of new Composer({ ...options, strict: true }).compose(tokens, true, text.length)) {
    documents.push(document)
    if (documents.length > 1) break
  }
  const first = documents[0]!
  const faults: Fault[] = []
  const all = [...first.errors, ...first.warnings]
  // all else it says then comes of these
  const causes = all.filter(({ code, pos }) => code === 'TAB_AS_INDENT' || isDashed(text, source.lineStart(pos[0])))
  const wrong = (causes.length > 0 ? causes : all).filter(
    ({ pos }, nth, list) => nth === 0 || list[nth - 1]!.pos[0] !== pos[0],
  )
  for (const error of wrong.slice(0, yamlLimits.faults)) {
    const open = error.code === 'MISSING_CHAR' ? openQuoteIn(text) : null
    if (open !== null) {
      faults.push(source.fault([open, text.length], 'YAML_SYNTAX', yamlWords.openQuote))
      continue
    }
    const words = syntaxWords.get(error.code) ?? syntaxWords.get('UNEXPECTED_TOKEN')!
    faults.push(
      source.fault(error.pos, `YAML_${words.code}`, words.message, {
        hint: lineHint(text, error.pos[0]) ?? words.hint ?? null,
      }),
    )
  }
  if (documents.length > 1) {
    const at = documents[1]!.range[0]
    faults.push(source.fault([at, at + 1], 'YAML_DOCUMENTS', yamlWords.documents))
  }
  for (const token of tokens) {
    if (token.type !== 'directive') continue
    const range = [token.offset, token.offset + token.source.length] as const
    faults.push(source.fault(range, 'YAML_DIRECTIVE', yamlWords.directive))
    break
  }
  if (faults.length > 0) return { faults }
  const values = toValues(first.contents, yamlLimits)
  if ('problems' in values) {
    const found = values.problems.slice(0, yamlLimits.faults)
    return { faults: found.map(({ range, code, message, hint }) => source.fault(range, code, message, { hint })) }
  }
  return { document: documentOf(source, values) }
}

/** The concrete syntax, or the place where it goes deeper than allowed: the composer calls itself for each depth. */
function tokenise(text: string): CST.Token[] | { tooDeepAt: number } {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    // The stack holds the document and the scalar at hand beside the collections.
    if (parser.stack.length > yamlLimits.depth + 2) return { tooDeepAt: parser.offset - lexeme.length }
  }
  for (const token of parser.end()) tokens.push(token)
  return tokens
}

/** Where a quoted text begins that has no end; null: there is none. The library tells the end of the file. */
function openQuoteIn(text: string): number | null {
  let at = 0
  for (const lexeme of new Lexer().lex(text)) {
    if (/^(?:"(?:[^"\\]|\\[\s\S])*|'(?:[^']|'')*)$/.test(lexeme)) return at
    if (!/^[\x02\x18\x1f]$/.test(lexeme)) at += lexeme.length
  }
  return null
}

function documentOf(source: SourceText, values: Located): YamlDocument {
  const rangeOf = (path: ValuePath, at: 'key' | 'value') => values.place(path, at)
  return {
    file: source.file,
    value: values.value,
    fault: (path, code, message, options = {}) => {
      const range = rangeOf(path, options.at ?? 'value')
      const quotes = options.severity === 'warning' ? null : quotesHint(source.text(range))
      return source.fault(range, code, message, quotes === null ? options : { ...options, hint: quotes })
    },
    line: path => source.position(rangeOf(path, 'key')[0]).line,
    written: path => values.written(path),
    keys: path => values.keys(path),
  }
}

type SourceText = {
  readonly file: string
  text(range: Range): string
  position(offset: number): { line: number; column: number }
  /** Where the line begins that an offset is in. */
  lineStart(offset: number): number
  fault(range: Range, code: FaultCode, message: Bilingual, options?: FaultOptions): Fault
}

function sourceText(file: string, text: string): SourceText {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const lineAt = (offset: number) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
  const position = (offset: number) => {
    const at = Math.max(0, Math.min(offset, text.length))
    const line = lineAt(at)
    return { line: line + 1, column: [...text.slice(starts[line]!, at)].length + 1 }
  }
  const fault: SourceText['fault'] = (range, code, message, options = {}) => {
    const { line, column } = position(range[0])
    const end = starts[line] === undefined ? text.length : starts[line]! - 1
    const width = Math.max(1, [...text.slice(range[0], Math.min(range[1], end))].length)
    const severity = options.severity ?? 'error'
    const source = text.slice(starts[line - 1]!, end).replace(/\r$/, '')
    return { file, line, column, width, code, severity, message, hint: options.hint ?? null, source }
  }
  const lineStart = (offset: number) => starts[lineAt(offset)]!
  return { file, text: range => text.slice(range[0], range[1]), position, lineStart, fault }
}
