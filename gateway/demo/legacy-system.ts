/**
 * A student affairs system as many schools still run: no masking, few checks, odd habits. It is what the demonstration
 * puts the gateway in front of, and what tests use as an upstream full of personal information. All people in it are
 * made up, the same in every run.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dormitoryJson, guardiansJson, type StudentFile, studentFiles, studentJson } from './student-files.ts'

export type LegacySystem = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly students: readonly StudentFile[]
  /** Requests answered so far: shows whether a refused request reached the system. */
  readonly answered: () => number
  close(): Promise<void>
}

/** People in the system, unless told otherwise. */
const defaultPeople = 640
/** Bytes of a login form; it has no business with more. */
const loginLimit = 4096

type Habit = { readonly files: readonly StudentFile[]; readonly sessions: Map<string, string> }
type Handler = (habit: Habit, request: IncomingMessage, url: URL, id: string) => Answer | Promise<Answer>
type Answer = { status?: number; type?: string; headers?: Record<string, string>; body: string | Iterable<string> }

const routes: readonly { method: string; path: RegExp; handler: Handler }[] = [
  { method: 'POST', path: /^\/api\/login$/, handler: login },
  { method: 'GET', path: /^\/api\/session$/, handler: session },
  { method: 'GET', path: /^\/api\/students$/, handler: list },
  { method: 'GET', path: /^\/api\/students\/(\d+)$/, handler: detail },
  { method: 'GET', path: /^\/api\/students\/(\d+)\/guardians$/, handler: guardians },
  { method: 'GET', path: /^\/api\/dormitories$/, handler: dormitories },
  { method: 'GET', path: /^\/export\/students\.ndjson$/, handler: exportAll },
]

/**
 * Starts the system on 127.0.0.1.
 * @param options.people how many students it holds
 * @param options.port 0 (the default) takes a free one
 */
export async function startLegacySystem(options: { people?: number; port?: number } = {}): Promise<LegacySystem> {
  const habit: Habit = { files: studentFiles(options.people ?? defaultPeople), sessions: new Map() }
  let answered = 0
  const server = createServer((request, response) => {
    answered += 1
    answer(habit, request).then(
      made => send(request, response, made),
      () => send(request, response, { status: 500, body: '{"code":"500","msg":"系统异常"}' }),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const close = () => stop(server)
  return { url: `http://127.0.0.1:${port}`, students: habit.files, answered: () => answered, close }
}

async function answer(habit: Habit, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://legacy')
  const method = request.method === 'HEAD' ? 'GET' : request.method
  for (const route of routes) {
    const match = route.path.exec(url.pathname)
    if (match !== null && route.method === method) return route.handler(habit, request, url, match[1] ?? '')
  }
  return { status: 404, type: 'text/html;charset=UTF-8', body: '<html><body><h1>HTTP Status 404</h1></body></html>' }
}

/** Any password does; the session id goes out as a cookie, as the application server of its day did it. */
async function login(habit: Habit, request: IncomingMessage): Promise<Answer> {
  let form = ''
  for await (const chunk of request.setEncoding('utf8')) {
    form += chunk
    if (form.length > loginLimit) return { status: 413, body: '{"code":"413","msg":"请求过大"}' }
  }
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
  if (!Number.isInteger(size) || !Number.isInteger(page) || size < 1 || page < 1) return sqlException(habit)
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
  if (file === undefined) return stackTrace(habit, id)
  return { body: `{"code":"0","msg":"success","data":{"rows":[${studentJson(file)}]}}` }
}

function guardians(habit: Habit, _request: IncomingMessage, _url: URL, id: string): Answer {
  const file = habit.files[Number(id) - 1]
  return file === undefined ? stackTrace(habit, id) : { body: guardiansJson(file) }
}

/** JSON that calls itself a web page. */
function dormitories(habit: Habit): Answer {
  return { type: 'text/html;charset=UTF-8', body: dormitoryJson(habit.files) }
}

function exportAll(habit: Habit): Answer {
  const headers = { 'Content-Disposition': 'attachment; filename="students.ndjson"' }
  return { type: 'application/x-ndjson', headers, body: habit.files.map(file => `${studentJson(file)}\n`) }
}

/** An error in JSON whose message quotes the row it failed on. */
function sqlException(habit: Habit): Answer {
  const { person } = habit.files[0]!
  const sql = `select * from T_STU where XM='${person.name}' and SFZH='${person.residentId}' and SJH='${person.mobile}'`
  const body = { code: '500', msg: `java.sql.SQLException: ORA-01428: ${sql}`, trace: [`at oracle.jdbc (${sql})`] }
  return { status: 500, body: JSON.stringify(body) }
}

/** The page an application server of its day showed for every fault, with the row it had in hand. */
function stackTrace(habit: Habit, id: string): Answer {
  const { person } = habit.files[Number(id) % habit.files.length]!
  const body = `<html><head><title>Apache Tomcat/6.0.18 - Error report</title></head><body><h1>HTTP Status 500</h1><pre>
java.lang.NullPointerException: Student[xm=${person.name}, sfzh=${person.residentId}, tel=${person.mobile}, jtzz=${person.address}]
\tat cn.edu.xg.student.StudentAction.show(StudentAction.java:118)
\tat org.apache.struts2.dispatcher.FilterDispatcher.doFilter(FilterDispatcher.java:389)
Caused by: com.mysql.jdbc.exceptions.MySQLSyntaxErrorException: near '${person.email}'
</pre></body></html>`
  return { status: 500, type: 'text/html;charset=UTF-8', body }
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

function send(request: IncomingMessage, response: ServerResponse, made: Answer): void {
  response.writeHead(made.status ?? 200, {
    'Content-Type': made.type ?? 'application/json;charset=UTF-8',
    Server: 'Apache-Coyote/1.1',
    'X-Powered-By': 'Servlet 2.5; JBoss-4.2.3.GA',
    ...made.headers,
  })
  if (request.method === 'HEAD') response.end()
  else if (typeof made.body === 'string') response.end(made.body)
  else void writeAll(response, made.body)
}

async function writeAll(response: ServerResponse, parts: Iterable<string>): Promise<void> {
  for (const part of parts) {
    if (response.destroyed) return
    if (!response.write(part)) await new Promise(resolve => response.once('drain', resolve).once('close', resolve))
  }
  response.end()
}

function stop(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
