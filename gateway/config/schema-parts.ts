/** What the schema of gateway.yaml is put together from. */
import type { Bilingual } from '../contracts.ts'
import type { Schema } from '../policy/validate.ts'

export const text = (description: string): Schema => ({ type: 'string', minLength: 1, maxLength: 1024, description })
export const path = (description: string): Schema => text(`${description} Relative to this file.`)
export const shaped = (pattern: string, wording: Bilingual, description: string): Schema => ({
  type: 'string',
  pattern,
  description,
  'x-words': wording,
})
export const group = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})
export const list = (items: Schema, description: string): Schema => ({
  type: 'array',
  maxItems: 1000,
  uniqueItems: true,
  items,
  description,
})
