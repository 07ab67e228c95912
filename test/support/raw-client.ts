import { connect, type Socket } from 'node:net'

/** A client that writes the bytes it is given and keeps what comes back: for framing that node:http would not write. */
export type RawAnswer = {
  readonly status: number
  /** The head as it came, without the blank line. */
  readonly head: string
  /** As it came: with chunk sizes, where the answer was chunked. */
  readonly body: Buffer
  /** Whether the other end closed the connection. */
  readonly closed: boolean
}

export type RawClient = {
  readonly socket: Socket
  write(bytes: string | Uint8Array): void
  /** All that has come so far. */
  received(): Buffer
  /** Resolves when the connection has closed, or nothing came for `quiet` milliseconds after a whole answer did. */
  settled(quiet?: number): Promise<RawAnswer>
  destroy(): void
}

/** Milliseconds after which an answer that does not go on has ended where it is. */
const patience = 10_000

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const chunks: Buffer[] = []
  let closed = false
  let lastAt = Date.now()
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
  })
  socket.on('data', chunk => {
    chunks.push(Buffer.from(chunk))
    lastAt = Date.now()
  })
  const received = () => Buffer.concat(chunks)
  return {
    socket,
    write: bytes => void socket.write(bytes),
    received,
    async settled(quiet = 200) {
      // the rest of an answer that has begun may be long in coming, on a machine with other things to do
      const silence = () => (isWhole(received()) ? quiet : Math.max(quiet, patience))
      while (!closed && (chunks.length === 0 || Date.now() - lastAt < silence()))
        await new Promise(go => setTimeout(go, 10))
      return parse(received(), closed)
    },
    destroy: () => void socket.destroy(),
  }
}

/** One request, its answer, and the connection's end or silence. */
export async function exchangeRaw(port: number, request: string | Uint8Array): Promise<RawAnswer> {
  const client = await rawClient(port)
  client.write(request)
  const answer = await client.settled()
  client.destroy()
  return answer
}

/** By its length, or its last chunk; one without a body, or with neither, is whole with its head. */
function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return false
  const head = bytes.subarray(0, end).toString('latin1')
  if (/^transfer-encoding: *chunked/im.test(head)) return bytes.includes('\r\n0\r\n', end)
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
  return bytes.length - end - 4 >= length
}

function parse(bytes: Buffer, closed: boolean): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n')
  const head = bytes.subarray(0, end < 0 ? bytes.length : end).toString('latin1')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0)
  return { status, head, body: end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 4), closed }
}
