import { isAlias, isMap, isPair, isScalar, isSeq, type ParsedNode } from 'yaml'
import type { Bilingual } from '../contracts.ts'
import type { FaultCode } from './fault.ts'
import { yamlWords } from './yaml-words.ts'

/** UTF-16 offsets in the text. */
export type Range = readonly [from: number, to: number]

export type ValueProblem = {
  readonly range: Range
  readonly code: FaultCode
  readonly message: Bilingual
  readonly hint: Bilingual | null
}

type Key = string | number
type Child = { readonly key: Range; readonly value: Range; readonly written: string | null }

/** Values with the places they came from. */
export type Located = {
  readonly value: unknown
  place(path: readonly Key[], at: 'key' | 'value'): Range
  written(path: readonly Key[]): string | null
  /** In the order in which they are written: an object of JavaScript has numbers before all else. */
  keys(path: readonly Key[]): readonly Key[]
}

const coreTags = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(name => `tag:yaml.org,2002:${name}`))

/** Turns a composed document into plain values. An alias is the very value its anchor has, so a bomb costs nothing. */
export function toValues(
  root: ParsedNode | null,
  limits: { readonly values: number },
): Located | { readonly problems: readonly ValueProblem[] } {
  const problems: ValueProblem[] = []
  const children = new WeakMap<object, Map<Key, Child>>()
  const anchors = new Map<string, { value: unknown; weight: number } | 'open'>()
  const range: Range = root === null ? [0, 0] : [root.range[0], root.range[1]]
  let total = 0

  const wrong = (at: Range, code: FaultCode, message: Bilingual, hint: Bilingual | null = null) => {
    problems.push({ range: at, code, message, hint })
    return { value: null, weight: 1 }
  }

  const convert = (node: ParsedNode | null, fallback: Range): { value: unknown; weight: number } => {
    if (node === null) return { value: null, weight: 1 }
    const at: Range = [node.range[0], node.range[1]]
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target === undefined) return wrong(at, 'YAML_ALIAS', yamlWords.aliasUnknown)
      if (target === 'open') return wrong(at, 'YAML_ALIAS', yamlWords.aliasOfItself)
      return target
    }
    if (node.tag !== undefined && !coreTags.has(node.tag)) return wrong(at, 'YAML_TAG', yamlWords.tag)
    const anchor = node.anchor
    if (anchor !== undefined) anchors.set(anchor, 'open')
    const made = isScalar(node) ? { value: node.value, weight: 1 } : collection(node, fallback)
    if (anchor !== undefined) anchors.set(anchor, made)
    return made
  }

  const collection = (node: ParsedNode, fallback: Range): { value: unknown; weight: number } => {
    const places = new Map<Key, Child>()
    const list: unknown[] = []
    const object: Record<string, unknown> = Object.create(null)
    let weight = 1
    const put = (key: Key, keyRange: Range, child: ParsedNode | null): void => {
      const valueRange: Range = child?.range ? [child.range[0], child.range[1]] : keyRange
      const made = convert(child, keyRange)
      weight += made.weight
      total = Math.max(total, weight)
      // A null without a text of its own (`key:`) is where its key is.
      const empty = valueRange[0] === valueRange[1]
      places.set(key, { key: keyRange, value: empty ? keyRange : valueRange, written: writtenOf(child) })
      if (typeof key === 'number') list.push(made.value)
      else object[key] = made.value
    }
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        if (total > limits.values) break
        const child = isPair(item) ? null : (item as ParsedNode | null)
        put(index, child?.range ? [child.range[0], child.range[1]] : fallback, child)
      }
    } else if (isMap(node)) {
      for (const pair of node.items) {
        if (total > limits.values) break
        const named = keyOf(pair.key as ParsedNode | null, fallback)
        if (named === null) continue
        if (places.has(named.key)) wrong(named.range, 'YAML_DOUBLED_KEY', yamlWords.doubledKey(named.key))
        else put(named.key, named.range, pair.value as ParsedNode | null)
      }
    }
    const value = isSeq(node) ? list : object
    children.set(value, places)
    return { value, weight }
  }

  const keyOf = (node: ParsedNode | null, fallback: Range): { key: string; range: Range } | null => {
    const at: Range = node === null ? fallback : [node.range[0], node.range[1]]
    const target = isAlias(node) ? convert(node, at) : null
    if (target !== null && typeof target.value === 'string') return { key: target.value, range: at }
    // A key is what was written: `4`, `no` and `1.0` are names here, not a number or a truth.
    const written = isScalar(node) ? (typeof node.value === 'string' ? node.value : node.source) : undefined
    const tag = isScalar(node) ? node.tag : undefined
    if (written === undefined || written === '' || tag !== undefined) wrong(at, 'YAML_KEY', yamlWords.key)
    else if (written === '<<' && isScalar(node) && node.type === 'PLAIN') wrong(at, 'YAML_MERGE', yamlWords.merge)
    else {
      if (isScalar(node) && node.anchor !== undefined) anchors.set(node.anchor, { value: written, weight: 1 })
      return { key: written, range: at }
    }
    return null
  }

  const { value } = convert(root, range)
  if (total > limits.values) wrong(range, 'YAML_TOO_MANY', yamlWords.tooMany)
  if (problems.length > 0) return { problems }
  const childAt = (path: readonly Key[]): Child | null => {
    let here: unknown = value
    let child: Child | null = null
    for (const key of path) {
      const next: Child | undefined =
        typeof here === 'object' && here !== null ? children.get(here)?.get(key) : undefined
      if (next === undefined) break
      child = next
      here = (here as Record<Key, unknown>)[key]
    }
    return child
  }
  return {
    value,
    place: (path, at) => childAt(path)?.[at] ?? range,
    written: path => childAt(path)?.written ?? null,
    keys(path) {
      const at = path.reduce((here: unknown, key) => (here as Record<Key, unknown> | undefined)?.[key], value)
      return typeof at === 'object' && at !== null ? [...(children.get(at)?.keys() ?? [])] : []
    },
  }
}

function writtenOf(node: ParsedNode | null): string | null {
  return isScalar(node) && node.type === 'PLAIN' && node.source !== undefined ? node.source : null
}
