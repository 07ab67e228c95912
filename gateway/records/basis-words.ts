/** What the kinds of basis are called, wherever records are told. */
import type { BasisKind } from '../config/config.ts'
import type { Bilingual } from '../contracts.ts'

const words: Readonly<Record<BasisKind, Bilingual>> = {
  work_order: { zh: '工单', en: 'work order' },
  official_doc: { zh: '公文', en: 'official document' },
  complaint: { zh: '投诉', en: 'complaint' },
  consent: { zh: '本人同意', en: 'consent' },
  lawful_request: { zh: '依法调取', en: 'lawful request' },
  self: { zh: '本人查询', en: 'own data' },
  emergency: { zh: '紧急情况', en: 'emergency' },
}

/** By kind, as it stands in a record. */
export const basisWords: ReadonlyMap<string, Bilingual> = new Map(Object.entries(words))
