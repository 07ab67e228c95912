/** How grave a record is to who watches, and whether it tells of something that went well. Pure. */

import type { Entry } from '../files/read.ts'
import { outcomeOf } from '../query/query.ts'

export type Severity = 'info' | 'low' | 'medium' | 'high'

const grave: ReadonlySet<string> = new Set(['gap', 'alert', 'lockdown'])
const notable: ReadonlySet<string> = new Set([
  'key',
  'prune',
  'hold',
  'trace',
  'grant',
  'review',
  'config',
  'policy',
  'alert_rules',
  'account',
])
const bad: ReadonlySet<unknown> = new Set(['failed', 'locked', 'denied'])

export function severityOf(entry: Entry): Severity {
  if (grave.has(entry.kind)) return 'high'
  if (!isWell(entry)) return 'medium'
  return notable.has(entry.kind) ? 'low' : 'info'
}

export function isWell(entry: Entry): boolean {
  if (entry.kind === 'account') return !bad.has(entry['action'])
  const outcome = outcomeOf(entry)
  return outcome === null || outcome === 'released' || outcome === 'loaded'
}
