/** A record as a line of ArcSight's Common Event Format, version 0 (CEF implementation standard, revision 26). Pure. */

import type { Entry } from '../files/read.ts'
import { fieldsOf, idOf, outcomeOf, subjectCount, textOf } from '../query/query.ts'
import type { Found } from '../query/source.ts'
import { severityOf } from './severity.ts'

const severities = { info: 1, low: 3, medium: 6, high: 9 } as const

/** One line. What could end it, or a part of it, is escaped. */
export function toCef({ entry, context }: Found): string {
  const name = [textOf(context, 'method'), textOf(context, 'route')].filter(one => one !== null).join(' ') || entry.kind
  const head = ['Veilgate', 'Veilgate', '1', textOf(entry, 'code') ?? entry.kind, name].map(escapeHead).join('|')
  const extension = extensionOf(entry, context)
    .flatMap(([key, value]) => (value === null || value === '' ? [] : [`${key}=${escapeValue(String(value))}`]))
    .join(' ')
  return `CEF:0|${head}|${severities[severityOf(entry)]}|${extension}`
}

function extensionOf(entry: Entry, context: Entry): (readonly [string, string | number | null])[] {
  const basis = (context['basis'] ?? null) as { kind?: string; ref?: string | null } | null
  const data = fieldsOf(entry).map(
    ({ type, cell, forms }) => `${type}@${cell} ${forms.map(([form, n]) => `${form}:${n}`).join(' ')}`,
  )
  const custom: readonly (readonly [string, string | null])[] = [
    ['consumer', textOf(context, 'consumer')],
    ['purpose', textOf(context, 'purpose')],
    ['basis', basis === null ? null : [basis.kind, basis.ref].filter(one => one != null).join(' ')],
    ['grant', textOf(context, 'grant')],
    ['data', data.join(', ')],
    ['policy', textOf(context, 'policy')],
  ]
  return [
    ['rt', Date.parse(entry.time)],
    ['externalId', idOf(entry)],
    ['cat', entry.kind],
    ['src', ip(textOf(context, 'address'), 4)],
    ['c6a2', ip(textOf(context, 'address'), 6)],
    ['c6a2Label', ip(textOf(context, 'address'), 6) === null ? null : 'Source IPv6 Address'],
    ['suser', textOf(context, 'operator')],
    ['destinationServiceName', textOf(context, 'system')],
    ['requestMethod', textOf(context, 'method')],
    ['outcome', outcomeOf(entry)],
    ['reason', textOf(entry, 'code')],
    ...custom.flatMap(([label, value], nth): [string, string | null][] => [
      [`cs${nth + 1}`, value],
      [`cs${nth + 1}Label`, value === null || value === '' ? null : label],
    ]),
    ['cn1', subjectCount(entry)],
    ['cn1Label', 'people'],
  ]
}

function ip(address: string | null, version: 4 | 6): string | null {
  return address !== null && address.includes(':') === (version === 6) ? address : null
}

function escapeHead(text: string): string {
  return text.replace(/[\r\n]/g, ' ').replace(/[\\|]/g, found => `\\${found}`)
}

function escapeValue(text: string): string {
  return text
    .replace(/[\\=]/g, found => `\\${found}`)
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
}
