/**
 * The way of requests without a body: from Fastify's route straight to the exchange, and its answer straight to the
 * connection. README.md says what that saves. Requests with a body go through @fastify/http-proxy.
 */
import type { ServerResponse } from 'node:http'
import { finished, type Readable } from 'node:stream'
import type { Exchange } from './exchange.ts'
import type { Answer } from './response/answer.ts'
import { giveBack, isLent } from './response/blocks.ts'
import { admit, refuse, run } from './steps.ts'

/** Methods whose body, were there one, is not read. */
export const direct: readonly string[] = ['GET', 'HEAD']

/** Admits, runs and answers an exchange. Never rejects: whatever is thrown has become a problem answer, or a cut connection. */
export async function answerDirectly(exchange: Exchange, response: ServerResponse): Promise<void> {
  try {
    const answer = await answerTo(exchange)
    if (answer !== null) writeAnswer(response, answer)
  } catch {
    // the answer is on record and cannot be given: the connection ends
    response.destroy()
  }
}

function answerTo(exchange: Exchange): Promise<Answer | null> {
  try {
    const waits = admit(exchange)
    if (waits === undefined) return run(exchange, null)
    return waits.then(
      () => run(exchange, null),
      fault => refuse(exchange, fault),
    )
  } catch (fault) {
    return refuse(exchange, fault)
  }
}

/** A whole answer in one write, with its length; a long one as it comes, chunked. */
function writeAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  if (body === undefined) {
    if (response.req.method !== 'HEAD' && !bodyless.has(status)) headers['content-length'] = '0'
    response.writeHead(status, headers).end()
  } else if (body instanceof Uint8Array) {
    headers['content-length'] = String(body.length)
    response.writeHead(status, headers)
    if (body.length <= mostText) {
      response.end(body.toString('latin1'), 'latin1')
      return
    }
    // with a callback of its own each write costs 30 000 instructions more; and `finish` comes when the kernel has all of it
    if (isLent(body)) response.end(body, () => giveBack(body))
    else response.end(body)
  } else {
    response.writeHead(status, headers)
    stream(body, response)
  }
}

/**
 * Bytes up to which an answer is handed to Node as text, which it puts behind the text of the head and writes as one, from
 * its stack: 7 000 instructions less than head and bytes apart. At 10 KB nothing is left of that.
 */
const mostText = 4096

const bodyless: ReadonlySet<number> = new Set([204, 205, 304])

/** A fault in the middle cuts the connection, and a connection that is gone ends the body. */
function stream(body: Readable, response: ServerResponse): void {
  body.once('error', () => response.destroy())
  finished(response, { readable: false }, () => body.destroy())
  response.on('drain', () => body.resume())
  body.once('end', () => response.end())
  body.on('data', (piece: Uint8Array) => {
    const hasRoom = response.write(piece, error => {
      if (!error) giveBack(piece)
    })
    if (!hasRoom) body.pause()
  })
}
