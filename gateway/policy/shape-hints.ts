/** What to write in place of what has the wrong shape: the mistakes that people make who have not written YAML before. Pure. */
import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Bilingual } from '../contracts.ts'
import { nearest, suggestion } from './spelling.ts'
import type { ValuePath, YamlDocument } from './yaml.ts'
import { dashHint, lineHint } from './yaml-words.ts'

/** What a schema says of its values in words of its own. */
export function wordsOf({ parentSchema }: ErrorObject): Bilingual | null {
  return (parentSchema?.['x-words'] as Bilingual | undefined) ?? null
}

/** Of a value of the wrong kind; the typings of YAML surprise people: a bare 007 is a number, a bare yes is a text. */
export function typeHint(document: YamlDocument, path: ValuePath, error: ErrorObject): Bilingual | null {
  const { data } = error
  const allowed = [error.schema].flat().map(String)
  const truth = typeof data === 'string' ? truths.find(([words]) => words.test(data)) : undefined
  if (allowed.includes('boolean') && truth !== undefined)
    return { zh: `YAML 1.2 中这是文字；请写 ${truth[1]}`, en: `in YAML 1.2 this is a text; write ${truth[1]}` }
  const key = path.at(-1)
  const joined = data === null && typeof key === 'string' ? lineHint(key, 0) : null
  if (joined !== null) return joined
  const words = wordsOf(error)
  if (words !== null) return words
  if (data === null)
    return allowed.includes('object') ? (besideHint(document, path, error) ?? keysHint(error, '')) : null
  if (typeof data === 'object') return groupHint(data, allowed)
  const written = document.written(path)
  if (written !== null && allowed.includes('string'))
    return { zh: `请加引号：'${written}'`, en: `put it in quotes: '${written}'` }
  if (allowed.includes('object'))
    return (typeof data === 'string' ? lineHint(data, 0) : null) ?? keysHint(error, `${data}`)
  if (!allowed.includes('array')) return null
  const shown = fitsInHint.test(`${data}`) ? `[${data}]` : '[a, b]'
  return { zh: `请写成列表，如 ${shown}`, en: `write a list, as in ${shown}` }
}

const truths: readonly (readonly [RegExp, string])[] = [
  [/^(yes|on|y)$/i, 'true'],
  [/^(no|off|n)$/i, 'false'],
]
const fitsInHint = /^[\w ,./-]{1,40}$/

/** Of a group with nothing in it: what it takes stands beside it where it should stand under it. */
function besideHint({ value }: YamlDocument, path: ValuePath, { parentSchema }: ErrorObject): Bilingual | null {
  let around = value as Readonly<Record<string | number, unknown>> | undefined
  for (const key of path.slice(0, -1)) around = around?.[key] as typeof around
  const keys = Object.keys(around ?? {})
  const group = `${path.at(-1)}`
  const next = keys[keys.indexOf(group) + 1]
  const { properties = {} } = (parentSchema ?? {}) as { properties?: object }
  if (next === undefined || !Object.hasOwn(properties, next)) return null
  return {
    zh: `若下面的 ${next} 属于 ${group}，请比 ${group} 多缩进两个空格`,
    en: `if \`${next}\` below belongs under \`${group}\`, indent it by two spaces more than that`,
  }
}

/** Of a list or group where something else belongs. */
function groupHint(data: object, allowed: readonly string[]): Bilingual | null {
  if (allowed.includes('array')) return itemHint(Object.keys(data)[0] ?? '')
  if (allowed.includes('object')) {
    const isGroups = (data as unknown[]).every(one => typeof one === 'object' && one !== null)
    return isGroups
      ? { zh: '请去掉每行前面的“- ”', en: 'leave out the `- ` in front of each' }
      : { zh: '请写成“键: 值”，每行一个', en: 'write `key: value`, one on each line' }
  }
  return allowed.join() === 'string'
    ? { zh: "请写一段文字；JSON 用单引号括起：'{…}'", en: "write one text; JSON goes in single quotes: '{…}'" }
    : null
}

