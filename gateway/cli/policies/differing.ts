import { readJsonTexts } from '../../policy/json-values.ts'

/** Where what a test expects and what it got differ, so that of a long body the few places that matter are read. */

export type Difference = {
  /** `$.rows[0].tel`; of text the number of its line. */
  readonly place: string | number
  /** null: there is nothing. */
  readonly expected: string | null
  readonly got: string | null
}

/** All of them, in their order; of bodies that are no JSON by lines. Empty: they differ in nothing that can be shown apart. */
export function differencesIn(expected: string, got: string, isJson: boolean): readonly Difference[] {
  if (isJson) {
    const [a, b] = [readJsonTexts(expected), readJsonTexts(got)]
    if (a?.length === 1 && b?.length === 1) return [...between('$', a[0], b[0])]
  }
  return [...betweenLines(expected.trimEnd().split(/\r?\n/), got.trimEnd().split(/\r?\n/))]
}

function* between(place: string, a: unknown, b: unknown): Generator<Difference> {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let at = 0; at < Math.max(a.length, b.length); at++) yield* between(`${place}[${at}]`, a[at], b[at])
  } else if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      yield* between(`${place}${step(key)}`, own(a, key), own(b, key))
  } else if (JSON.stringify(a) !== JSON.stringify(b)) yield { place, expected: written(a), got: written(b) }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined
}

function step(key: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

function written(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

/** Lines that one of them has more are told where they stand, so that what follows still stands beside its like. */
function* betweenLines(a: readonly string[], b: readonly string[]): Generator<Difference> {
  for (let [i, j] = [0, 0]; i < a.length || j < b.length; ) {
    if (a[i] === b[j]) {
      i++
      j++
      continue
    }
    const more = i < a.length ? b.indexOf(a[i]!, j) : b.length
    const less = j < b.length ? a.indexOf(b[j]!, i) : a.length
    const place = i + 1
    if (less > i && (more < 0 || less - i <= more - j)) yield { place, expected: a[i++]!, got: null }
    else if (more > j) yield { place, expected: null, got: b[j++]! }
    else yield { place, expected: a[i++] ?? null, got: b[j++] ?? null }
  }
}
