import { type ProblemCode, type ProblemDetails, problems } from '../../errors.ts'
import { always } from '../response/headers.ts'

export type ProblemAnswer = {
  readonly status: number
  readonly headers: Record<string, string | string[]>
  readonly body: string
}

export type ProblemContext = {
  readonly code: ProblemCode
  readonly details: ProblemDetails
  /** Where it differs from the code's own: an upstream's error whose words were replaced keeps its status. */
  readonly status?: number
  /** `log:seq`; null where the refusal is only counted. */
  readonly record: string | null
  readonly contact: string | null
  /** The caller's accept-language. */
  readonly languages: string | undefined
  /** For a person at a browser: the same in words. JSON, if left out. */
  readonly asText?: boolean
}

/**
 * The one function that makes an error answer (RFC 9457; for a person, lines of text with the same in them). It knows names and
 * numbers only: nothing from the upstream, and nothing of the request but the language it asked for.
 */
export function problemAnswer(context: ProblemContext): ProblemAnswer {
  const { code, details } = context
  const { title, status: usual } = problems[code]
  const status = context.status ?? usual
  const lang = preferred(context.languages)
  const body = {
    type: `urn:veilgate:problem:${code}`,
    title: title[lang],
    status,
    ...(details.detail !== undefined && { detail: details.detail[lang] }),
    code,
    ...(context.record !== null && { record: context.record }),
    ...(context.contact !== null && { contact: context.contact }),
    ...(details.missing !== undefined && { missing: details.missing }),
    ...(details.fields !== undefined && { fields: details.fields }),
    ...(details.retryAfter !== undefined && { retry_after: details.retryAfter }),
  }
  const { graphqlError } = details
  if (graphqlError !== undefined) return graphqlAnswer(status, lang, graphqlError, body)
  const isText = context.asText === true
  const headers: Record<string, string | string[]> = {
    ...always,
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/problem+json; charset=utf-8',
    'content-language': lang,
  }
  if (details.retryAfter !== undefined) headers['retry-after'] = String(Math.ceil(details.retryAfter))
  if (details.allow !== undefined) headers['allow'] = details.allow.join(', ')
  if (details.location !== undefined) headers['location'] = details.location
  if (details.cookies !== undefined) headers['set-cookie'] = [...details.cookies]
  if (details.challenge !== undefined) headers['www-authenticate'] = details.challenge
  return { status, headers, body: isText ? linesOf(context, lang) : `${JSON.stringify(body)}\n` }
}

/** Clients of GraphQL read nothing but what is an answer of GraphQL as a whole; the problem stands inside. */
function graphqlAnswer(status: number, lang: string, message: string, problem: object): ProblemAnswer {
  const headers = { ...always, 'content-type': 'application/json; charset=utf-8', 'content-language': lang }
  return { status, headers, body: `${JSON.stringify({ errors: [{ message, extensions: { problem } }] })}\n` }
}

const words = {
  zh: {
    colon: '：',
    code: '代码',
    record: '记录编号',
    missing: '缺少',
    fields: '字段',
    retryAfter: '请在此秒数后再试',
    contact: '如有疑问，请联系',
    contactByRecord: '如有疑问，请联系（并告知记录编号）',
  },
  en: {
    colon: ': ',
    code: 'Code',
    record: 'Number of the record',
    missing: 'Missing',
    fields: 'Fields',
    retryAfter: 'Try again after so many seconds',
    contact: 'With questions turn to',
    contactByRecord: 'With questions turn to (and give the number of the record)',
  },
}

/** Plain text, so that nothing in it is markup wherever it is shown. */
function linesOf({ code, details, record, contact }: ProblemContext, lang: 'zh' | 'en'): string {
  const say = words[lang]
  const about = [
    [say.missing, details.missing?.join(', ')],
    [say.fields, details.fields?.join(', ')],
    [say.retryAfter, details.retryAfter === undefined ? undefined : String(Math.ceil(details.retryAfter))],
    [say.code, code],
    [say.record, record],
    [record === null ? say.contact : say.contactByRecord, contact],
  ] as const
  const lines = about.flatMap(([name, value]) => (value == null ? [] : [`${name}${say.colon}${value}\n`]))
  const detail = details.detail === undefined ? '' : `${details.detail[lang]}\n`
  return `${problems[code].title[lang]}\n${detail}\n${lines.join('')}`
}

/** The first of the caller's languages that the gateway speaks, in the order written; English otherwise. */
function preferred(languages: string | undefined): 'zh' | 'en' {
  const first = /(?:^|[\s,])(zh|en)(?=[-;,\s]|$)/i.exec(languages ?? '')
  return first?.[1]?.toLowerCase() === 'zh' ? 'zh' : 'en'
}
