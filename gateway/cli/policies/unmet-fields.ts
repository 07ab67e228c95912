/**
 * Fields that a system's policy names and that were met nowhere: whoever mistypes `sfzh` as `sfhz` believes it protected. Names
 * alone are told, of the policy and of fields, never a value.
 */
import type { Bilingual } from '../../contracts.ts'
import { FieldAutomaton } from '../../masking/automaton.ts'
import { normalizeName } from '../../policy/names.ts'
import type { Binding, FieldPath, TypeRule } from '../../policy/plan.ts'
import type { Policy, RoutePolicy, SystemPolicy } from '../../policy/policy.ts'
import { nearest } from '../../policy/spelling.ts'
import { printable } from '../../records/query/table.ts'
import { type Language, say } from '../command.ts'
import type { MetPath } from '../rehearse/fields.ts'

/** Where fields were met, by the route that answered; and names of parameters that were asked by. */
export type Met = {
  readonly paths: ReadonlyMap<RoutePolicy, readonly MetPath[]>
  readonly asked: ReadonlySet<string>
}

export type UnmetField = {
  /** As the policy writes it. */
  readonly field: string
  /** `file:line`. */
  readonly source: string
  /** What was met instead, and nothing names. */
  readonly near: string | null
}

/** In the order in which the policy writes them; fields of routes of which nothing was met are left out. */
export function unmetFields(policy: Policy, system: SystemPolicy, { paths, asked }: Met): UnmetField[] {
  const [audience] = policy.audiences.keys()
  const questions = new Set([...asked].map(normalizeName))
  const wanted = new Map<
    string,
    { readonly one: Named; met: boolean; readonly spare: Map<string, readonly string[]> }
  >()
  for (const [route, met] of paths) {
    const { types } = policy.plan(system, route, audience!, new Set())
    const named = namedBy(route)
    const spare = met.filter(path => !named.some(({ path: bound }) => reaches(bound, path, types)))
    for (const one of named) {
      const key = `${one.source} ${one.path.text}`
      const known = wanted.get(key) ?? { one, met: false, spare: new Map() }
      wanted.set(key, known)
      known.met ||= isAsked(one.path, questions) || met.some(path => reaches(one.path, path, types))
      if (known.met) continue
      for (const path of spare) {
        const end = endOf(path, one.path)
        known.spare.set(end.join('.'), end)
      }
    }
  }
  return [...wanted.values()]
    .filter(({ met }) => !met)
    .map(({ one, spare }) => ({
      ...{ field: one.path.text, source: one.source },
      near: likeness(one.path, spare),
    }))
    .sort((a, b) => placeOf(a) - placeOf(b))
}

const placeOf = ({ source }: UnmetField) => Number(source.slice(source.lastIndexOf(':') + 1))

type Named = Pick<Binding, 'path' | 'source'>

/** What a route and its system name, and what their rules about the row look at. */
function namedBy({ bindings, rowRules = [] }: RoutePolicy): Named[] {
  const asked = rowRules.flatMap(({ members, own, source }) =>
    [...members.map(({ name }) => name), ...(own === null ? [] : [own])].map(name => ({
      path: { text: name, rooted: false, exact: false, steps: [{ descendant: false, name }] },
      source,
    })),
  )
  return [...bindings.filter(({ step, handsOut }) => step < 2 && handsOut !== 'inside'), ...asked]
}

const automata = new WeakMap<FieldPath, FieldAutomaton>()

/** Whether a way leads to what a path names, or into it. */
function reaches(path: FieldPath, way: MetPath, types: readonly TypeRule[]): boolean {
  let automaton = automata.get(path)
  if (automaton === undefined) {
    const binding: Binding = { path, type: 0, step: 0, weak: false, source: '' }
    automaton = new FieldAutomaton({ bindings: [binding], types, unlisted: 'scan' }, () => false)
    automata.set(path, automaton)
  }
  const indices = [0, ...path.steps.flatMap(step => ('index' in step ? step.index : []))]
  let places = [automaton.root]
  for (const step of way) {
    places = places.flatMap(place =>
      step === null
        ? indices.map(index => automaton.element(place, index))
        : [automaton.member(place, automaton.symbol(step))],
    )
    if (places.some(place => automaton.fate(place).strong === 0)) return true
  }
  return false
}

function isAsked({ steps }: FieldPath, questions: ReadonlySet<string>): boolean {
  const last = steps.at(-1)
  return last !== undefined && 'name' in last && questions.has(last.name)
}

/** The way that is like a path name by name; codes without a letter are alike by chance. */
function likeness({ text, steps }: FieldPath, spare: ReadonlyMap<string, readonly string[]>): string | null {
  const written = text.replace(/^[/$.]+/, '').split('.')
  if (written.length !== steps.length || !/\p{L}/u.test(written.at(-1)!)) return null
  const alike = [...spare].filter(
    ([, way]) =>
      way.length === written.length &&
      way.every((name, at) => written[at]!.length <= 2 || nearest(written[at]!, [name]) !== null),
  )
  return nearest(
    written.join('.'),
    alike.map(([end]) => end),
  )
}

/** As many names from the end of a way as a path has. */
function endOf(way: MetPath, { steps }: FieldPath): readonly string[] {
  return way.filter(step => step !== null).slice(-steps.length)
}

/** Those of which nothing like them was met, in one line, so many at most. */
const mostTold = 20

/** A title, and a line for each that has something like it. Empty: all were met. */
export function unmetText(system: string, unmet: readonly UnmetField[], lang: Language): string {
  if (unmet.length === 0) return ''
  const alike = unmet.filter(({ near }) => near !== null)
  const others = unmet.filter(({ near }) => near === null)
  const lines = alike.map(({ field, source, near }) => say(words.near(source, field, printable(near!)), lang))
  const names = others.slice(0, mostTold).map(({ field, source }) => `${field} (${source.replace(/^.*:/, '')})`)
  const rest = `${names.join(lang === 'zh' ? '、' : ', ')}${others.length > mostTold ? ' …' : ''}`
  if (others.length > 0) lines.push(say(words.others(rest), lang))
  return `${say(words.title(system, unmet.length), lang)}\n${lines.map(line => `  ${line}\n`).join('')}`
}

const words = {
  title: (system: string, count: number): Bilingual => ({
    zh: `${system}：策略写明的 ${count} 个字段从未出现。名称写错的字段得不到这里写的保护：`,
    en: `${system}: fields that the policy names and that were never met: ${count}. One whose name is mistyped is not protected as written here:`,
  }),
  near: (source: string, field: string, near: string): Bilingual => ({
    zh: `${source} ${field}：您是否想写“${near}”？它出现过，而策略没有写明`,
    en: `${source} ${field}: did you mean '${near}'? It was met, and the policy does not name it`,
  }),
  others: (list: string): Bilingual => ({
    zh: `没有出现过相近的名称（括号中是行号）：${list}`,
    en: `nothing of a like name was met (lines in brackets): ${list}`,
  }),
}
