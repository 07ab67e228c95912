/** The request of a trace: written to be approved, and checked once it is. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config } from '../../config/config.ts'
import type { Bilingual } from '../../contracts.ts'
import { approvedBy } from '../../records/approvals.ts'
import { parseVerifier } from '../../records/proof/note.ts'
import { parseTraceRequest, type TraceRequest, traceText } from '../../records/proof/trace-request.ts'
import { parseTime } from '../../records/query/when.ts'
import { referencePattern } from '../../records/shapes.ts'
import { exit, type Io, say, UsageError, unable } from '../command.ts'
import { commitment, type Listed } from './trace-list.ts'

export type Approved = { readonly request: TraceRequest; readonly approvers: string[]; readonly digest: string }

/** What is asked for, as options say it. */
export type AskedTrace = {
  readonly ask: string
  readonly case?: string
  readonly from?: string
  readonly until?: string
}

/** An approval counts for so long. */
const approvedFor = 30 * 86_400_000

/** Writes a request of this list, to be signed; returns the exit status. Throws UsageError. */
export function writeRequest(values: AskedTrace, people: readonly Listed[], { timezone }: Config, io: Io): number {
  const caseNumber = values.case
  if (caseNumber === undefined || !referencePattern.test(caseNumber)) throw new UsageError(words.case)
  const time = (name: 'from' | 'until') => {
    if (values[name] === undefined) return null
    const parsed = parseTime(values[name]!, timezone, name === 'from' ? 'start' : 'end')
    if (parsed === null) throw new UsageError(words.usage)
    return parsed
  }
  const made = new Date().toISOString()
  const asked = {
    caseNumber,
    people: people.length,
    ...commitment(people),
    from: time('from'),
    until: time('until'),
    made,
  }
  const path = resolve(io.cwd, values.ask)
  if (existsSync(path)) return unable(words.exists, io)
  writeFileSync(path, `${traceText(asked)}\n`, { mode: 0o600, flag: 'wx' })
  io.stdout(traceText(asked))
  io.stderr(`${say(words.asked, io.lang)}\n`)
  return exit.well
}

/** The request, if it is of this list, recent, and signed by two people of two groups. */
export function approvedRequest(path: string, people: readonly Listed[], config: Config): Approved | Bilingual {
  if (!existsSync(path) || statSync(path).size > 64 * 1024) return words.request
  const note = readFileSync(path)
  const request = parseTraceRequest(`${note.toString('utf8').split('\n\n')[0]}\n`)
  if (request === null) return words.request
  if (commitment(people, request.salt).list !== request.list) return words.otherList
  if (Date.now() - Date.parse(request.made) > approvedFor) return words.old
  const approvers = approvedBy(
    note,
    config.approvers.map(({ key, group }) => ({ verifier: parseVerifier(key)!, group })),
  )
  if (approvers === null) return words.approvals
  return { request, approvers, digest: `sha256:${createHash('sha256').update(note).digest('hex')}` }
}

const words = {
  case: { zh: '请用 --case 写出案件编号，不含空格。', en: 'Give the case by --case, without spaces.' },
  exists: { zh: '申请文件已存在，不会覆盖。', en: 'The request exists, and is not overwritten.' },
  asked: {
    zh: '请两位不同组的批准人查看并签名：veilgate records approve 文件 --key 其私钥文件',
    en: 'Have two approvers of two groups look at it and sign: veilgate records approve FILE --key THEIR-KEY',
  },
  request: { zh: '这不是溯源申请，或已损坏。', en: 'This is no request for a trace, or it is damaged.' },
  otherList: {
    zh: '名单与批准时不同（或列的类型不同）；请用同一名单和选项，或重新申请。',
    en: 'The list is not the one that was approved, or its columns were read otherwise; give the same, or ask again.',
  },
  old: { zh: '批准已超过 30 天；请重新申请。', en: 'The request is older than 30 days; ask again.' },
  approvals: {
    zh: '批准不足：需要 gateway.yaml 中两位不同组的批准人的有效签名。',
    en: 'Not approved: it takes valid signatures of two approvers in gateway.yaml, of two groups.',
  },
  usage: {
    zh: '时间写法如 2026-11-21 或 2026-11-21T09:30。',
    en: 'Write times as 2026-11-21 or 2026-11-21T09:30.',
  },
}
