/**
 * A student affairs system as many schools still run: no masking, few checks, odd habits. It is what the demonstration
 * puts the gateway in front of, and what tests use as an upstream full of personal information. All people in it are
 * made up, the same in every run.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, type Habit, routes } from './legacy-answers.ts'
import { type StudentFile, studentFiles } from './student-files.ts'

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

function send(request: IncomingMessage, response: ServerResponse, made: Answer): void {
  response.writeHead(made.status ?? 200, {
    'Content-Type': made.type ?? 'application/json;charset=UTF-8',
    Server: 'Apache-Coyote/1.1',
    'X-Powered-By': 'Servlet 2.5; JBoss-4.2.3.GA',
    ...made.headers,
  })
  if (request.method === 'HEAD') response.end()
  else if (typeof made.body === 'string' || Buffer.isBuffer(made.body)) response.end(made.body)
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
