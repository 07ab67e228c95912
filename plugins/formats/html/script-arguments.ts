/**
 * What a function that is called where it stands is given, `(function(a,b){return {xm:a}}("张三",1))`: so Nuxt 2 and SvelteKit write
 * data into pages, with each value that comes again as an argument. Where `a` is given to a name, it is a value of that name.
 */
import type { ScriptToken } from './script-tokens.ts'

/** A literal that is an argument, and whether all that is made of it leaves masked. */
export type Argument = { readonly at: number; masked: boolean; clear: boolean }

type Called = { readonly from: number; readonly to: number; readonly given: ReadonlyMap<string, Argument> }

export class Arguments {
  readonly #tokens: readonly ScriptToken[]
  readonly #called: readonly Called[]
  readonly #byToken = new Map<number, Argument>()

  constructor(tokens: readonly ScriptToken[]) {
    this.#tokens = tokens
    this.#called = calledIn(tokens)
    for (const { given } of this.#called) for (const one of given.values()) this.#byToken.set(one.at, one)
  }

  /** The argument that the token at `at` stands for, where it is given to a name or is an element. */
  givenAt(at: number): Argument | null {
    if (this.#called.length === 0) return null
    const [before, behind] = [this.#tokens[at - 1]!, this.#tokens[at + 1]]
    if (before?.kind !== 'mark' || !':=[,'.includes(before.text)) return null
    if (behind?.kind !== 'mark' || !',;]})'.includes(behind.text)) return null
    const name = this.#tokens[at]!.text
    return (
      this.#called.findLast(({ from, to, given }) => at > from && at < to && given.has(name))?.given.get(name) ?? null
    )
  }

  /** Whether the literal at `at` is an argument that was masked wherever it stands. */
  isGone(at: number): boolean {
    const argument = this.#byToken.get(at)
    return argument?.masked === true && !argument.clear
  }
}

/** More functions of which to look at the arguments have no data: they may stand in one another's. */
const mostCalled = 64

function calledIn(tokens: readonly ScriptToken[]): Called[] {
  const called: Called[] = []
  if (!tokens.some(({ text }) => text === 'function')) return called
  const ends = closings(tokens)
  let looked = 0
  for (let at = 0; at < tokens.length && looked < mostCalled; at++) {
    if (tokens[at]!.text !== 'function' || tokens[at]!.kind !== 'name') continue
    const parameters = ends.get(at + 1)
    const body = parameters === undefined ? undefined : ends.get(parameters + 1)
    if (parameters === undefined || body === undefined || tokens[at + 1]!.text !== '(') continue
    const call = isMark(tokens[body + 1], '(') ? body + 1 : isMark(tokens[body + 1], ')') ? body + 2 : -1
    const end = isMark(tokens[call], '(') ? ends.get(call) : undefined
    if (end === undefined || hasFunctions(tokens, parameters + 1, body)) continue
    looked++
    const names = tokens.slice(at + 2, parameters).filter(({ kind }) => kind === 'name')
    const given = new Map<string, Argument>()
    for (const [index, literal] of literalsIn(tokens, call, end)) {
      const name = names[index]?.text
      if (name !== undefined) given.set(name, { at: literal, masked: false, clear: false })
    }
    if (given.size > 0) called.push({ from: parameters, to: body, given })
  }
  return called
}

/** Functions in it could call what they take by the same names: it is a program, and no data. */
function hasFunctions(tokens: readonly ScriptToken[], from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const isArrow = isMark(tokens[at], '=') && isMark(tokens[at + 1], '>') && tokens[at]!.to === tokens[at + 1]!.from
    if (isArrow || (tokens[at]!.kind === 'name' && tokens[at]!.text === 'function')) return true
  }
  return false
}

/** Arguments that are one token, by how many stand ahead of them. */
function* literalsIn(tokens: readonly ScriptToken[], open: number, close: number): Iterable<[number, number]> {
  let [depth, index, from] = [0, 0, open + 1]
  for (let at = open + 1; at <= close; at++) {
    const { kind, text } = tokens[at]!
    if (kind !== 'mark') continue
    if (depth === 0 && (text === ',' || at === close)) {
      const alone = at - from === 1 ? tokens[from]! : null
      if (alone?.kind === 'string' || alone?.kind === 'number') yield [index, from]
      index++
      from = at + 1
    } else if ('([{'.includes(text)) depth++
    else if (')]}'.includes(text)) depth--
  }
}

function isMark(token: ScriptToken | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text
}

/** By the token that opens, the one that closes. */
function closings(tokens: readonly ScriptToken[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>()
  const open: number[] = []
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'mark') continue
    if ('([{'.includes(text)) open.push(at)
    else if (')]}'.includes(text) && open.length > 0) ends.set(open.pop()!, at)
  }
  return ends
}
