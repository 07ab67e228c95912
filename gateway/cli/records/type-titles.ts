/**
 * What people call the data types that records name: by the shipped catalogue, as whoever reads records need not have the
 * policies. Types of an installation's own keep their names.
 */
import type { Bilingual } from '../../contracts.ts'
import { shippedCatalogue } from '../../policy/load.ts'
import { builtInTitles } from '../../policy/types.ts'
import type { TitleOf } from '../../records/tell/tell.ts'

type Entry = { readonly title?: Bilingual }

/** Reads the catalogue, which takes a twentieth of a second. */
export function typeTitles(): TitleOf {
  const catalogue = shippedCatalogue()?.value as { readonly data_types?: Readonly<Record<string, Entry>> } | undefined
  const titles = new Map(Object.entries(catalogue?.data_types ?? {}).map(([type, { title }]) => [type, title]))
  for (const [type, title] of Object.entries(builtInTitles)) titles.set(type, title)
  return type => titles.get(type) ?? null
}
