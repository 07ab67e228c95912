/** How many records there are of each combination of what they say. Pure. */
import type { Bilingual } from '../../contracts.ts'
import type { Entry } from '../files/read.ts'
import { fieldsOf, outcomeOf, textOf, timesOf } from './query.ts'

/** What records can be counted by. */
export const summaryKeys = ['route', 'code', 'outcome', 'consumer', 'operator', 'system', 'kind', 'data-type'] as const
export type SummaryKey = (typeof summaryKeys)[number]

/** What people call the keys, and the last column. */
export const summaryHead: Readonly<Record<SummaryKey | 'count', Bilingual>> = {
  route: { zh: '接口', en: 'route' },
  code: { zh: '代码', en: 'code' },
  outcome: { zh: '结果', en: 'outcome' },
  consumer: { zh: '调用方', en: 'consumer' },
  operator: { zh: '操作人', en: 'operator' },
  system: { zh: '系统', en: 'system' },
  kind: { zh: '种类', en: 'kind' },
  'data-type': { zh: '数据类型', en: 'data-type' },
  count: { zh: '次数', en: 'count' },
}

/** Windows and intents belong to an answer that is counted by its end. */
const parts: ReadonlySet<string> = new Set(['open', 'window', 'intent', 'subjects'])

export class Summary {
  readonly #by: readonly SummaryKey[]
  readonly #counts = new Map<string, { readonly values: readonly string[]; count: number }>()

  constructor(by: readonly SummaryKey[]) {
    this.#by = by
  }

  /** Takes a record in its context (`Contexts`), or so many that say the same; one that stands for several counts as many. */
  add(entry: Entry, times = timesOf(entry)): void {
    if (parts.has(entry.kind)) return
    for (const values of this.#combinations(entry)) {
      const key = JSON.stringify(values)
      const known = this.#counts.get(key)
      if (known === undefined) this.#counts.set(key, { values, count: times })
      else known.count += times
    }
  }

  /** The most frequent first. */
  rows(): { readonly values: readonly string[]; readonly count: number }[] {
    return [...this.#counts.values()].sort(
      (one, other) => other.count - one.count || (one.values.join('\0') < other.values.join('\0') ? -1 : 1),
    )
  }

  /** A record with several data types is one of each. */
  #combinations(entry: Entry): string[][] {
    return this.#by.reduce<string[][]>(
      (all, key) => valuesOf(entry, key).flatMap(value => all.map(values => [...values, value])),
      [[]],
    )
  }
}

function valuesOf(entry: Entry, key: SummaryKey): string[] {
  if (key === 'outcome') return [outcomeOf(entry) ?? '-']
  if (key === 'kind') return [entry.kind]
  if (key !== 'data-type') return [textOf(entry, key) ?? '-']
  const types = fieldsOf(entry).map(({ type, cell }) => `${type}@${cell}`)
  return types.length === 0 ? ['-'] : types
}
