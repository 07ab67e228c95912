import type { Readable } from 'node:stream'
import { buildConnector, type Dispatcher, Pool } from 'undici'
import type { SystemSettings, UpstreamTls } from '../../config/config.ts'
import { type ProblemCode, Refusal } from '../../errors.ts'
import type { UpstreamHeaders } from '../response/headers.ts'
import { type Body, BodyQueue, type BodySource } from './body.ts'
import { Expiry, type Term } from './expiry.ts'
import { giveBack, incoming, isLent } from './incoming.ts'

export type UpstreamRequest = {
  readonly method: string
  /** Path and query in normal form, under the system's base path. */
  readonly path: string
  /** Those of every request to the system are put in. */
  readonly headers: Record<string, string>
  readonly body: Readable | AsyncIterable<Uint8Array> | Uint8Array | null
  readonly blocking?: false
}

export type UpstreamAnswer = {
  readonly status: number
  readonly headers: UpstreamHeaders
  readonly body: Body
}

/** One call on its way. `cancel` ends it whatever its state, and frees or closes its connection. */
export type UpstreamCall = {
  /** The final answer's head. Rejects with a Refusal: UPSTREAM_UNREACHABLE, UPSTREAM_BROKEN, UPSTREAM_TIMEOUT. */
  readonly answer: Promise<UpstreamAnswer>
  cancel(): void
  /** The answer has ended, and nobody looks at what came of it again: others may be read into the same buffers. */
  forget(): void
}

/** The connections to one system. One call is one request on the wire: nothing is retried, no redirect followed. */
export type UpstreamClient = {
  call(request: UpstreamRequest): UpstreamCall
  /** Connections that are made from now on are under these; those that are open go on. */
  renew(tls: UpstreamTls): void
  close(): Promise<void>
}

/** More interim answers than any server has a reason to send. */
const interimLimit = 8

/** What a connection to a system is made with beside the usual, as `tls.connect` has it. */
export function tlsOptions(tls: UpstreamTls | null) {
  return {
    ...(tls?.ca && { ca: tls.ca }),
    ...(tls?.serverName && { servername: tls.serverName }),
    ...(tls?.certificate && tls.key && { cert: tls.certificate, key: tls.key }),
  }
}

/** `answerHeaders`: bytes of an answer's head. `extra`: headers that go with every request, names in lower case. */
export function connectUpstream(
  settings: SystemSettings,
  answerHeaders: number,
  extra: Readonly<Record<string, string>> = {},
): UpstreamClient {
  const { upstream } = settings
  const { timeouts, tls } = upstream
  const connectorOf = (tls: UpstreamTls | null) =>
    buildConnector({
      onread: incoming,
      timeout: timeouts.connect,
      maxCachedSessions: 100,
      allowH2: false,
      rejectUnauthorized: true,
      ...tlsOptions(tls),
    } as buildConnector.BuildOptions)
  let connector = connectorOf(tls)
  const pool = new Pool(upstream.origin, {
    connections: upstream.pool.connections,
    pipelining: upstream.pool.pipelining,
    keepAliveTimeout: upstream.pool.keepAlive,
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.idle,
    maxHeaderSize: answerHeaders,
    allowH2: false,
    connect: (options, callback) => connector(options, callback),
  })
  // undici lets no request follow one whose answer has not begun, unless it is told that this will not be long
  const pipelines = upstream.pool.pipelining > 1
  const fixed = [...upstream.headers, ...Object.entries(extra)]
  const expiry = new Expiry<Call>(timeouts.total, call => call.expire())
  return {
    call(request) {
      for (const [name, value] of fixed) request.headers[name] = value
      return new Call(pool, expiry, pipelines ? { ...request, blocking: false } : request, pipelines)
    },
    renew(tls) {
      connector = connectorOf(tls)
    },
    close() {
      expiry.close()
      return pool.destroy()
    },
  }
}

/** Buffers that are given back of one answer: more than what leaves whole is read into. */
const mostLent = 8

/** Milliseconds that answers which have begun are kept for others, while each turn of the event loop brings some. */
const mostGathering = 4

/** Those whose answers have begun and are not handed on yet. */
let begun: Call[] = []
/** How many there were a turn ago, and until when they may be kept. */
let [before, end] = [0, 0]

