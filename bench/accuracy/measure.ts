/** What the detectors of a policy find in labelled text, and what its names make of fields. */
import { Detection } from '../../gateway/masking/detect.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { plugins } from '../../plugins/index.ts'
import type { Labelled } from '../../test/support/made-up/texts.ts'

/** A text and all that is personal in it. */
export type Sentence = { readonly text: string; readonly values: readonly Omit<Labelled, 'text'>[] }

export type Counts = {
  /** Values there are; of these found as what they are; and masked, whatever they were taken for. */
  values: number
  found: number
  masked: number
  /** Spans found where nothing personal stands. */
  wrong: number
}

export type Result = {
  readonly byType: ReadonlyMap<string, Counts>
  /** Sentences of which a value was missed or something was taken for one, for whoever wants to know which. */
  readonly faults: readonly string[]
}

/** So much of a value has to be covered: an address without its last room number is found, half a name is not. */
const enough = 0.8

export function measureTexts(plan: Plan, sentences: Iterable<Sentence>): Result {
  const detection = new Detection(plan.detectors)
  const byType = new Map<string, Counts>()
  const faults: string[] = []
  const of = (type: string) => {
    const known = byType.get(type) ?? { values: 0, found: 0, masked: 0, wrong: 0 }
    byType.set(type, known)
    return known
  }
  for (const { text, values } of sentences) {
    const found = detection.find(text).map(span => ({ ...span, name: plan.types[span.type]!.name }))
    for (const value of values) {
      const counts = of(value.type)
      const over = found.filter(span => span.start < value.end && span.end > value.start)
      const covered = (spans: typeof over) =>
        spans.reduce((sum, span) => sum + Math.min(span.end, value.end) - Math.max(span.start, value.start), 0)
      counts.values++
      const share = (spans: typeof over) => covered(spans) / (value.end - value.start)
      if (share(over.filter(span => span.name === value.type)) >= enough) counts.found++
      if (share(over) >= enough) counts.masked++
      else faults.push(`- ${value.type}: ${text}`)
    }
    for (const span of found) {
      if (values.some(value => span.start < value.end && span.end > value.start)) continue
      of(span.name).wrong++
      faults.push(`+ ${span.name} ${text.slice(span.start, span.end)}: ${text}`)
    }
  }
  return { byType, faults }
}

const masking = createMasking(plugins)
const json = plugins.formats.find(({ name }) => name === 'json')!
const limits = { scalar: 1 << 20, depth: 16, page: 1 << 20 }

/** The plan with names alone; the same one each time, as the engine compiles each plan once. */
const named = new WeakMap<Plan, Plan>()

/** The type that a field has by its name, whatever is in it; null: none. */
export function typeByName(plan: Plan, name: string): string | null {
  const byNames = named.get(plan) ?? { ...plan, detectors: [], unlisted: 'keep' as const }
  named.set(plan, byNames)
  const masker = masking.start(byNames, json, { consumer: 'bench', purpose: 'bench' }, limits)
  masker.write(Buffer.from(JSON.stringify({ [name]: 'x y z' })))
  masker.end()
  const [field] = Object.keys(masker.takeTally().fields)
  return field === undefined ? null : field.split('@')[0]!
}

/** One name as different systems spell it. */
export function spellings(name: string): readonly string[] {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d]+/g) ?? [name]
  const joined = (sign: string) => words.join(sign)
  const fullWidth = name.replace(/[!-~]/g, one => String.fromCharCode(one.charCodeAt(0) + 0xfee0))
  return [
    ...new Set([
      name,
      name.toLowerCase(),
      name.toUpperCase(),
      joined('_').toLowerCase(),
      joined('_').toUpperCase(),
      joined('-').toLowerCase(),
      joined('.'),
      joined(' '),
      name[0]!.toUpperCase() + name.slice(1),
      fullWidth,
      `\ufeff${name}`,
      `${name[0]}\u200b${name.slice(1)}`,
    ]),
  ]
}
