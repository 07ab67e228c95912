import type { Bilingual, Cell, Form } from '../contracts.ts'
import type { AgeWord } from './plan.ts'
import type { DataType } from './policy.ts'
import type { ValuePath, YamlDocument } from './yaml.ts'

/** A data type with what only the checks need. */
export type CatalogueType = DataType & {
  /** The clause of a standard or law that names it. */
  readonly source: string | null
  readonly floor: number | null
  readonly derives: readonly { readonly type: string; readonly from: number; readonly to: number }[]
  /** Made-up values: the catalogue's, else what the detector's own examples find. */
  readonly examples: readonly string[]
  /** Where it is defined, last. */
  readonly document: YamlDocument
  readonly path: ValuePath
}

export type Catalogue = ReadonlyMap<string, CatalogueType>

/** A plugin with its options. */
type Named = Readonly<Record<string, object>>

/** One entry under `data_types`, as the schema has it. */
export type Entry = {
  readonly title?: Bilingual
  readonly cell?: Cell
  readonly source?: string
  readonly names?: readonly string[]
  readonly weak_names?: readonly string[]
  readonly without_names?: readonly string[]
  readonly detector?: string | Named
  readonly identifies?: number
  readonly tells_age?: AgeWord
  readonly always?: Form
  readonly floor?: number
  readonly derives?: Readonly<Record<string, readonly [number, number]>>
  readonly examples?: readonly string[]
  readonly forms?: Readonly<Partial<Record<Form, Named>>>
}

/** What one file says of one type. */
export type Part = { readonly document: YamlDocument; readonly path: ValuePath; readonly entry: Entry }
