/** Masks what a graph of slots holds where its objects have it, and writes its array again. */
import type { FieldCursor, Outcome, Place, ScalarKind } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import type { Edge, Graph } from './graph.ts'

/** What an edge leads to in place of its slot: a text of JSON. */
type Changes = Map<Edge, string>

/** The array with its values masked; null: nothing is. */
export function maskGraph(graph: Graph, fields: FieldCursor): string | null {
  const walk = new GraphWalk(graph, fields)
  walk.visit(0, fields.root, 1)
  return walk.changes.size === 0 && walk.names.size === 0 ? null : written(graph, walk.changes, walk.names)
}

/** Of what has a tag, that which holds several values; all else is one value in a wrapping. */
const ofMany: ReadonlySet<string> = new Set(['Set', 'Map'])

class GraphWalk {
  readonly changes: Changes = new Map()
  /** New names of members. */
  readonly names = new Map<Edge, string>()
  readonly #graph: Graph
  readonly #fields: FieldCursor
  /** Slots as they stand at a place: one that many lead to is read once at each. */
  readonly #visited = new Set<string>()

  constructor(graph: Graph, fields: FieldCursor) {
    this.#graph = graph
    this.#fields = fields
  }

  /** Reads the container in a slot, which stands at a place. */
  visit(at: number, place: Place, depth: number): void {
    const fields = this.#fields
    if (depth > fields.limits.depth) throw fault('too_deep')
    const key = `${at}@${place}`
    if (this.#visited.has(key)) return
    this.#visited.add(key)
    const { edges, isObject, tag } = this.#graph.slots[at]!
    const here = isObject && fields.waits ? this.#settled(place, edges!) : place
    let names = 0
    for (const [index, edge] of edges!.entries()) {
      if (edge.name === null && tag !== null && !ofMany.has(tag)) this.#follow(edge, here, depth)
      else if (edge.name === null) {
        fields.beginElement()
        this.#follow(edge, fields.element(here, index), depth)
        fields.endElement()
      } else {
        const inside = fields.memberNamed(here, edge.name)
        if (fields.keyIsPersonal) this.#rename(edge, ++names)
        this.#follow(edge, inside, depth)
      }
    }
  }

  #follow(edge: Edge, place: Place, depth: number): void {
    if (edge.to !== null && edge.to < 0) return
    const slot = edge.to === null ? null : this.#graph.slots[edge.to]!
    if (slot === null) this.#decide(edge, place, edge.literal!, kindOf(edge.literal!, edge.isText))
    else if (slot.edges === null) this.#decide(edge, place, ...scalarIn(slot.written))
    else if (this.#fields.treatment(place) === 'remove') {
      this.#fields.removed(place)
      this.#change(edge, 'null')
    } else this.visit(edge.to!, place, depth + 1)
  }

  #decide(edge: Edge, place: Place, text: string, kind: ScalarKind): void {
    const outcome = this.#fields.scalar(place, text, kind)
    if (outcome !== 'keep') this.#change(edge, put(outcome, kind, this.#fields.replacement))
  }

  /** An edge that was changed otherwise, where its object stands at another place, tells neither. */
  #change(edge: Edge, text: string): void {
    const before = this.changes.get(edge)
    this.changes.set(edge, before === undefined || before === text ? text : 'null')
  }

  #rename(edge: Edge, ordinal: number): void {
    const outcome = this.#fields.key(edge.name!, ordinal)
    if (outcome !== 'keep') this.names.set(edge, outcome === 'text' ? this.#fields.replacement : `***${ordinal}`)
  }

  #settled(place: Place, edges: readonly Edge[]): Place {
    const scalars: [string, string][] = []
    for (const { name, to, literal } of edges) {
      const slot = to === null ? null : this.#graph.slots[to]
      if (name === null || slot === undefined || (slot !== null && slot.edges !== null)) continue
      if (this.#fields.decides(place, name)) scalars.push([name, slot === null ? literal! : scalarIn(slot.written)[0]])
    }
    return this.#fields.settle(place, scalars, true)
  }
}

function scalarIn(written: string): [text: string, kind: ScalarKind] {
  return written.startsWith('"') ? [JSON.parse(written) as string, 'string'] : [written, kindOf(written, false)]
}

function kindOf(literal: string, isText: boolean): ScalarKind {
  if (isText) return 'string'
  return literal === 'null' ? 'null' : literal === 'true' || literal === 'false' ? 'boolean' : 'number'
}

function put(outcome: Outcome, kind: ScalarKind, replacement: string): string {
  if (outcome === 'text') return JSON.stringify(replacement)
  return outcome === 'redact' && kind === 'string' ? '"***"' : 'null'
}

/** Changed values stand in new slots behind all others; what nothing leads to any more is gone. */
function written({ slots, quoted, behind }: Graph, changes: Changes, names: ReadonlyMap<Edge, string>): string {
  const kept = keptIn(slots, changes, names)
  const added: string[] = []
  const numbers = new Map<string, number>()
  const slotOf = (text: string): number => {
    const known = numbers.get(text)
    if (known !== undefined) return known
    const number = slots.length + added.push(text) - 1
    numbers.set(text, number)
    return number
  }
  const reference = (to: number) => (quoted ? `"${to}"` : String(to))
  const shownBy = (edge: Edge): string => {
    const change = changes.get(edge)
    if (edge.to === null) return change ?? (edge.isText ? JSON.stringify(edge.literal) : edge.literal!)
    return reference(change === undefined ? edge.to : slotOf(change))
  }
  const nameOf = (edge: Edge): string => {
    const name = names.get(edge)
    if (edge.nameAt === null) return JSON.stringify(name ?? edge.name)
    return `"_${name === undefined ? edge.nameAt : slotOf(JSON.stringify(name))}"`
  }
  const all = slots.map(({ written, edges, isObject, tag }, at) => {
    if (!kept.has(at)) return 'null'
    if (edges === null || !edges.some(edge => changes.has(edge) || names.has(edge))) return written
    if (isObject) return `{${edges.map(edge => `${nameOf(edge)}:${shownBy(edge)}`).join()}}`
    return `[${[...(tag === null ? [] : [JSON.stringify(tag)]), ...edges.map(shownBy)].join()}]`
  })
  return `[${[...all, ...added].join()}]${behind}`
}

function keptIn(slots: Graph['slots'], changes: Changes, names: ReadonlyMap<Edge, string>): ReadonlySet<number> {
  const kept = new Set([0])
  for (const at of kept) {
    for (const edge of slots[at]!.edges ?? []) {
      if (edge.to !== null && edge.to >= 0 && !changes.has(edge)) kept.add(edge.to)
      if (edge.nameAt !== null && !names.has(edge)) kept.add(edge.nameAt)
    }
  }
  return kept
}
