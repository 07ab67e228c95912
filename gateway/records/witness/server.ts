/**
 * A witness that anybody can run (c2sp.org/tlog-witness): remembers of each log the newest checkpoint, and signs only
 * what continues it. Checking and remembering are one step, and what is remembered is on disk before it is signed.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Lock, takeLock } from '../log/lock.ts'
import { type Checkpoint, keepNote, readKept } from '../proof/checkpoint.ts'
import { openNote, parseSigner, type Signer, type Verifier, writeSigner } from '../proof/note.ts'
import { judge, mostRequestBytes, parseAddCheckpoint } from '../proof/witness.ts'
import { replaceFile, witnessFileName } from './client.ts'

export type WitnessOptions = {
  /** Its key and what it remembers; made, with mode 0700, where it does not exist. */
  readonly directory: string
  /** Name of its key, made at first start. */
  readonly name: string
  readonly logs: readonly Verifier[]
  readonly host: string
  readonly port: number
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** Told the outcome of each request. */
  readonly onJudged?: (origin: string, size: number, status: number) => void
}

export type WitnessServer = {
  /** What others check it by: `NAME+ID+BASE64`. */
  readonly key: string
  readonly port: number
  close(): Promise<void>
}

/** Why a witness cannot start. */
export class WitnessStartFault extends Error {
  readonly why: 'locked' | 'key' | 'state'

  constructor(why: WitnessStartFault['why']) {
    super(why)
    this.name = 'WitnessStartFault'
    this.why = why
  }
}

/** Throws WitnessStartFault, or what listening throws. */
export async function startWitness(options: WitnessOptions): Promise<WitnessServer> {
  const { directory, host, port } = options
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const lock = takeLock(join(directory, 'lock'))
  if (lock === null) throw new WitnessStartFault('locked')
  try {
    const witness = new Witness(options, lock)
    const server = createServer((request, response) => void witness.answer(request, response))
    server.requestTimeout = 10_000
    server.headersTimeout = 10_000
    server.maxConnections = 256
    await listen(server, host, port)
    return {
      key: witness.key,
      port: (server.address() as AddressInfo).port,
      close: () => witness.close(server),
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

class Witness {
  readonly #options: WitnessOptions
  readonly #lock: Lock
  readonly #signer: Signer
  readonly #latest = new Map<string, Checkpoint>()
  #closing: Promise<void> | null = null

  constructor(options: WitnessOptions, lock: Lock) {
    this.#options = options
    this.#lock = lock
    this.#signer = signerIn(options.directory, options.name)
    for (const log of options.logs) this.#recall(log)
  }

  get key(): string {
    return this.#signer.verifier.text
  }

  /** A state that cannot be read is no state: starting from nothing would sign a fork. */
  #recall({ name }: Verifier): void {
    const path = this.#pathOf(name)
    if (!existsSync(path)) return
    const bytes = readFileSync(path)
    const { kept, whole } = readKept(bytes)
    const last = kept.at(-1)
    const keys = this.#options.logs.filter(log => log.name === name)
    if (whole !== bytes.length || !last?.checkpoint || openNote(last.bytes, keys) === null)
      throw new WitnessStartFault('state')
    if (last.checkpoint.origin !== name) throw new WitnessStartFault('state')
    this.#latest.set(name, last.checkpoint)
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const target = new URL(request.url ?? '/', 'http://witness').pathname
      if (!target.endsWith('/add-checkpoint')) return end(request, response, 404)
      if (request.method !== 'POST') return end(request, response, 405)
      const body = await bodyOf(request)
      const one = body === null ? null : parseAddCheckpoint(body)
      if (one === null) return end(request, response, 400)
      const { status, latest } = judge(one, this.#options.logs, this.#latest.get(one.checkpoint.origin) ?? null)
      const signature = status === 200 ? this.#take(one.checkpoint, one.note, one.text) : ''
      this.#options.onJudged?.(one.checkpoint.origin, one.checkpoint.size, status)
      if (latest === undefined) end(request, response, status, signature)
      else end(request, response, status, `${latest}\n`, 'text/x.tlog.size')
    } catch {
      end(request, response, 500)
    }
  }

  /** Nothing waits between the judgement and this: two requests cannot pass one another. */
  #take(checkpoint: Checkpoint, note: Buffer, text: string): string {
    replaceFile(this.#pathOf(checkpoint.origin), Buffer.from(keepNote(note.toString('utf8'))))
    this.#latest.set(checkpoint.origin, checkpoint)
    return this.#signer.sign(text, Math.floor((this.#options.clock ?? Date.now)() / 1000))
  }

  #pathOf(origin: string): string {
    return join(this.#options.directory, witnessFileName(origin))
  }

  close(server: Server): Promise<void> {
    this.#closing ??= this.#end(server)
    return this.#closing
  }

  async #end(server: Server): Promise<void> {
    await new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeIdleConnections()
    })
    this.#lock.release()
  }
}

/** The key, made at first start. */
function signerIn(directory: string, name: string): Signer {
  const path = join(directory, 'witness.signer')
  if (!existsSync(path)) replaceFile(path, Buffer.from(`${writeSigner(name, randomBytes(32), 4)}\n`))
  const signer = parseSigner(readFileSync(path, 'utf8').trimEnd())
  if (signer?.verifier.type !== 4) throw new WitnessStartFault('key')
  return signer
}

/** null: too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > mostRequestBytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function end(request: IncomingMessage, response: ServerResponse, status: number, text = '', type = 'text/plain'): void {
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(text)
}
