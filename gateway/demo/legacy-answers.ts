/** What the old system answers: JSON for its own pages, a page for people, a service and exports for other systems. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { gbk } from './gbk.ts'
import { studentCsv, studentEnvelope, studentFault, studentRows } from './student-exports.ts'
import { sqlException, stackTrace } from './student-faults.ts'
import { dormitoryJson, guardiansJson, type StudentFile, studentJson } from './student-files.ts'
import { studentPage } from './student-page.ts'
import { workbook } from './workbook.ts'

/** Bytes of a request's body; none has business with more. */
const bodyLimit = 4096

/** What it knows: its students, and by session id who has signed in. */
export type Habit = { readonly files: readonly StudentFile[]; readonly sessions: Map<string, string> }
type Handler = (habit: Habit, request: IncomingMessage, url: URL, id: string) => Answer | Promise<Answer>
export type Answer = { status?: number; type?: string; headers?: Record<string, string>; body: Content }
type Content = string | Buffer | readonly string[]

export const routes: readonly { method: string; path: RegExp; handler: Handler }[] = [
  { method: 'POST', path: /^\/api\/login$/, handler: login },
  { method: 'GET', path: /^\/api\/session$/, handler: session },
  { method: 'GET', path: /^\/api\/students$/, handler: list },
  { method: 'GET', path: /^\/api\/students\/(\d+)$/, handler: detail },
  { method: 'GET', path: /^\/api\/students\/(\d+)\/guardians$/, handler: guardians },
  { method: 'GET', path: /^\/api\/dormitories$/, handler: dormitories },
  { method: 'GET', path: /^\/student\.jsp$/, handler: page },
  { method: 'POST', path: /^\/services\/StudentService$/, handler: service },
  { method: 'GET', path: /^\/export\/students\.ndjson$/, handler: exportLines },
  { method: 'GET', path: /^\/export\/students\.csv$/, handler: exportCsv },
  { method: 'GET', path: /^\/export\/students\.xlsx$/, handler: exportWorkbook },
]

/** Any password does; the session id goes out as a cookie, as the application server of its day did it. */
async function login(habit: Habit, request: IncomingMessage): Promise<Answer> {
  const form = await received(request)
  if (form === null) return { status: 413, body: '{"code":"413","msg":"请求过大"}' }
  const name = userNameIn(form)
  if (name === null) return { status: 400, body: '{"code":"400","msg":"用户名或密码错误"}' }
  const id = `${randomBytes(16).toString('hex').toUpperCase()}.node1`
  habit.sessions.set(id, name)
  return {
    headers: { 'Set-Cookie': `JSESSIONID=${id}; Path=/; HttpOnly` },
    body: `{"code":"0","msg":"登录成功","data":{"userName":${JSON.stringify(name)}}}`,
  }
}

function session(habit: Habit, request: IncomingMessage): Answer {
  const id = /(?:^|;\s*)JSESSIONID=([\w.]+)/.exec(request.headers.cookie ?? '')?.[1]
  const name = id === undefined ? undefined : habit.sessions.get(id)
  if (name === undefined) return { status: 401, body: '{"code":"401","msg":"会话已过期，请重新登录"}' }
  return { body: `{"code":"0","msg":"success","data":{"userName":${JSON.stringify(name)}}}` }
}

/** Pages count from 1; the numbers in the envelope are strings. */
function list(habit: Habit, _request: IncomingMessage, url: URL): Answer {
  const size = Math.min(100, Number(url.searchParams.get('size') ?? 20))
  const page = Number(url.searchParams.get('page') ?? 1)
  if (!Number.isInteger(size) || !Number.isInteger(page) || size < 1 || page < 1)
    return failed(sqlException(habit.files[0]!))
  const found = habit.files.filter(({ person }) => {
    const known = { xm: person.name, xh: person.studentNumber, idCard: person.residentId, tel: person.mobile }
    return Object.entries(known).every(([name, value]) => asked(url, name, value))
  })
  const rows = found.slice((page - 1) * size, page * size).map(studentJson)
  return {
    body: `{"code":"0","msg":"success","data":{"total":"${found.length}","pageNo":"${page}","pageSize":"${size}","rows":[${rows.join(',')}]}}`,
  }
}

function detail(habit: Habit, _request: IncomingMessage, _url: URL, id: string): Answer {
  const file = habit.files[Number(id) - 1]
  if (file === undefined) return crashed(habit, id)
  return { body: `{"code":"0","msg":"success","data":{"rows":[${studentJson(file)}]}}` }
}

function guardians(habit: Habit, _request: IncomingMessage, _url: URL, id: string): Answer {
  const file = habit.files[Number(id) - 1]
  return file === undefined ? crashed(habit, id) : { body: guardiansJson(file) }
}

/** JSON that calls itself a web page. */
function dormitories(habit: Habit): Answer {
  return { type: 'text/html;charset=UTF-8', body: dormitoryJson(habit.files) }
}

/** For people, in the charset of its day. */
function page(habit: Habit, _request: IncomingMessage, url: URL): Answer {
  const id = url.searchParams.get('id') ?? '0'
  const file = habit.files[Number(id) - 1]
  return file === undefined ? crashed(habit, id) : { type: 'text/html;charset=GBK', body: gbk(studentPage(file)) }
}

/** SOAP 1.1: asks for a student by its place in the list, and answers a fault with what was asked in it. */
async function service(habit: Habit, request: IncomingMessage): Promise<Answer> {
  const asked = await received(request)
  const file = habit.files[Number(/<id>\s*(\d+)\s*<\/id>/.exec(asked ?? '')?.[1]) - 1]
  const type = 'text/xml;charset=UTF-8'
  if (file === undefined) return { status: 500, type, body: studentFault(asked ?? '') }
  return { type, body: studentEnvelope(file) }
}

function exportLines({ files }: Habit): Answer {
  const body = files.map(file => `${studentJson(file)}\n`)
  return { type: 'application/x-ndjson', headers: attachment('students.ndjson'), body }
}

function exportCsv({ files }: Habit): Answer {
  return { type: 'text/csv;charset=GBK', headers: attachment('students.csv'), body: gbk(studentCsv(files)) }
}

function exportWorkbook({ files }: Habit): Answer {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  return { type, headers: attachment('students.xlsx'), body: workbook('学生', studentRows(files)) }
}

function attachment(name: string): Record<string, string> {
  return { 'Content-Disposition': `attachment; filename="${name}"` }
}

function failed(body: string): Answer {
  return { status: 500, body }
}

function crashed(habit: Habit, id: string): Answer {
  const body = stackTrace(habit.files[Number(id) % habit.files.length]!)
  return { status: 500, type: 'text/html;charset=UTF-8', body }
}

/** The body of a request; null where it is larger than it has any business to be. */
async function received(request: IncomingMessage): Promise<string | null> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk
    if (body.length > bodyLimit) return null
  }
  return body
}

function asked(url: URL, name: string, value: string): boolean {
  const wanted = url.searchParams.get(name)
  return wanted === null || wanted === '' || wanted === value
}

function userNameIn(form: string): string | null {
  try {
    const json: unknown = JSON.parse(form)
    const name = (json as { username?: unknown } | null)?.username
    return typeof name === 'string' && name !== '' ? name : null
  } catch {
    return new URLSearchParams(form).get('username') || null
  }
}
