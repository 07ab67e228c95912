import type { OptionsSchema } from '../../gateway/contracts.ts'

/** Options of an identity: by consumer what it declares, each of this schema. */
export function byConsumer(description: string, declared: object): OptionsSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['consumers'],
    properties: { consumers: { type: 'object', description, additionalProperties: declared } },
  }
}
