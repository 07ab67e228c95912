/** What a trace found, as text on a terminal, and for programs. */
import { idOf, textOf } from '../../records/query/query.ts'
import type { Sighting } from '../../records/query/source.ts'
import { table } from '../../records/query/table.ts'
import type { Traced, TraceTold } from './trace-told.ts'

export function traceAsText({ head, known, accessors, more, occasions, meaning, closed }: TraceTold): string {
  const notes = closed === '' ? '' : `${closed}\n`
  if (accessors.rows.length === 0) return `${head}\n${known}\n${notes}`
  const told = occasions.map(({ title, columns, rows }) => `${title}\n${table(columns, rows)}`)
  const list = table(accessors.columns, accessors.rows)
  return `${head}\n${known}\n\n${list}${more === '' ? '' : `${more}\n`}\n${told.join('\n')}\n${meaning.join('\n')}\n${notes}`
}

/** The trace, and its accessors. */
export function* traceAsJson({ trace, ...head }: Traced): Generator<string> {
  yield `${JSON.stringify({ is: 'trace', ...head, known: trace.known })}\n`
  for (const { forms, bases, addresses, occasions: _, ...one } of trace.accessors) {
    const counts = { forms: Object.fromEntries(forms), bases: Object.fromEntries(bases) }
    yield `${JSON.stringify({ is: 'accessor', ...one, ...counts, addresses: Object.fromEntries(addresses) })}\n`
  }
}

/** One time somebody on the list was shown; people by their place on the list, from 1. */
export function sightingAsJson(
  { entry, context, index, mostVisible, strictest }: Sighting,
  personOf: ReadonlyMap<string, number>,
): string {
  const who = {
    consumer: textOf(context, 'consumer'),
    operator: textOf(context, 'operator'),
    address: textOf(context, 'address'),
  }
  const why = { purpose: textOf(context, 'purpose'), basis: context['basis'] ?? null, grant: textOf(context, 'grant') }
  const what = { system: textOf(context, 'system'), route: textOf(context, 'route'), fields: entry['fields'] ?? {} }
  const shown = { person: personOf.get(index), mostVisible, strictest }
  return `${JSON.stringify({ is: 'shown', record: idOf(entry), time: entry.time, ...who, ...what, ...why, ...shown })}\n`
}
