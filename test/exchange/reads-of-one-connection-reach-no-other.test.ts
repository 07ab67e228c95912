import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { incoming } from '../../gateway/exchange/upstream/incoming.ts'

/** Bytes that tell which connection they belong to, and where. */
function bytesOf(connection: number, length: number): Buffer {
  return Buffer.from(
    Uint8Array.from({ length }, (_, at) => (connection * 37 + at * 11 + (at >> 8) + (at >> 16) * 101) & 0xff),
  )
}

/** All that comes on a connection, as it was read; looked at only once all connections are over. */
async function piecesOn(port: number, asked: string): Promise<readonly Buffer[]> {
  const socket = connect({ port, host: '127.0.0.1', onread: incoming })
  const pieces: Buffer[] = []
  socket.on('readable', () => take(socket, pieces))
  socket.write(asked)
  await once(socket, 'end')
  return pieces
}

function take(socket: Socket, pieces: Buffer[]): void {
  for (let piece = socket.read(); piece !== null; piece = socket.read()) pieces.push(piece)
}

test('what several connections read at once stays as it came, however much comes in one read', async () => {
  const server = createServer(socket => {
    socket.once('data', async asked => {
      const { connection, lengths } = JSON.parse(String(asked)) as { connection: number; lengths: number[] }
      const whole = bytesOf(
        connection,
        lengths.reduce((sum, one) => sum + one, 0),
      )
      let at = 0
      for (const length of lengths) {
        const part = whole.subarray(at, at + length)
        at += length
        await new Promise<unknown>(written => socket.write(part, written))
      }
      socket.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const long = fc.integer({ min: 300_000, max: 1_500_000 })
  const length = fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 30_000, max: 200_000 }), long)
  const asked = fc.array(fc.array(length, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 })
  const property = fc.asyncProperty(asked, async all => {
    const answers = all.map((lengths, connection) => piecesOn(port, JSON.stringify({ connection, lengths })))
    for (const [connection, pieces] of (await Promise.all(answers)).entries()) {
      const sum = all[connection]!.reduce((total, one) => total + one, 0)
      assert.ok(Buffer.concat(pieces).equals(bytesOf(connection, sum)))
    }
  })
  try {
    await fc.assert(property, { numRuns: 25 })
  } finally {
    server.close()
  }
})
