import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { Bilingual } from '../contracts.ts'
import type { Fault, FaultCode } from './fault.ts'
import { isMisspelt, keyHint, missingHint, typeHint, wordsOf } from './shape-hints.ts'
import { suggestion } from './spelling.ts'
import { type ValuePath, type YamlDocument, yamlLimits } from './yaml.ts'
import { commaHint } from './yaml-words.ts'

/**
 * A JSON Schema (2020-12). Beside the standard words, `x-words` says in both languages what a pattern asks for, and `x-zh`
 * is the description in Chinese.
 */
export type Schema = { readonly [word: string]: unknown }

/** Checks a document; no faults: its value has the shape of the schema. */
export type Validator = (document: YamlDocument) => Fault[]

/**
 * Compiles a schema once. Faults point at the key or value and say what would be right, with the word that was most
 * likely meant.
 *
 * @param area the first word of the faults' codes: `POLICY` gives POLICY_UNKNOWN_KEY, POLICY_SHAPE, ...
 */
export function validator(schema: Schema, area: 'POLICY' | 'CONFIG'): Validator {
  const strictly = { strict: true, allowUnionTypes: true, ownProperties: true }
  const ajv = new Ajv2020({ ...strictly, allErrors: true, verbose: true, inlineRefs: false })
  ajv.addVocabulary(['x-words', 'x-zh'])
  const check = ajv.compile(schema)
  return document => {
    if (check(document.value)) return []
    const faults: Fault[] = []
    for (const error of check.errors ?? []) {
      const fault = faultOf(document, error, area)
      if (fault !== null) faults.push(fault)
      if (faults.length >= yamlLimits.faults) break
    }
    return faults
  }
}

function faultOf(document: YamlDocument, error: ErrorObject, area: 'POLICY' | 'CONFIG'): Fault | null {
  const path = pathOf(error.instancePath, document.value)
  const name = error.propertyName
  const params = error.params as Record<string, unknown>
  const make = (code: string, message: Bilingual, hint: Bilingual | null = null, at: ValuePath = path) =>
    document.fault(at, `${area}_${code}` as FaultCode, message, { hint, at: name === undefined ? 'value' : 'key' })
  if (name !== undefined && error.keyword !== 'propertyNames') {
    const message = { zh: `键“${name}”写法不对`, en: `the key '${name}' is not written right` }
    return make('KEY', message, wordsOf(error) ?? expectation(error), [...path, name])
  }
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const extra = String(params['additionalProperty'] ?? params['unevaluatedProperty'])
      const message = { zh: `此处没有名为“${extra}”的键`, en: `there is no key '${extra}' here` }
      const hint = keyHint(error, extra)
      return document.fault([...path, extra], `${area}_UNKNOWN_KEY`, message, { hint, at: 'key' })
    }
    case 'required': {
      const missing = String(params['missingProperty'])
      if (isMisspelt(error, missing)) return null
      const message = { zh: `缺少键“${missing}”`, en: `the key '${missing}' is missing` }
      return document.fault(path, `${area}_MISSING_KEY`, message, {
        at: 'key',
        hint: missingHint(path, error, missing),
      })
    }
    case 'type':
      return make('TYPE', typeMessage(error), typeHint(document, path, error))
    case 'enum':
    case 'const': {
      const allowed = (params['allowedValues'] as unknown[] | undefined) ?? [params['allowedValue']]
      if (typeof error.data === 'object') return make('TYPE', typeMessage({ ...error, schema: 'string' }))
      const shown = scalarText(error.data)
      return make(
        'VALUE',
        notAllowed(shown),
        commaHint(shown) ?? wordsOf(error) ?? suggestion(shown, allowed.map(String)),
      )
    }
    case 'pattern':
    case 'format':
      return make('VALUE', notAllowed(scalarText(error.data)), wordsOf(error))
    // These only repeat that something inside them is wrong.
    case 'if':
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
    case 'propertyNames':
    case '$ref':
      return null
    default:
      return make(
        'VALUE',
        { zh: '此处的值超出允许的范围', en: 'the value is not within what is allowed' },
        expectation(error),
      )
  }
}

/** RFC 6901, with indices as numbers where the value is an array. */
function pathOf(pointer: string, root: unknown): (string | number)[] {
  const path: (string | number)[] = []
  let here = root
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(here) ? Number(key) : key)
    here = (here as Record<string, unknown> | undefined)?.[key]
  }
  return path
}

const typeWords: Readonly<Record<string, Bilingual>> = {
  string: { zh: '文字', en: 'a text' },
  object: { zh: '一组“键: 值”', en: 'a group of `key: value`' },
  array: { zh: '列表', en: 'a list' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  integer: { zh: '整数', en: 'a whole number' },
  number: { zh: '数字', en: 'a number' },
  null: { zh: '空', en: 'nothing' },
}

function typeMessage(error: ErrorObject): Bilingual {
  const allowed = [error.schema].flat().map(String)
  const should = (lang: 'zh' | 'en', or: string) => allowed.map(type => typeWords[type]?.[lang] ?? type).join(or)
  const is = typeWords[typeOf(error.data)] ?? typeWords['null']!
  if (error.data === null && error.instancePath === '')
    return { zh: '文件里什么也没有', en: 'there is nothing in the file' }
  if (error.data === null)
    return { zh: `此处缺少值，应为${should('zh', '或')}`, en: `a value is missing here: ${should('en', ' or ')}` }
  return {
    zh: `此处应为${/^[a-z]/.test(should('zh', '或')) ? ' ' : ''}${should('zh', '或')}，而现在是${is.zh}`,
    en: `this should be ${should('en', ' or ')}, not ${is.en}`,
  }
}

function expectation(error: ErrorObject): Bilingual | null {
  const limit = (error.params as Record<string, unknown>)['limit']
  const words: Readonly<Record<string, Bilingual>> = {
    minimum: { zh: `至少为 ${limit}`, en: `at least ${limit}` },
    maximum: { zh: `至多为 ${limit}`, en: `at most ${limit}` },
    exclusiveMinimum: { zh: `大于 ${limit}`, en: `more than ${limit}` },
    exclusiveMaximum: { zh: `小于 ${limit}`, en: `less than ${limit}` },
    minLength: { zh: `至少 ${limit} 个字符`, en: `at least ${counted(limit, 'character')}` },
    maxLength: { zh: `至多 ${limit} 个字符`, en: `at most ${counted(limit, 'character')}` },
    minItems: { zh: `至少 ${limit} 项`, en: `at least ${counted(limit, 'item')}` },
    maxItems: { zh: `至多 ${limit} 项`, en: `at most ${counted(limit, 'item')}` },
    minProperties: { zh: `至少 ${limit} 个键`, en: `at least ${counted(limit, 'key')}` },
    maxProperties: { zh: `至多 ${limit} 个键`, en: `at most ${counted(limit, 'key')}` },
    uniqueItems: { zh: '每项只写一次', en: 'each item once' },
  }
  return words[error.keyword] ?? null
}

function counted(limit: unknown, word: string): string {
  return `${limit} ${word}${limit === 1 ? '' : 's'}`
}

function notAllowed(shown: string): Bilingual {
  return { zh: `“${shown}”在此处不可用`, en: `'${shown}' is not allowed here` }
}

function scalarText(value: unknown): string {
  return typeof value === 'object' ? typeOf(value) : String(value).slice(0, 80)
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
