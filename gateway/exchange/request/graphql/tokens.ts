/**
 * The tokens of a document of GraphQL (specification of October 2021, section 2.1). Narrower than what servers read, so that none reads a document
 * in another way: no block strings, which old servers take for three; no lone carriage return or other line end, at which some end a comment.
 */
import { DocumentFault } from './reasons.ts'

export type Token = {
  readonly kind: 'name' | 'number' | 'string' | 'sign' | 'end'
  /** Of a string what it stands for. */
  readonly text: string
  readonly at: number
}

/** As other servers and routers have it. */
const mostTokens = 15_000

const kinds = [
  ['name', /[_A-Za-z][_0-9A-Za-z]*/y],
  ['sign', /\.\.\.|[!$&()=@:[\]{|}]/y],
  ['number', /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y],
  ['string', /"(?!"")(?:[^"\\\p{Cc}\u2028\u2029]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/uy],
] as const
const ignored = /[ \t\n,]+|\r\n|#(?:[^\p{Cc}\u2028\u2029]|\t)*/uy

/** Throws DocumentFault. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; ) {
    const blank = matched(ignored, text, at)
    if (blank !== null) {
      at += blank.length
      continue
    }
    const token = tokenAt(text, at)
    if (
      tokens.push({ ...token, text: token.kind === 'string' ? (JSON.parse(token.text) as string) : token.text }) >
      mostTokens
    )
      throw new DocumentFault('large', at)
    at += token.text.length
  }
  tokens.push({ kind: 'end', text: '', at: text.length })
  return tokens
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of kinds) {
    const found = matched(pattern, text, at)
    if (found !== null) return { kind, text: found, at }
  }
  throw new DocumentFault('syntax', at)
}

function matched(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}
