import type { ValuePath } from '../policy/yaml.ts'
import type { Findings } from './findings.ts'
import { parseMoment } from './quantities.ts'

/** `from` and `until` of a consumer or system, in milliseconds since 1970; faults where there is no such time between them. */
export function periodFrom(
  findings: Findings,
  at: ValuePath,
  written: { readonly from?: string; readonly until?: string },
  timezone: string,
): { readonly from: number | null; readonly until: number | null } {
  const read = (key: 'from' | 'until'): number | null => {
    const text = written[key]
    if (text === undefined) return null
    const moment = parseMoment(text, timezone, key === 'until')
    if (moment === null) {
      findings.wrong([...at, key], 'CONFIG_MOMENT', { zh: '没有这个日期或时间', en: 'there is no such day or time' })
    }
    return moment
  }
  const from = read('from')
  const until = read('until')
  if (from !== null && until !== null && until <= from) {
    findings.wrong([...at, 'until'], 'CONFIG_PERIOD', {
      zh: '早于 from，永不生效',
      en: 'before `from`: it never counts',
    })
  }
  return { from, until }
}
