import type { Bilingual } from '../../contracts.ts'

/** One thing that was looked at. `wrong`: it does not work, or somebody can use it; `advice`: something that helps is missing; `well`: it is as it should be. */
export type Finding = {
  readonly code: string
  readonly severity: 'wrong' | 'advice' | 'well'
  /** A system, a consumer, a file or a key of gateway.yaml. */
  readonly where: string
  readonly message: Bilingual
  /** What to do; null: nothing. */
  readonly todo: Bilingual | null
}

/** Makes findings of one code: the words are the same wherever it is found. */
export function finding(
  code: string,
  severity: Finding['severity'],
  [zh, en]: readonly [zh: string, en: string],
  [todoZh, todoEn]: readonly [zh: string, en: string],
): (where: string) => Finding {
  const words = { message: { zh, en }, todo: { zh: todoZh, en: todoEn } }
  return where => ({ code, severity, where, ...words })
}
