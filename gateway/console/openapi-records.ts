/** Reading the records, as OpenAPI says it. */
import { periods } from '../records/report/period.ts'
import { answer, common, fault, inSession, type Json, object, text } from './openapi-parts.ts'

/** What can be asked by; the names are those of `veilgate records query`. */
export const recordFilters: readonly string[] = [
  ...['from', 'until', 'consumer', 'operator', 'system', 'route', 'grant', 'review', 'data-type', 'cell'],
  ...['outcome', 'code', 'kind', 'without'],
]
const record: Json = { type: 'object', description: 'As gateway/records/README.md describes it.' }
const records = answer(
  'The newest of them, oldest first.',
  object({
    records: { type: 'array', items: record },
    damaged: { type: 'boolean', description: 'Some of what there is cannot be read: see veilgate records verify.' },
  }),
)
const inQuery = (name: string, description: string, schema: Json = text): Json => ({
  ...{ name, in: 'query', description, schema },
})
const limit = inQuery('limit', 'Default 100.', { type: 'integer', minimum: 1, maximum: 1000 })
const lang = inQuery('lang', 'Default zh.', { enum: ['zh', 'en'] })
const list: Json = { oneOf: [text, { type: 'array', items: text }] }
const times = ['from', 'until'].map(name => inQuery(name, '2026-11-21 or 2026-11-21T09:30; a zone may follow.'))
const filters = recordFilters
  .filter(name => name !== 'from' && name !== 'until')
  .map(name => inQuery(name.replaceAll('-', '_'), 'Any of these values, as for `veilgate records query`.', list))

const reading = {
  ...common,
  422: fault('More than an answer holds: ask for less.'),
  503: fault('Records cannot be read now, or others are reading.'),
}

/** That somebody has read is on record before anything is answered, with the account's name. */
export const recordsPaths: Json = {
  '/api/records': {
    get: {
      summary: 'Records by what they say. Heartbeats and blind indexes are left out where no kind is asked for.',
      ...inSession('audit'),
      parameters: [...times, ...filters, limit],
      responses: { ...reading, 200: records, 404: fault('They cannot be read.') },
    },
  },
  '/api/records/{id}': {
    get: {
      summary: 'One record, and the sentence that it says.',
      ...inSession('audit'),
      parameters: [{ name: 'id', in: 'path', required: true, schema: text, description: 'gw1-0:1042' }],
      responses: {
        ...reading,
        200: answer('It.', object({ record, told: object({ zh: text, en: text }) })),
        404: fault('There is none.'),
      },
    },
  },
  '/api/report': {
    get: {
      summary: 'The report on a period: a page, or CSV. The records are not verified for it.',
      ...inSession('audit'),
      parameters: [
        inQuery('period', 'Default day.', { enum: periods }),
        inQuery('day', 'One day of it, 2026-11-21. Left out: the last one that is over.'),
        inQuery('format', 'Left out: a page.', { enum: ['csv'] }),
        lang,
      ],
      responses: {
        ...reading,
        200: { description: 'It.', content: { 'text/html': {}, 'text/csv': {} } },
        404: fault('None can be made.'),
      },
    },
  },
  '/api/alerts': {
    get: {
      summary: 'Alerts, as they are on record.',
      ...inSession('security'),
      parameters: [...times, limit],
      responses: { ...reading, 200: records, 404: fault('They cannot be read.') },
    },
  },
}
