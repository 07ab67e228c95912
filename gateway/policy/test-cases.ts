import { type ProblemCode, problems } from '../errors.ts'
import type { Fault } from './fault.ts'
import { readJsonTexts } from './json-values.ts'
import type { Presentable } from './plan.ts'
import type { Expectation, TestCase } from './policy.ts'
import { suggestion } from './spelling.ts'
import type { ValuePath, YamlDocument } from './yaml.ts'

type ExpectEntry =
  | string
  | { readonly with?: readonly Presentable[]; readonly sees?: string; readonly refused?: string }

/** One entry under `tests`, as the schema has it. */
export type TestEntry = {
  readonly name: string
  readonly request: string
  readonly type?: string
  readonly given?: string
  readonly as?: string
  readonly on?: string
  readonly expect: Readonly<Record<string, ExpectEntry>>
}

/** Whether bodies of this type are compared as JSON; others are compared as text, but for blanks at the end. */
export function comparesAsJson(mediaType: string): boolean {
  return /json/i.test(mediaType)
}

/** Reads `tests:`; `audiences` is null where they could not be read. Tests with a fault are left out. */
export function readTests(
  document: YamlDocument,
  entries: readonly TestEntry[],
  audiences: ReadonlySet<string> | null,
  faults: Fault[],
): TestCase[] {
  const tests: TestCase[] = []
  for (const [index, entry] of entries.entries()) {
    const at = ['tests', index]
    const request = /^([A-Z]+) +(\/[^\s#]*)$/.exec(entry.request)
    if (request === null) {
      const message = { zh: 'request 写作方法加路径', en: '`request` is a method and a path' }
      const hint = { zh: '如 GET /api/students/7', en: 'as in GET /api/students/7' }
      faults.push(document.fault([...at, 'request'], 'POLICY_TEST', message, { hint }))
    }
    const mediaType = entry.type ?? 'application/json'
    const expectations = Object.entries(entry.expect).flatMap(([audience, value]) => {
      const expected = { place: [...at, 'expect', audience], audience, value, mediaType }
      return readExpectation(document, expected, audiences, faults) ?? []
    })
    const seesJson = comparesAsJson(mediaType) && expectations.some(one => 'sees' in one && one.sees !== '')
    if (seesJson && entry.given !== undefined && readJsonTexts(entry.given) === null)
      faults.push(document.fault([...at, 'given'], 'POLICY_TEST', noJson.message, noJson))
    if (request === null) continue
    tests.push({
      name: entry.name,
      file: document.file,
      line: document.line([...at, 'name']),
      method: request[1]!,
      target: request[2]!,
      mediaType,
      given: entry.given ?? '',
      ...(entry.as !== undefined && { as: entry.as }),
      ...(entry.on !== undefined && { on: Date.parse(entry.on) }),
      expectations,
    })
  }
  return tests
}

const noJson = {
  // a system may answer with what is none, and the test say what becomes of it
  severity: 'warning',
  message: { zh: '不是有效的 JSON', en: 'this is not valid JSON' },
  hint: {
    zh: '名称与文字用双引号，整段再用单引号括起；别的格式请写 type，如 text/csv',
    en: 'names and texts in it take double quotes, the whole single ones; of another format say so by `type`, as text/csv',
  },
} as const

type Expected = {
  readonly place: ValuePath
  readonly audience: string
  readonly value: ExpectEntry
  readonly mediaType: string
}

function readExpectation(
  document: YamlDocument,
  { place, audience, value, mediaType }: Expected,
  audiences: ReadonlySet<string> | null,
  faults: Fault[],
): Expectation | null {
  if (audiences !== null && !audiences.has(audience)) {
    const message = { zh: `没有名为“${audience}”的受众`, en: `there is no audience '${audience}'` }
    faults.push(
      document.fault(place, 'POLICY_UNKNOWN_AUDIENCE', message, { at: 'key', hint: suggestion(audience, audiences) }),
    )
    return null
  }
  const { with: presented = [], sees, refused } = typeof value === 'string' ? { sees: value } : value
  const common = { audience, presented: new Set(presented), line: document.line(place) }
  if ((sees === undefined) === (refused === undefined)) {
    const message = { zh: '须写 sees 或 refused 之一', en: 'write either `sees` or `refused`' }
    faults.push(document.fault(place, 'POLICY_TEST', message, { at: 'key' }))
    return null
  }
  if (refused !== undefined) {
    if (Object.hasOwn(problems, refused)) return { ...common, refused: refused as ProblemCode }
    const message = { zh: `没有错误码“${refused}”`, en: `there is no code '${refused}'` }
    const hint = suggestion(refused, Object.keys(problems))
    faults.push(document.fault([...place, 'refused'], 'POLICY_TEST', message, { hint }))
    return null
  }
  if (comparesAsJson(mediaType) && sees !== '' && readJsonTexts(sees!) === null) {
    const at = typeof value === 'string' ? place : [...place, 'sees']
    faults.push(document.fault(at, 'POLICY_TEST', noJson.message, { hint: noJson.hint }))
    return null
  }
  return { ...common, sees: sees! }
}
