/**
 * What the demonstration does: the same requests to the old system and through the gateway, and whether what came back
 * is as it should be.
 */
import { ask, type Caller, type Question, type Shown } from './asking.ts'
import type { LegacySystem } from './legacy-system.ts'
import { type StudentFile, studentJson } from './student-files.ts'
import { documentsOf, type Excerpt, wellMasked } from './walk-documents.ts'

export type Walk = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly before: Shown
  /** By the name of the caller. */
  readonly after: ReadonlyMap<string, Shown>
}

export type Walkthrough = {
  /** One student, as everyone sees the record. */
  readonly student: Walk
  /** An error page full of personal information. */
  readonly errorPage: Walk
  /** A question by a masked field; `reached`: whether the system was asked. */
  readonly question: Walk & { readonly reached: boolean }
  /** Everybody, by the first of the callers. */
  readonly export: Walk
  /** The student again: in a page, a service, a CSV and an Excel file, by the first of the callers. */
  readonly documents: readonly (Walk & Excerpt)[]
  /** Requests made to the gateway. */
  readonly exchanges: number
  /** What is not as it should be: names of checks, empty where all is well. */
  readonly failed: readonly string[]
}

/** Values of one person that a table would hold in columns. */
const secrets = (file: StudentFile): string[] => {
  const { person } = file
  const guardian = person.guardians[0]!
  return [person.residentId, person.mobile, person.bankCard, person.address, guardian.mobile]
}

/** Whoever reads `text` finds whole resident IDs and mobile numbers: how many of each. */
export function leaks(text: string): { ids: number; mobiles: number } {
  const ids = text.match(/(?<!\d)\d{17}[\dX](?!\d)/g) ?? []
  const mobiles = text.match(/(?<!\d)1[3-9]\d{9}(?!\d)/g) ?? []
  return { ids: ids.length, mobiles: mobiles.length }
}

/**
 * Walks through it.
 * @param legacy the old system
 * @param gateway `http://…` of the gateway
 * @param callers from who sees least to who sees most; the first is the public
 */
export async function walkThrough(
  legacy: LegacySystem,
  gateway: string,
  callers: readonly Caller[],
): Promise<Walkthrough> {
  const file = legacy.students.find(one => one.person.remark.includes(one.person.guardians[0]!.mobile))!
  const walk = async (question: Question, by: readonly Caller[]): Promise<Walk> => {
    const before = await ask(legacy.url, question, {})
    const after = new Map<string, Shown>()
    for (const caller of by) after.set(caller.name, await ask(gateway, question, caller.headers))
    return { method: question.body === undefined ? 'GET' : 'POST', path: question.path, before, after }
  }
  const first = callers.slice(0, 1)
  const student = await walk({ path: `/api/students/${file.id}` }, callers)
  const errorPage = await walk({ path: `/api/students/${legacy.students.length + 1}` }, first)
  const answered = legacy.answered()
  const asked = await walk({ path: `/api/students?idCard=${file.person.residentId}` }, first)
  // once for what the old system says to it
  const reached = legacy.answered() > answered + 1
  const question = { ...asked, path: '/api/students?idCard=…', reached }
  const everybody = await walk({ path: '/export/students.ndjson' }, first)
  const documents: (Walk & Excerpt)[] = []
  for (const one of documentsOf(file)) documents.push({ ...(await walk(one.question, first)), ...one })
  const steps = { student, errorPage, question, export: everybody, documents }
  const exchanges = [student, errorPage, question, everybody, ...documents].reduce(
    (sum, { after }) => sum + after.size,
    0,
  )
  return { ...steps, exchanges, failed: judge(steps, file, legacy.students.length, callers) }
}

type Steps = Omit<Walkthrough, 'failed' | 'exchanges'>

function judge(steps: Steps, file: StudentFile, people: number, callers: readonly Caller[]): string[] {
  const checks: [name: string, holds: boolean][] = []
  const last = callers.at(-1)!.name
  const { person } = file
  checks.push(['the old system answers', steps.student.before.text.includes(studentJson(file))])
  for (const [name, shown] of steps.student.after) {
    const hidden = name === last ? [] : secrets(file)
    checks.push([`${name} gets an answer`, shown.status === 200 && shown.text.includes(file.campus)])
    checks.push([`${name} sees no more than its policy shows`, hidden.every(value => !shown.text.includes(value))])
    checks.push([`${name} gets long numbers unharmed`, shown.text.includes(`"rowId":${file.rowId}`)])
  }
  checks.push(['the public sees no name', !steps.student.after.get(callers[0]!.name)!.text.includes(person.name)])
  checks.push([`${last} sees the phone number`, steps.student.after.get(last)!.text.includes(person.mobile)])
  const error = [...steps.errorPage.after.values()][0]!
  checks.push(['the error page leaks nothing', error.status >= 500 && isClean(error.text)])
  const question = [...steps.question.after.values()][0]!
  checks.push(['a question by a masked field is refused', question.status === 403 && !steps.question.reached])
  const everybody = [...steps.export.after.values()][0]!
  const lines = everybody.text.trimEnd().split('\n').length
  checks.push([
    'the export comes whole and masked',
    everybody.status === 200 && lines === people && isClean(everybody.text),
  ])
  for (const one of steps.documents)
    checks.push([
      `the ${one.name} comes whole and masked`,
      wellMasked(one, one.before, [...one.after.values()][0]!, isClean),
    ])
  return checks.filter(([, holds]) => !holds).map(([name]) => name)
}

function isClean(text: string): boolean {
  const { ids, mobiles } = leaks(text)
  return ids === 0 && mobiles === 0
}
