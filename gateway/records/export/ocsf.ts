/** A record as an event of OCSF 1.3.0, class API Activity (6003): https://schema.ocsf.io/1.3.0/classes/api_activity. Pure. */

import type { Entry } from '../files/read.ts'
import { fieldsOf, idOf, outcomeOf, textOf } from '../query/query.ts'
import type { Found } from '../query/source.ts'
import { isWell, severityOf } from './severity.ts'

const [category, apiActivity] = [6, 6003]
/** Create, read, update and delete of the class; other: anything that is not a call. */
const activities: ReadonlyMap<string, number> = new Map([
  ['POST', 1],
  ['GET', 2],
  ['HEAD', 2],
  ['PUT', 3],
  ['PATCH', 3],
  ['DELETE', 4],
])
const other = 99
/** Informational, low, medium, high. */
const severities = { info: 1, low: 2, medium: 3, high: 4 } as const

/** One JSON object. What the class has no place for is under `unmapped`. */
export function toOcsf({ entry, context }: Found): string {
  const activity = activities.get(textOf(context, 'method') ?? '') ?? other
  const operator = textOf(context, 'operator')
  const status = textOf(context, 'status')
  return JSON.stringify({
    activity_id: activity,
    ...(activity === other && { activity_name: entry.kind }),
    category_uid: category,
    class_uid: apiActivity,
    type_uid: apiActivity * 100 + activity,
    severity_id: severities[severityOf(entry)],
    time: Date.parse(entry.time),
    status_id: isWell(entry) ? 1 : 2,
    ...(status !== null && { status_code: status }),
    ...(textOf(entry, 'code') !== null && { status_detail: textOf(entry, 'code') }),
    metadata: {
      version: '1.3.0',
      product: { name: 'Veilgate', vendor_name: 'Veilgate' },
      uid: idOf(entry),
      log_name: entry.log,
      sequence: entry.seq,
    },
    actor: { user: { name: operator ?? 'unknown' }, app_name: textOf(context, 'consumer') ?? 'unknown' },
    api: {
      operation:
        [textOf(context, 'method'), textOf(context, 'route')].filter(one => one !== null).join(' ') || entry.kind,
      service: { name: textOf(context, 'system') ?? 'veilgate' },
      ...(status !== null && { response: { code: Number(status) } }),
    },
    src_endpoint: { ip: textOf(context, 'address') ?? '0.0.0.0' },
    resources: fieldsOf(entry).map(({ type, cell }) => ({ name: type, type: 'data type', labels: [cell] })),
    unmapped: restOf(context),
  })
}

const mapped = new Set([
  'v',
  'log',
  'seq',
  'time',
  'code',
  'consumer',
  'operator',
  'address',
  'system',
  'method',
  'route',
  'status',
])

function restOf(context: Entry): Record<string, unknown> {
  const rest = Object.entries(context).filter(([key]) => !mapped.has(key))
  return { ...Object.fromEntries(rest), outcome: outcomeOf(context) }
}
