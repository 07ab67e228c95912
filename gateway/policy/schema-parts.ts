/** What the schemas of the policy files are put together from. */
import type { Bilingual } from '../contracts.ts'
import type { Schema } from './validate.ts'

/** Forms a catalogue defines a mask for; the others need none. */
export const maskedForms = ['partial', 'generalize', 'token', 'digest'] as const
export const allForms = ['clear', ...maskedForms, 'redact', 'remove'] as const
export const presentables = [
  'operator',
  'signed_operator',
  'purpose',
  'basis',
  'verified_basis',
  'grant',
  'terminal',
  'strong_identity',
] as const

const words = (zh: string, en: string): Bilingual => ({ zh, en })

/** What a key is for: `description` for editors, and the same in Chinese for the documents. */
export function about(en: string, zh: string): Schema {
  return { description: en, 'x-zh': zh }
}

export const cell = '[ABCD][1-4]'
export const typeName = {
  pattern: '^[a-z][a-z0-9_]{0,63}$',
  'x-words': words(
    '小写字母开头，只含小写字母、数字和下划线',
    'lower-case letters, digits and underscores, beginning with a letter',
  ),
}
export const plainName = {
  pattern: '^[a-z][a-z0-9_-]{0,63}$',
  'x-words': words(
    '小写字母开头，只含小写字母、数字、- 和 _',
    'lower-case letters, digits, - and _, beginning with a letter',
  ),
}
export const text = { type: 'string', minLength: 1, maxLength: 400 }
export const bilingual = object({ zh: text, en: text }, ['zh', 'en'])

export const cellWords = words(
  '写作一个字母 A 至 D 加一个数字 1 至 4，如 A4',
  'a letter A to D and a digit 1 to 4, as in A4',
)

export function object(properties: Schema, required: readonly string[] = []): Schema {
  return { type: 'object', properties, additionalProperties: false, ...(required.length > 0 ? { required } : {}) }
}
