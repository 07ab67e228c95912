/** Reading the records over the admin listener: the audit duty's, and of alerts the security duty's. Each reading is on record. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseEntry } from '../records/files/read.ts'
import { periods } from '../records/report/period.ts'
import { tell } from '../records/tell/tell.ts'
import { recordFilters } from './openapi-records.ts'
import { sessionOf } from './sessions-gate.ts'
import { ApiFault, addJsonApi } from './signed-api.ts'

/** As the command of that name takes them. */
export type RecordsQuestion = {
  readonly command: 'query' | 'show' | 'report'
  readonly args: readonly string[]
  readonly reader: string
  readonly lang: 'zh' | 'en'
}
export type RecordsAnswer =
  | {
      readonly is: 'text'
      readonly text: string /** Some of what there is cannot be read. */
      readonly damaged: boolean
    }
  | { readonly is: 'none' | 'malformed' | 'busy' | 'failed' | 'too_much' }
export type AskRecords = (question: RecordsQuestion) => Promise<RecordsAnswer>

export type RecordsApi = { readonly ask: AskRecords; readonly timezone: string }

const [preset, most] = [100, 1000]
/** Of which there are many that say little: left out where no kind is asked for. */
const quiet = ['--without=heartbeat', '--without=subjects']

type Query = Readonly<Record<string, string | readonly string[] | undefined>>

/** Adds `/api/records`, `/api/records/ID`, `/api/report` and `/api/alerts`. */
export function addRecordsApi(app: FastifyInstance, { ask, timezone }: RecordsApi): void {
  const asked = async (request: FastifyRequest, question: Pick<RecordsQuestion, 'command' | 'args'>) => {
    const { lang } = request.query as Query
    const reader = sessionOf(request)!.account
    return textOf(await ask({ ...question, reader, lang: lang === 'en' ? 'en' : 'zh' }))
  }
  const list = async (request: FastifyRequest, reply: FastifyReply, known: readonly string[], args: string[]) => {
    const { limit, given } = readQuery(request, known)
    const all = [...given, ...args, `--timezone=${timezone}`, `--limit=${limit}`, '--json']
    const { text, damaged } = await asked(request, { command: 'query', args: all })
    // each line is the JSON of a record: those who serve do not wait for a long list to be parsed
    const lines = text.split('\n').filter(Boolean).join(',')
    reply.header('content-type', 'application/json; charset=utf-8')
    return `{"records":[${lines}],"damaged":${damaged}}`
  }

  addJsonApi(app, api => {
    api.get('/api/records', (request, reply) =>
      list(request, reply, recordFilters, (request.query as Query)['kind'] === undefined ? quiet : []),
    )

    api.get('/api/alerts', (request, reply) => list(request, reply, ['from', 'until'], ['--kind=alert']))

    api.get<{ Params: { id: string } }>('/api/records/:id', async request => {
      const { id } = request.params
      if (!/^[a-z0-9][a-z0-9-]{0,62}:(?:0|[1-9][0-9]{0,14})$/.test(id)) throw new ApiFault(404, 'unknown')
      const { text } = await asked(request, { command: 'show', args: [id, '--json'] })
      const record = parseEntry(Buffer.from(text))
      if (record === null) throw new ApiFault(404, 'unknown')
      return { record, told: tell(record, timezone) }
    })

    api.get('/api/report', async (request, reply) => {
      const { period, day, format } = request.query as Query
      const args = [`--period=${period ?? periods[0]}`, `--timezone=${timezone}`, '--no-verify']
      if (day !== undefined) args.push(`--day=${String(day)}`)
      if (format === 'csv') args.push('--csv')
      const { text } = await asked(request, { command: 'report', args })
      return sendReport(reply, text, format === 'csv')
    })
  })
}

/** A page of figures: its own style, and nothing that runs. */
function sendReport(reply: FastifyReply, text: string, isCsv: boolean): FastifyReply {
  const type = isCsv ? 'text/csv; charset=utf-8' : 'text/html; charset=utf-8'
  if (isCsv) reply.header('content-disposition', 'attachment; filename="veilgate-report.csv"')
  const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox"
  return reply.header('content-type', type).header('content-security-policy', policy).send(text)
}

function textOf(answer: RecordsAnswer): { text: string; damaged: boolean } {
  if (answer.is === 'text') return answer
  const faults = { none: 404, malformed: 400, busy: 503, failed: 503, too_much: 422 } as const
  throw new ApiFault(faults[answer.is], answer.is === 'none' ? 'unknown' : answer.is)
}

/** Filters as options of the command, each with its name in the same word as its value. Throws ApiFault 400. */
function readQuery(request: FastifyRequest, known: readonly string[]): { limit: number; given: string[] } {
  const { limit = String(preset), lang: _, ...filters } = request.query as Query
  const given = Object.entries(filters).flatMap(([name, value]) => {
    const values = [value].flat() as string[]
    const option = name.replaceAll('_', '-')
    if (!known.includes(option) || values.length > 32 || values.some(one => one.length > 512 || one.includes('\0')))
      throw new ApiFault(400, 'malformed')
    return values.map(one => `--${option}=${one}`)
  })
  if (typeof limit !== 'string' || !/^[1-9][0-9]{0,3}$/.test(limit) || Number(limit) > most)
    throw new ApiFault(400, 'malformed')
  return { limit: Number(limit), given }
}
