/**
 * The answer to a request in which tokens were restored. A system may say back what it was asked for (`student 2026010001
 * not found`), in fields that no policy names: wherever the value stands, the caller gets its token back. A token would
 * else be a question that any echo answers.
 */
import type { ByteRule, Outcome, Place, ScalarKind, Treatment } from '../contracts.ts'
import { BodyCursor } from './cursor.ts'
import type { CursorOptions, NestedReader, PartReader, PlanTables } from './plan-tables.ts'

/** Shorter values stand in many texts by chance; these are only found as a whole. */
const shortest = 4

/** Texts to look for and what takes their place. */
export type Echoes = {
  readonly whole: ReadonlyMap<string, string>
  readonly inText: readonly (readonly [string, string])[]
}

/** `tokens`: by the value that each stands for. */
export function echoesOf(tokens: ReadonlyMap<string, string>): Echoes {
  const spelt = [...tokens].flatMap(([value, token]) => [
    [value, token] as const,
    [encodeURIComponent(value.toWellFormed()), token] as const,
  ])
  const inText = spelt.filter(([value]) => value.length >= shortest).sort(([a], [b]) => b.length - a.length)
  return { whole: new Map(spelt), inText }
}

/** A text with tokens in place of the values they stand for; the text itself where it has none. */
export function concealEchoes(text: string, { whole, inText }: Echoes): string {
  const token = whole.get(text.trim())
  if (token !== undefined) return token
  let concealed = text
  for (const [value, other] of inText) if (concealed.includes(value)) concealed = concealed.replaceAll(value, other)
  return concealed
}

export class EchoCursor extends BodyCursor {
  /** A reader must remember nothing that was said for other answers. */
  override readonly plan: object = {}
  readonly #echoes: Echoes

  constructor(tables: PlanTables, options: CursorOptions, nested: NestedReader, part: PartReader, echoes: Echoes) {
    super(tables, options, nested, part)
    this.#echoes = echoes
  }

  /** Every value is read as text. */
  override treatment(place: Place): Treatment {
    return super.treatment(place) === 'remove' ? 'remove' : 'mask'
  }

  override byteRule(): ByteRule | null {
    return null
  }

  override mayMatch(): boolean {
    return true
  }

  override member(parent: Place, bytes: Uint8Array, from: number, to: number): Place {
    const place = super.member(parent, bytes, from, to)
    this.#lookAtName(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8'))
    return place
  }

  override memberNamed(parent: Place, name: string): Place {
    const place = super.memberNamed(parent, name)
    this.#lookAtName(name)
    return place
  }

  #lookAtName(name: string): void {
    if (concealEchoes(name, this.#echoes) !== name) this.keyIsPersonal = true
  }

  override key(name: string, ordinal: number): Outcome {
    const outcome = super.key(name, ordinal)
    return this.#conceal(outcome, name)
  }

  override scalar(place: Place, text: string, kind: ScalarKind): Outcome {
    const outcome = super.scalar(place, text, kind)
    return kind === 'null' || kind === 'boolean' ? outcome : this.#conceal(outcome, text)
  }

  #conceal(outcome: Outcome, text: string): Outcome {
    if (outcome === 'redact' || outcome === 'remove') return outcome
    const shown = outcome === 'text' ? this.replacement : text
    const concealed = concealEchoes(shown, this.#echoes)
    if (concealed === shown) return outcome
    this.shown.replacement = concealed
    this.shown.edits = null
    return 'text'
  }
}
