/**
 * Objects that were taken apart into one array, in which each stands by its number: `[{"rows":1},[2],{"xm":3},"张三"]`. So devalue
 * writes them (Nuxt, SvelteKit), flatted (with numbers in quotes) and React Router (with names by number, `{"_3":4}`).
 */

/** What leads from one slot to others, or holds a value itself. */
export type Edge = {
  /** Of an object; null: of an array. By number where `nameAt` is one. */
  readonly name: string | null
  readonly nameAt: number | null
  /** A slot; null: it holds `literal`. Less than 0: what JSON has no word for, as nothing. */
  readonly to: number | null
  /** As it was written; of a string its text. */
  readonly literal: string | null
  readonly isText: boolean
}

export type Slot = {
  /** As it was written. */
  readonly written: string
  /** null: a scalar. */
  readonly edges: readonly Edge[] | null
  /** Of an array: what devalue says that it is in place of one, by its first element: `["Date","2026-11-24"]`. */
  readonly tag: string | null
  readonly isObject: boolean
}

export type Graph = { readonly slots: readonly Slot[]; readonly quoted: boolean; readonly behind: string }

/** Numbers as they were written. */
class Written {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/**
 * null: a text is no such graph, in which every slot is led to from the first. `isKnown`: what stands around it says that it is one of devalue's,
 * so that it may be one of empty objects alone.
 */
export function graphIn(text: string, isKnown = false): Graph | null {
  const parts = elementsIn(text)
  if (parts === null || (parts.elements.length < 2 && !isKnown)) return null
  for (const quoted of isKnown ? [false] : [false, true]) {
    const slots = slotsOf(parts.elements, quoted)
    if (slots !== null && leadsToAll(slots) && (isKnown || slots.some(({ edges }) => edges === null)))
      return { slots, quoted, behind: parts.behind }
  }
  return null
}

/** What an array holds, each element as it is written; null: it is none. */
function elementsIn(text: string): { elements: string[]; behind: string } | null {
  try {
    JSON.parse(text)
  } catch {
    return null
  }
  const elements: string[] = []
  let depth = 0
  let from = text.indexOf('[') + 1
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]/g)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') {
      if (--depth > 0) continue
      elements.push(text.slice(from, index).trim())
      return { elements, behind: text.slice(index + 1) }
    } else if (token === ',' && depth === 1) {
      elements.push(text.slice(from, index).trim())
      from = index + 1
    }
  }
  return null
}

/** `Set`, `ShallowReactive`: a word of programs. */
const isTag = /^[A-Za-z]\w{0,31}$/

function slotsOf(elements: readonly string[], quoted: boolean): Slot[] | null {
  const slots: Slot[] = []
  for (const written of elements) {
    const isObject = written.startsWith('{')
    const container = isObject || written.startsWith('[') ? parsed(written) : null
    const tag = quoted || !Array.isArray(container) || typeof container[0] !== 'string' ? null : container[0]
    if (tag !== null && !isTag.test(tag)) return null
    const edges = container === null ? null : edgesOf(container, quoted, tag, elements)
    if (edges === 'none') return null
    slots.push({ written, edges, tag, isObject })
  }
  return slots
}

function parsed(written: string): object {
  const keepNumbers = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? new Written(context?.source ?? String(value)) : value
  return JSON.parse(written, keepNumbers as (key: string, value: unknown) => unknown) as object
}

/** Without its tag. */
function edgesOf(container: object, quoted: boolean, tag: string | null, elements: readonly string[]): Edge[] | 'none' {
  const isArray = Array.isArray(container)
  const edges: Edge[] = []
  for (const [key, value] of Object.entries(container).slice(tag === null ? 0 : 1)) {
    const nameAt = !isArray && !quoted && /^_\d{1,7}$/.test(key) ? Number(key.slice(1)) : null
    const name = isArray ? null : nameAt === null ? key : nameIn(elements[nameAt])
    if (!isArray && name === null) return 'none'
    const to = slotAt(value, quoted)
    if (to !== null ? to >= elements.length : !(quoted || tag !== null) || isContainer(value)) return 'none'
    const literal = to !== null ? null : value instanceof Written ? value.text : String(value)
    edges.push({ name, nameAt, to, literal, isText: typeof value === 'string' })
  }
  return edges
}

function nameIn(written: string | undefined): string | null {
  return written?.startsWith('"') === true ? (JSON.parse(written) as string) : null
}

function slotAt(value: unknown, quoted: boolean): number | null {
  const text = quoted ? value : value instanceof Written ? value.text : null
  return typeof text === 'string' && (quoted ? /^\d{1,7}$/ : /^-?\d{1,7}$/).test(text) ? Number(text) : null
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Written)
}

function leadsToAll(slots: readonly Slot[]): boolean {
  const reached = new Set([0])
  for (const at of reached) {
    for (const { to, nameAt } of slots[at]!.edges ?? []) {
      if (to !== null && to >= 0) reached.add(to)
      if (nameAt !== null) reached.add(nameAt)
    }
  }
  return slots[0]!.edges !== null && reached.size === slots.length
}
