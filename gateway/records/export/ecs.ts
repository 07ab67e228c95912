/** A record as a document of the Elastic Common Schema 8.17: https://www.elastic.co/guide/en/ecs/8.17. Pure. */
import { idOf, outcomeOf, textOf } from '../query/query.ts'
import type { Found } from '../query/source.ts'
import { isWell, severityOf } from './severity.ts'

const severities = { info: 1, low: 3, medium: 5, high: 8 } as const

/** One JSON object. The whole record is under `veilgate`, which is no field set of the schema's. */
export function toEcs({ entry, context }: Found): string {
  const text = (key: string) => textOf(context, key) ?? undefined
  const [method, status] = [text('method'), textOf(context, 'status')]
  return JSON.stringify({
    '@timestamp': entry.time,
    ecs: { version: '8.17.0' },
    event: {
      kind: entry.kind === 'alert' ? 'alert' : 'event',
      category: [method === undefined ? 'configuration' : 'api'],
      type: [method === undefined ? 'info' : isWell(entry) ? 'access' : 'denied'],
      action: entry.kind,
      outcome: outcomeOf(entry) === null ? 'unknown' : isWell(entry) ? 'success' : 'failure',
      id: idOf(entry),
      sequence: entry.seq,
      code: text('code'),
      severity: severities[severityOf(entry)],
      provider: 'veilgate',
      dataset: 'veilgate.records',
    },
    user: text('operator') === undefined ? undefined : { name: text('operator') },
    client: text('consumer') === undefined ? undefined : { user: { name: text('consumer') } },
    source: text('address') === undefined ? undefined : { ip: text('address') },
    service: text('system') === undefined ? undefined : { name: text('system') },
    http:
      method === undefined
        ? undefined
        : { request: { method }, response: { status_code: Number(status ?? 0) || undefined } },
    veilgate: context,
  })
}
