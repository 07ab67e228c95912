import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { policy } from '../shipped/policies.ts'
import { bodyOfEveryType } from '../support/every-type.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startRawUpstream, type Upstream } from '../support/start-upstream.ts'

const body = Buffer.from(bodyOfEveryType(policy))
let upstream: Upstream
let gateway: TestGateway

/** Answers `/cut/N` in two packets cut at N, `/chunks/N` in chunks of N bytes. */
function answer(socket: Socket, head: string): void {
  const [, kind, size] = /^GET \/(\w+)\/(\d+) /.exec(head)!
  const n = Number(size)
  if (kind === 'cut') {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`)
    socket.write(body.subarray(0, n))
    setImmediate(() => socket.write(body.subarray(n)))
    return
  }
  const chunks = ['HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n']
  for (let at = 0; at < body.length; at += n) {
    const piece = body.subarray(at, at + n)
    chunks.push(`${piece.length.toString(16)}\r\n${piece.toString('latin1')}\r\n`)
  }
  socket.write(Buffer.from(`${chunks.join('')}0\r\n\r\n`, 'latin1'))
}

before(async () => {
  upstream = await startRawUpstream((socket, head) => {
    socket.setNoDelay(true)
    answer(socket, head)
  })
  gateway = await startTestGateway({ upstream: upstream.url })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

test('a body with every data type leaves the same over a real socket, at every split and in chunks of any size', async () => {
  const texts = new Set<string>()
  const ask = async (path: string) => texts.add(await (await fetch(`${gateway.url}${path}`)).text())
  await ask('/cut/1')
  for (let from = 2; from < body.length; from += 16) {
    await Promise.all(Array.from({ length: 16 }, (_, at) => ask(`/cut/${Math.min(from + at, body.length - 1)}`)))
  }
  for (const size of [1, 2, 3, 5, 7, 64, 1000, 1 << 20]) await ask(`/chunks/${size}`)
  assert.equal(texts.size, 1)
  const [masked] = texts
  assert.doesNotThrow(() => JSON.parse(masked!))
  assert.ok(!masked!.includes('王五') && !masked!.includes('13800138000'))
})
