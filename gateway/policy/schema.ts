/**
 * The JSON Schemas of the three kinds of policy file: the ones this code validates with, and the ones editors read from
 * policies/schema/. What masks and detectors take comes from the plugins' own options.
 */
import type { Plugins } from '../contracts.ts'
import { audienceKeys } from './schema-audiences.ts'
import { catalogueKeys, maskDefinitions } from './schema-catalogue.ts'
import { about, object } from './schema-parts.ts'
import { systemKeys } from './schema-system.ts'
import type { Schema } from './validate.ts'

export type FileKind = 'catalogue' | 'audiences' | 'system'

export function schemasOf(plugins: Plugins): Readonly<Record<FileKind, Schema>> {
  return {
    catalogue: {
      ...file('A Veilgate catalogue: what kinds of personal information exist', catalogueKeys(plugins), ['data_types']),
      $defs: maskDefinitions(plugins),
    },
    audiences: file('Veilgate audiences: what each sees of each level', audienceKeys(), ['audiences']),
    system: file('A Veilgate system: where personal information is in it', systemKeys(), ['system', 'routes']),
  }
}

function file(title: string, keys: Schema, required: readonly string[]): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    ...object(
      {
        $schema: {
          type: 'string',
          ...about('Where the schema of this file is, for editors.', '本文件的 schema 位置，供编辑器使用。'),
        },
        ...keys,
      },
      required,
    ),
  }
}
