import type { Bilingual } from '../contracts.ts'
import { isPlain, plainSegments, readingsOf } from './other-spellings.ts'

/** A path template, by segments: a literal (decoded), a parameter's name, or the rest. */
export type Segment = { readonly literal: string } | { readonly parameter: string } | { readonly rest: true }

export type Template = {
  readonly text: string
  readonly segments: readonly Segment[]
  /** In order of the path. */
  readonly parameters: readonly string[]
  /** The same for templates that match the same paths. */
  readonly shape: string
}

export type TemplateRead = { readonly template: Template } | { readonly wrong: Bilingual }

/** Reads `/api/students/{id}` or `/export/**`. Literals are written as people read them, not percent-encoded. */
export function readTemplate(text: string): TemplateRead {
  if (!text.startsWith('/')) return { wrong: beginningProblem(text) }
  const segments: Segment[] = []
  const parameters: string[] = []
  const parts = text.slice(1).split('/')
  for (const [index, part] of parts.entries()) {
    const named = /^\{([A-Za-z_][A-Za-z0-9_]{0,63})\}$/.exec(part)
    if (part === '**') {
      if (index < parts.length - 1) return { wrong: { zh: '** 只能在最后', en: '`**` can only stand last' } }
      segments.push({ rest: true })
    } else if (named !== null) {
      if (parameters.includes(named[1]!))
        return { wrong: { zh: `参数 {${named[1]}} 出现两次`, en: `the parameter {${named[1]}} stands twice` } }
      parameters.push(named[1]!)
      segments.push({ parameter: named[1]! })
    } else {
      const problem = literalProblem(part, index === parts.length - 1)
      if (problem !== null) return { wrong: problem }
      segments.push({ literal: part })
    }
  }
  const shape = segments.map(one => ('literal' in one ? `=${one.literal}` : 'rest' in one ? '**' : '{}')).join('/')
  return { template: { text, segments, parameters, shape } }
}

function beginningProblem(text: string): Bilingual {
  if (text.startsWith('／')) return { zh: '斜杠是全角的，请写半角 /', en: 'the slash is full-width; write a plain one' }
  if (/^https?:/i.test(text))
    return {
      zh: '只写路径，从 / 开始；系统的地址写在 gateway.yaml 的 upstream',
      en: 'write the path alone, from its slash on; where the system is stands under `upstream` in gateway.yaml',
    }
  return { zh: '路径须以 / 开头', en: 'a path begins with a slash' }
}

