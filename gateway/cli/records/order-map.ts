/** How a sheet of work orders is read: a YAML file of its own, checked like a policy. */
import type { Bilingual } from '../../contracts.ts'
import type { Fault } from '../../policy/fault.ts'
import { type Schema, validator } from '../../policy/validate.ts'
import { readYaml } from '../../policy/yaml.ts'
import { type OrderMap, orderColumns } from '../../records/reconcile/orders.ts'

const text: Schema = { type: 'string', minLength: 1, maxLength: 256 }
const basis: Bilingual = { zh: '依据的种类，如 work_order', en: 'a kind of basis, as in work_order' }

const schema: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['columns'],
  properties: {
    columns: {
      type: 'object',
      additionalProperties: false,
      required: ['reference'],
      properties: Object.fromEntries(orderColumns.map(column => [column, text])),
    },
    words: { type: 'object', maxProperties: 1000, additionalProperties: text },
    bases: {
      type: 'array',
      minItems: 1,
      maxItems: 8,
      items: { type: 'string', pattern: '^[a-z_]{1,32}$', 'x-words': basis },
    },
  },
}

/** @param shown how the file is named in faults */
export function readOrderMap(bytes: Uint8Array, shown: string): { map: OrderMap } | { faults: readonly Fault[] } {
  const read = readYaml(shown, bytes)
  if ('faults' in read) return { faults: read.faults }
  const faults = validator(schema, 'CONFIG')(read.document)
  return faults.length > 0 ? { faults } : { map: read.document.value as OrderMap }
}
