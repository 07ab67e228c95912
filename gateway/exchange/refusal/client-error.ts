import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ProblemCode } from '../../errors.ts'
import { problemAnswer } from './problem.ts'

/** What Node's parser found wrong with a request that never became one. */
export function codeOfParserError(error: NodeJS.ErrnoException): ProblemCode {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'HEADERS_TOO_LARGE'
  if (error.code === 'HPE_INVALID_URL') return 'TARGET_MALFORMED'
  if (error.code === 'HPE_INVALID_METHOD') return 'METHOD_NOT_ALLOWED'
  return 'HEADER_MALFORMED'
}

/**
 * Answers on a bare connection and closes it: where the parser gave up, or handed the connection over (CONNECT). With
 * `busy`, an earlier request still waits for its answer, and would take this one for it: then nothing is said. The
 * parser's error holds the bytes it read, and is not looked at further.
 */
export function refuseConnection(socket: Socket, code: ProblemCode, contact: string | null, busy: boolean): void {
  if (!socket.writable || busy) {
    socket.destroy()
    return
  }
  const { status, headers, body } = problemAnswer({ code, details: {}, record: null, contact, languages: undefined })
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n${body}`, () => socket.destroy())
}