function literalProblem(part: string, last: boolean): Bilingual | null {
  if (part === '' && !last) return { zh: '路径中有空的一段', en: 'the path has an empty segment' }
  if (part === '.' || part === '..') return { zh: '路径不能含 . 或 .. 段', en: 'a path has no `.` or `..` segments' }
  // as other routers write it, or with brackets of a Chinese keyboard: no path would ever have that in it
  const parameter = /^(?::([A-Za-z_]\w*)|<([^<>]+)>|｛([^｛｝]+)｝)$/.exec(part)
  if (parameter !== null) {
    const written = parameter[1] ?? parameter[2] ?? parameter[3]!
    const name = /^[A-Za-z_]\w*$/.test(written) ? written : 'id'
    return { zh: `参数写作 {${name}}`, en: `a parameter is written {${name}}` }
  }
  if (part.includes('?'))
    return {
      zh: '路径不含查询参数；参数写在 query 下',
      en: 'a path is without its query; declare the parameters under `query`',
    }
  if (part.includes('*'))
    return {
      zh: '* 不能代表一段中的任意文字：整段写 {x}，其余所有段写 **',
      en: '`*` stands for no part of a segment; write {x} for a whole one, and ** for all that are left',
    }
  if (/[{}]/.test(part)) return { zh: '{x} 须独占一段', en: '{x} takes a whole segment' }
  if (/[\\;%#\p{Cc}\p{Zl}\p{Zp}]/u.test(part))
    return {
      zh: '路径不能含 \\ ; % #（非 ASCII 文字直接写）',
      en: 'a path has no \\ ; % # (write other letters as they are)',
    }
  return null
}

/** Whether one template takes every path that the other takes, so that the other alone decides nothing. */
export function covers(one: Template, other: Template): boolean {
  for (const [at, segment] of one.segments.entries()) {
    if ('rest' in segment) return true
    const its = other.segments[at]
    if (its === undefined || 'rest' in its) return false
    if ('literal' in segment && !('literal' in its && its.literal === segment.literal)) return false
  }
  return one.segments.length === other.segments.length
}

type Node<Route> = {
  readonly literals: Map<string, Node<Route>>
  parameter: Node<Route> | null
  routes: Route[]
  rest: Route[]
}

/**
 * Routes by path: literal beats {x} beats **, segment by segment from the left. A path that a server could take for that of a more
 * exact route (other-spellings.ts) is of that route; one that is of no route at all stays so.
 */
export class RouteTable<Route extends { readonly template: Template }> {
  readonly #root: Node<Route> = node()
  /** The same routes, by segments in their one spelling. */
  readonly #plain: Node<Route> = node()
  /** Whether no template has another spelling than its own; and whether there is any to be spelled otherwise. */
  #isPlain = true
  #hasLiterals = false

  add(route: Route): void {
    const { segments } = route.template
    put(this.#root, segments, route)
    const literals = plainSegments(segments.map(segment => ('literal' in segment ? segment.literal : '-')))
    const plain = segments.slice(0, literals.length)
    put(
      this.#plain,
      plain.map((segment, at) => ('literal' in segment ? { literal: literals[at]! } : segment)),
      route,
    )
    for (const segment of segments) {
      if (!('literal' in segment)) continue
      this.#hasLiterals = true
      if (!isPlain(segment.literal)) this.#isPlain = false
    }
  }

  /**
   * All routes of the one template that a path matches best: they differ in their methods only. `otherwise`: where none of these
   * takes it. Empty: none.
   */
  find(path: string, otherwise?: RouteTable<Route>): readonly Route[] {
    const segments = segmentsOf(path)
    const found = segments === null ? null : search(this.#root, segments, 0)
    if (segments === null) return []
    const best = found ?? otherwise?.find(path) ?? []
    const isMeant = best.length === 0 || !this.#hasLiterals || (found !== null && isLiteral(found[0]!.template))
    return isMeant || (this.#isPlain && isPlain(path)) ? best : this.#moreExact(segments, best)
  }

  #moreExact(segments: readonly string[], found: readonly Route[]): readonly Route[] {
    let best = found
    for (const reading of readingsOf(segments)) {
      const length = reading.parts === true ? reading.segments.length : undefined
      const others = search(this.#plain, reading.segments, 0)
      const [other, now] = [others?.[0], best[0]!].map(route => exactness(route)?.slice(0, length))
      if (other !== undefined && other > now!) best = ofOneTemplate(others!)
    }
    return best
  }
}

function isLiteral({ segments }: Template): boolean {
  return segments.every(segment => 'literal' in segment)
}

/** In order of what beats what: a path that ends, or goes on by a literal, beats a segment of any name, and that what is left. */
function exactness(route: { readonly template: Template } | undefined): string | undefined {
  const marks = route?.template.segments.map(one =>
    'literal' in one ? (one.literal === '' ? '' : 'c') : 'rest' in one ? 'a' : 'b',
  )
  return marks === undefined ? undefined : `${marks.join('')}${marks.at(-1) === 'a' ? '' : 'd'}`
}

/** Templates that differ in their spelling alone are of a system that tells them apart: the first is as good as any. */
function ofOneTemplate<Route extends { readonly template: Template }>(routes: readonly Route[]): readonly Route[] {
  return routes.filter(({ template }) => template.text === routes[0]!.template.text)
}

function put<Route>(root: Node<Route>, segments: readonly Segment[], route: Route): void {
  let here = root
  for (const segment of segments) {
    if ('rest' in segment) {
      here.rest.push(route)
      return
    }
    if ('literal' in segment) {
      const next = here.literals.get(segment.literal) ?? node<Route>()
      here.literals.set(segment.literal, next)
      here = next
    } else here = here.parameter ??= node<Route>()
  }
  here.routes.push(route)
}

function node<Route>(): Node<Route> {
  return { literals: new Map(), parameter: null, routes: [], rest: [] }
}

/** Goes back where a literal leads nowhere; the number of places it can look at is that of the table's own nodes. */
function search<Route>(here: Node<Route>, segments: readonly string[], at: number): readonly Route[] | null {
  if (at === segments.length) return here.routes.length > 0 ? here.routes : here.rest.length > 0 ? here.rest : null
  const segment = segments[at]!
  const literal = here.literals.get(segment)
  const byLiteral = literal === undefined ? null : search(literal, segments, at + 1)
  if (byLiteral !== null) return byLiteral
  const byParameter = here.parameter === null || segment === '' ? null : search(here.parameter, segments, at + 1)
  return byParameter ?? (here.rest.length > 0 ? here.rest : null)
}

const none: ReadonlyMap<string, string> = new Map()

/** The values that a template's parameters have in a path it matches, decoded. */
export function parametersOf(template: Template, path: string): ReadonlyMap<string, string> {
  if (template.parameters.length === 0) return none
  const segments = segmentsOf(path) ?? []
  const values = new Map<string, string>()
  for (const [index, segment] of template.segments.entries()) {
    if ('parameter' in segment) values.set(segment.parameter, segments[index] ?? '')
  }
  return values
}

function segmentsOf(path: string): string[] | null {
  if (!path.startsWith('/')) return null
  const segments = path.slice(1).split('/')
  if (!path.includes('%')) return segments
  try {
    return segments.map(decodeURIComponent)
  } catch {
    return null
  }
}
