/** A document of GraphQL, read for what it asks for and by. Whatever is not of the grammar of operations and fragments is refused. */
import type { Pair } from '../pairs.ts'
import { choosesRows } from './kinds-of-arguments.ts'
import { DocumentFault } from './reasons.ts'
import { type Token, tokensOf } from './tokens.ts'

export type Selected = {
  readonly name: string
  readonly alias: string | null
  readonly at: number
  /** Whether something is selected of it. */
  readonly isObject: boolean
}

/** A variable where it is used. `name`: what it stands behind. */
export type Use = { readonly variable: string; readonly name: string; readonly stores: boolean }

export type Operation = {
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly at: number
  /** The fields at its root; null: fragments stand there. */
  readonly roots: readonly string[] | null
}

export type Document = {
  readonly operations: readonly Operation[]
  readonly fields: readonly Selected[]
  /** Names and values of arguments by which something is asked. */
  readonly asked: readonly Pair[]
  /** Those of the fields at the root of a mutation, which are stored, but for what chooses the rows. */
  readonly stored: readonly Pair[]
  readonly uses: readonly Use[]
  /** Values of variables that are not sent, as they are written. */
  readonly defaults: ReadonlyMap<string, string>
}

/** Selections and values inside one another. */
const deepest = 40
/** Fields once all fragments are in their places. */
const mostFields = 50_000
const longest = 128 * 1024

/** Throws DocumentFault. */
export function readDocument(text: string): Document {
  if (text.length > longest) throw new DocumentFault('large', 0)
  const parser = new Parser(tokensOf(text))
  parser.read()
  return parser
}

/** What one operation or fragment holds: how many fields, and which fragments, each as often as it stands there. */
type Part = { fields: number; readonly spreads: Token[] }

class Parser implements Document {
  readonly operations: Operation[] = []
  readonly fields: Selected[] = []
  readonly asked: Pair[] = []
  readonly stored: Pair[] = []
  readonly uses: Use[] = []
  readonly defaults = new Map<string, string>()
  readonly #tokens: readonly Token[]
  readonly #fragments = new Map<string, Part>()
  readonly #wholes: Part[] = []
  #part: Part = { fields: 0, spreads: [] }
  #next = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  read(): void {
    do this.#definition()
    while (this.#token.kind !== 'end')
    const known = new Map<string, number | null>()
    for (const part of this.#wholes) this.#sizeOf(part, known)
    for (const [name] of this.#fragments) this.#sizeOfFragment(name, 0, known)
  }

  get #token(): Token {
    return this.#tokens[this.#next]!
  }

  #take(): Token {
    return this.#tokens[this.#next++]!
  }