/** `key`: the first of a group where a list belongs; a dash that is none became a part of it. */
function itemHint(key: string): Bilingual {
  if (/^-\S/.test(key)) return dashHint
  if (/^[－—–]/.test(key))
    return { zh: '此处的“－”是全角的；请写半角“- ”', en: 'the dash is not a plain one; write `-` and a space' }
  return { zh: '请在每一项前面加“- ”', en: 'put `- ` in front of each' }
}

/** Most of these keys are shown; more make no sentence. */
const fewKeys = 6

/** What a group that was written as something else takes: the keys it must have, else all of them where they are few. */
function keysHint({ parentSchema }: ErrorObject, written: string): Bilingual | null {
  const { required = [], properties = {} } = (parentSchema ?? {}) as { required?: string[]; properties?: object }
  const known = Object.keys(properties)
  const meant = nearest(written, known)
  const keys = meant !== null ? [meant] : required.length > 0 ? required : known
  if (keys.length > fewKeys) return null
  if (keys.length === 0 && !fitsInHint.test(written)) return null
  const shown = keys.length === 0 ? `${written}: …` : keys.map(key => `${key}: …`).join(', ')
  return { zh: `请写 { ${shown} }`, en: `write { ${shown} }` }
}

/** Of a key that nobody knows, in a group whose members are known by these names. */
export function keyHint(error: ErrorObject, key: string): Bilingual | null {
  if (/^[\u3000\u00A0\u2000-\u200B]/.test(key))
    return {
      zh: '行首用了全角空格；请改用半角空格缩进',
      en: 'the line begins with wide spaces; indent it by plain ones',
    }
  const words = wordsOf(error)
  if (words !== null) return words
  const properties = (error.parentSchema?.['properties'] as object | undefined) ?? {}
  const known = Object.keys(properties).filter(word => word !== '$schema')
  const above = nearest(key, known) === null ? emptyAbove(error.data as object, key, known) : undefined
  if (above !== undefined)
    return {
      zh: `若它属于上面的 ${above}，请比 ${above} 多缩进两个空格`,
      en: `if it belongs under \`${above}\` above, indent it by two spaces more than that`,
    }
  return suggestion(key, known)
}

/** The nearest known key before this one, if it has no value: what stands under it stands too far left. */
function emptyAbove(group: object, key: string, known: readonly string[]): string | undefined {
  const keys = Object.keys(group)
  const above = keys.slice(0, keys.indexOf(key)).findLast(one => known.includes(one))
  return above !== undefined && (group as Record<string, unknown>)[above] === null ? above : undefined
}

/** Whether a key that is said to be missing stands there misspelt, which is a fault of its own. */
export function isMisspelt(error: ErrorObject, missing: string): boolean {
  const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {})
  return Object.keys(error.data as object).some(key => !known.includes(key) && nearest(key, known) === missing)
}

/** Of a key that is missing in the group at this path. */
export function missingHint(path: ValuePath, error: ErrorObject, missing: string): Bilingual | null {
  const words = wordsOf(error)
  if (words !== null) return words
  const nth = path.at(-1)
  if (typeof nth === 'number' && nth > 0)
    return {
      zh: '“- ”开始新的一项；若属于上一项，请把“-”换成空格',
      en: 'a dash begins a new item; if this belongs to the one before, write a space in its place',
    }
  const { description, 'x-zh': zh } = schemaOf(error, missing)
  if (description === undefined) return { zh: `请写 ${missing}: …`, en: `write \`${missing}: …\`` }
  return {
    zh: `请写 ${missing}: …${zh === undefined ? '' : `（${zh}）`}`,
    en: `write \`${missing}: …\`: ${plain(description)}`,
  }
}

function schemaOf(
  { parentSchema }: ErrorObject,
  key: string,
): { readonly description?: string; readonly 'x-zh'?: string } {
  return (parentSchema?.['properties'] as Readonly<Record<string, object>> | undefined)?.[key] ?? {}
}

/** A description as the end of a sentence. */
function plain(description: string): string {
  const text = description.replace(/\.$/, '')
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text
}
