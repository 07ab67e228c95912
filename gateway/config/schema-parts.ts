/** What the schema of gateway.yaml is put together from. */
import type { Bilingual } from '../contracts.ts'
import type { Schema } from '../policy/validate.ts'
import type { LimitRule } from './limits.ts'
import { sizePattern, timePattern, words } from './quantities.ts'

/** Names of systems and consumers: they stand in records, log lines and metrics. */
export const namePattern = '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}$'
export const nameWords = {
  zh: '名称由字母、数字、“.”、“_”、“-”组成，至多 64 个字符',
  en: 'a name is of letters, digits, `.`, `_` and `-`, at most 64 characters',
}

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

/** Who may stand in front of a listener. */
export const proxiesSchema: Record<string, Schema> = {
  trusted_hops: {
    type: 'integer',
    minimum: 0,
    maximum: 8,
    description: 'Proxies in front whose X-Forwarded-For counts. Default 0: the header is ignored.',
  },
  trusted_proxies: list(text('A network, as in 10.0.0.0/8.'), 'From where these proxies call.'),
}

/** Each limit with its bounds, by its name. */
export function limitSchemas(rules: readonly LimitRule[]): Record<string, Schema> {
  return Object.fromEntries(
    rules.map(({ name, kind, preset, least, most, about }) => {
      const description = `${about.en}. Default ${preset}, from ${least} to ${most}.`
      if (kind === 'count')
        return [name, { type: 'integer', minimum: Number(least), maximum: Number(most), description }]
      if (kind === 'time') return [name, shaped(timePattern, words.time, description)]
      return [
        name,
        { type: ['string', 'integer'], minimum: 0, pattern: sizePattern, 'x-words': words.size, description },
      ]
    }),
  )
}
