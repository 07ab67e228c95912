/**
 * A gateway with an upstream that answers, byte for byte, what a test tells it to. Whatever reaches a client, and in the end
 * every record and log line, is searched for the sentinels.
 */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { exchangeRaw, type RawAnswer } from './raw-client.ts'
import { assertNoSentinel } from './sentinels.ts'
import { startTestGateway, type TestGateway, type TestOptions } from './start-gateway.ts'
import { startRawUpstream, type Upstream } from './start-upstream.ts'

/** What the upstream does once it has a request's head; bytes: it sends them. */
export type Doing = string | Uint8Array | ((socket: Socket, head: string) => void)

export type Question = {
  readonly method?: string
  /** Behind the path, which is the harness's own: `/more?x=1`. */
  readonly behind?: string
  readonly headers?: readonly string[]
  readonly body?: string | Uint8Array
  /** The whole request, for framing of its own; `path` is what to ask for. */
  readonly raw?: (path: string) => string | Uint8Array
}

export type Got = RawAnswer & {
  /** Of a problem answer. */
  readonly code: string | null
  /** How often the upstream was called. */
  readonly calls: number
  /** The body without chunk sizes, as UTF-8. */
  readonly text: string
}

export type WayAround = {
  readonly gateway: TestGateway
  readonly upstream: Upstream
  /** One exchange; throws where a sentinel reached the client, or a problem answer has no record of its own. */
  ask(doing: Doing, question?: Question): Promise<Got>
}

/** Started before the tests of a file, and searched and stopped after them. */
export function wayAround(options: Partial<TestOptions> = {}): WayAround {
  const told = new Map<string, Doing>()
  const calls = new Map<string, number>()
  let parts: { gateway: TestGateway; upstream: Upstream }
  const numbers: string[] = []

  before(async () => {
    const upstream = await startRawUpstream((socket, head) => {
      const path = /\/(\d+)t(?![\dt])/.exec(head.split('\r\n')[0]!)?.[1] ?? ''
      calls.set(path, (calls.get(path) ?? 0) + 1)
      const doing = told.get(path) ?? answer('{}')
      if (typeof doing === 'function') doing(socket, head)
      else socket.write(doing)
    })
    const gateway = await startTestGateway({ upstream: upstream.url, ...options })
    parts = { gateway, upstream }
  })

  after(async () => {
    const { gateway, upstream } = parts
    await gateway.running.close()
    const folder = join(gateway.directory, 'records')
    const ids = new Set((await gateway.records()).map(({ log, seq }) => `${log}:${seq}`))
    for (const number of numbers) assert.ok(ids.has(number), `${number} is not on record`)
    for (const file of await readdir(folder)) {
      if (file.endsWith('.jsonl')) assertNoSentinel(await readFile(join(folder, file)), 'the records')
    }
    assertNoSentinel(gateway.log.join(''), 'the log')
    await gateway.close()
    await upstream.close()
  })

  return {
    get gateway() {
      return parts.gateway
    },
    get upstream() {
      return parts.upstream
    },
    async ask(doing, question = {}) {
      const number = String(told.size + 1)
      told.set(number, doing)
      const path = `/${number}t${question.behind ?? ''}`
      const answer = await exchangeRaw(parts.gateway.port, question.raw?.(path) ?? requestOf(path, question))
      assertNoSentinel(Buffer.concat([Buffer.from(answer.head, 'latin1'), answer.body]), `the answer to ${number}`)
      const body = unchunked(answer)
      assertNoSentinel(body, `the body of the answer to ${number}`)
      const problem = problemOf(answer, body)
      if (problem?.record !== undefined) numbers.push(problem.record)
      const code = problem?.code ?? null
      return { ...answer, code, text: body.toString('utf8'), calls: calls.get(number) ?? 0 }
    },
  }
}

/** An answer of an upstream, with the length of its body. A header given as null is left out. */
export function answer(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string | readonly string[] | null>> = {},
  status = '200 OK',
): Buffer {
  const bytes = Buffer.from(body as Uint8Array)
  const all = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers }
  const lines = Object.entries(all).flatMap(([name, value]) => [value ?? []].flat().map(one => `${name}: ${one}\r\n`))
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`), bytes])
}

function requestOf(path: string, { method = 'GET', headers = [], body }: Question): Buffer {
  const bytes = body === undefined ? null : Buffer.from(body as Uint8Array)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'host: gw',
    'connection: close',
    ...headers,
    ...(bytes === null ? [] : [`content-length: ${bytes.length}`]),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes ?? Buffer.alloc(0)])
}

/** As it is where it was cut short. */
function unchunked({ head, body }: RawAnswer): Buffer {
  if (!/^transfer-encoding: chunked$/im.test(head)) return body
  const pieces: Buffer[] = []
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.subarray(at, end).toString('latin1'), 16)
    if (end < 0 || !(size > 0)) return Buffer.concat(pieces)
    pieces.push(body.subarray(end + 2, end + 2 + size))
    at = end + 4 + size
  }
}

function problemOf({ head }: RawAnswer, body: Buffer): { code: string; record?: string } | null {
  if (!/^content-type: application\/problem\+json/im.test(head) || body.length === 0) return null
  // another answer may follow on the same connection
  const [first = ''] = body.toString('utf8').split('\n')
  return JSON.parse(first) as { code: string; record?: string }
}