  #is(sign: string): boolean {
    return this.#token.kind === 'sign' && this.#token.text === sign
  }

  #passed(sign: string): boolean {
    if (!this.#is(sign)) return false
    this.#next++
    return true
  }

  #expect(sign: string): void {
    if (!this.#passed(sign)) throw this.#fault()
  }

  #name(): Token {
    if (this.#token.kind !== 'name') throw this.#fault()
    return this.#take()
  }

  #fault(): DocumentFault {
    return new DocumentFault('syntax', this.#token.at)
  }

  #definition(): void {
    this.#part = { fields: 0, spreads: [] }
    const { at, text } = this.#token
    if (this.#is('{')) this.#operation('query', at)
    else if (this.#token.kind !== 'name') throw this.#fault()
    else if (text === 'fragment') this.#fragment()
    else this.#named(text, at)
  }

  #named(text: string, at: number): void {
    if (text !== 'query' && text !== 'mutation' && text !== 'subscription') throw new DocumentFault('schema', at)
    this.#take()
    if (this.#token.kind === 'name') this.#take()
    if (this.#passed('(')) this.#variables()
    this.#directives(false)
    this.#operation(text, at)
  }

  #operation(kind: Operation['kind'], at: number): void {
    this.#wholes.push(this.#part)
    const roots: string[] = []
    const isPlain = this.#selections(1, kind === 'mutation', roots)
    this.operations.push({ kind, at, roots: isPlain ? roots : null })
  }

  #fragment(): void {
    this.#take()
    const { text: name, at } = this.#name()
    if (name === 'on' || this.#fragments.has(name) || this.#name().text !== 'on') throw new DocumentFault('syntax', at)
    this.#name()
    this.#fragments.set(name, this.#part)
    this.#directives(false)
    this.#selections(1, false, [])
  }

  #variables(): void {
    do {
      this.#expect('$')
      const { text: variable } = this.#name()
      this.#expect(':')
      this.#type(1)
      if (this.#passed('=')) this.#default(variable)
      this.#directives(false)
    } while (!this.#passed(')'))
  }

  #type(depth: number): void {
    if (depth > deepest) throw new DocumentFault('large', this.#token.at)
    if (this.#passed('[')) {
      this.#type(depth + 1)
      this.#expect(']')
    } else this.#name()
    this.#passed('!')
  }

  #default(variable: string): void {
    const { kind, text } = this.#token
    if (kind !== 'sign') this.defaults.set(variable, text)
    this.#value(variable, 1, false)
  }

  /** `roots`: takes the names of its fields. Whether all that stands in it is fields. */
  #selections(depth: number, stores: boolean, roots: string[]): boolean {
    if (depth > deepest) throw new DocumentFault('large', this.#token.at)
    this.#expect('{')
    let isPlain = true
    do {
      if (this.#passed('...')) {
        isPlain = false
        this.#spread(depth)
      } else roots.push(this.#field(depth, stores))
    } while (!this.#passed('}'))
    return isPlain
  }

  #field(depth: number, stores: boolean): string {
    const first = this.#name()
    const name = this.#passed(':') ? this.#name() : first
    this.#part.fields++
    if (this.#passed('(')) this.#arguments(stores)
    this.#directives(stores)
    const isObject = this.#is('{')
    if (isObject) this.#selections(depth + 1, false, [])
    this.fields.push({ name: name.text, alias: name === first ? null : first.text, at: first.at, isObject })
    return name.text
  }

  #spread(depth: number): void {
    if (this.#token.kind === 'name' && this.#token.text !== 'on') {
      this.#part.spreads.push(this.#take())
      this.#directives(false)
    } else {
      if (this.#token.kind === 'name') {
        this.#take()
        this.#name()
      }
      this.#directives(false)
      this.#selections(depth + 1, false, [])
    }
  }

  #directives(stores: boolean): void {
    while (this.#is('@')) {
      const { at } = this.#take()
      const { text } = this.#name()
      if (text !== 'include' && text !== 'skip') throw new DocumentFault('directive', at)
      if (this.#passed('(')) this.#arguments(stores)
    }
  }

  #arguments(stores: boolean): void {
    do {
      const { text: name } = this.#name()
      this.#expect(':')
      this.#note({ name, value: null }, stores)
      this.#value(name, 1, stores && !choosesRows(name))
    } while (!this.#passed(')'))
  }

  #value(name: string, depth: number, stores: boolean): void {
    if (depth > deepest) throw new DocumentFault('large', this.#token.at)
    if (this.#passed('$')) this.uses.push({ variable: this.#name().text, name, stores })
    else if (this.#passed('[')) while (!this.#passed(']')) this.#value(name, depth + 1, stores)
    else if (this.#passed('{'))
      while (!this.#passed('}')) {
        const { text: inside } = this.#name()
        this.#expect(':')
        this.#note({ name: inside, value: null }, stores)
        this.#value(inside, depth + 1, stores && !choosesRows(inside))
      }
    else if (this.#token.kind === 'sign' || this.#token.kind === 'end') throw this.#fault()
    else this.#note({ name, value: this.#take().text }, stores)
  }

  #note(pair: Pair, stores: boolean): void {
    if (stores) this.stored.push(pair)
    else this.asked.push(pair)
  }

  #sizeOf({ fields, spreads }: Part, known: Map<string, number | null>): number {
    let size = fields
    for (const { text, at } of spreads) {
      size += this.#sizeOfFragment(text, at, known)
      if (size > mostFields) throw new DocumentFault('large', at)
    }
    return size
  }

  /** `known`: null while a fragment is looked into. */
  #sizeOfFragment(name: string, at: number, known: Map<string, number | null>): number {
    const size = known.get(name)
    const part = this.#fragments.get(name)
    if (size === null || part === undefined) throw new DocumentFault('cycle', at)
    if (size !== undefined) return size
    if (known.size > 1000) throw new DocumentFault('large', at)
    known.set(name, null)
    const found = this.#sizeOf(part, known)
    known.set(name, found)
    return found
  }
}