/**
 * Answers that begin in turns of the event loop that follow one another are handed on together. Who waits for them then takes
 * each step for all before the next, so that the processor has a step's code and tables at hand: under load that is some
 * dozens. Most are whole by then. One that is alone is handed on at the end of its turn.
 */
function handOnTogether(call: Call): void {
  if (begun.push(call) > 1) return
  before = 1
  end = performance.now() + mostGathering
  setImmediate(gather)
}

function gather(): void {
  if (begun.length > before && performance.now() < end) {
    before = begun.length
    setImmediate(gather)
    return
  }
  const all = begun
  begun = []
  for (const call of all) call.handOn()
}

class Call implements UpstreamCall, BodySource, Dispatcher.DispatchHandler {
  readonly answer: Promise<UpstreamAnswer>
  readonly #resolve: (answer: UpstreamAnswer) => void
  readonly #reject: (fault: Refusal) => void
  readonly #expiry: Expiry<Call>
  readonly #term: Term<Call>
  /** Of each buffer to be given back a part of the answer. null: none are, as it is long, or others' answers stand in them. */
  #lent: Uint8Array[] | null
  #controller: Dispatcher.DispatchController | null = null
  #queue: BodyQueue | null = null
  #begun: UpstreamAnswer | null = null
  #interim = 0
  #fault: Refusal | null = null

  constructor(pool: Pool, expiry: Expiry<Call>, request: UpstreamRequest, pipelines: boolean) {
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamAnswer>()
    this.answer = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#expiry = expiry
    this.#term = expiry.begin(this)
    this.#lent = pipelines ? null : []
    try {
      pool.dispatch(request as Dispatcher.DispatchOptions, this)
    } catch {
      this.#fail(new Refusal('GATEWAY_FAULT'))
    }
  }

  cancel(): void {
    this.#fail(new Refusal('UPSTREAM_BROKEN'))
  }

  pause(): void {
    this.#controller!.pause()
  }

  resume(): void {
    this.#controller!.resume()
  }

  expire(): void {
    this.#fail(new Refusal('UPSTREAM_TIMEOUT'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // ended while it waited for a connection: then it must not be sent any more
    if (this.#fault !== null) controller.abort(this.#fault)
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: UpstreamHeaders): void {
    if (status < 200) {
      // 100 to 199 end here; their headers are the upstream's words and go nowhere
      if (++this.#interim > interimLimit) this.#fail(new Refusal('UPSTREAM_BROKEN'))
      return
    }
    if (status > 599) {
      this.#fail(new Refusal('UPSTREAM_BROKEN'))
      return
    }
    this.#queue = new BodyQueue(this)
    this.#begun = { status, headers, body: this.#queue }
    handOnTogether(this)
  }

  /** Whoever waits for the answer gets it. */
  handOn(): void {
    this.#resolve(this.#begun!)
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#lent !== null && isLent(chunk)) this.#note(this.#lent, chunk)
    this.#queue?.push(chunk)
  }

  #note(lent: Uint8Array[], chunk: Uint8Array): void {
    if (chunk.buffer === lent.at(-1)?.buffer) return
    // all of a long answer would be kept for as long as it lasts
    if (lent.push(chunk) > mostLent) this.#lent = null
  }

  forget(): void {
    for (const chunk of this.#lent ?? []) giveBack(chunk)
    this.#lent = null
  }

  /** Trailers are the second argument: dropped. */
  onResponseEnd(): void {
    this.#expiry.end(this.#term)
    this.#queue?.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(refusalOf(error, this.#controller !== null))
  }

  #fail(fault: Refusal): void {
    if (this.#fault !== null) return
    this.#fault = fault
    this.#expiry.end(this.#term)
    // the caller may have left and look at it no more
    this.answer.catch(ignore)
    this.#reject(fault)
    this.#queue?.fail(fault)
    if (this.#controller !== null && !this.#controller.aborted) this.#controller.abort(fault)
  }
}

function ignore(): void {}

const timeoutCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** `sent`: the request had a connection. The error's words can quote the upstream's; only its code is looked at. */
function refusalOf(error: Error, sent: boolean): Refusal {
  if (error instanceof Refusal) return error
  const code = 'code' in error ? String(error.code) : ''
  let problem: ProblemCode = sent ? 'UPSTREAM_BROKEN' : 'UPSTREAM_UNREACHABLE'
  if (timeoutCodes.has(code)) problem = 'UPSTREAM_TIMEOUT'
  return new Refusal(problem, {}, { cause: error })
}
