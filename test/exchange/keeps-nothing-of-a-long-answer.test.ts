import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import { connectUpstream } from '../../gateway/exchange/upstream/upstream.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('a long answer that comes 48 KB at a time is not kept by the call that reads it', async t => {
  const part = Buffer.alloc(48 * 1024, 'x')
  const parts = 600
  let sendNext = () => {}
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': part.length * parts })
    sendNext = () => void response.write(part)
    sendNext()
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [settings] = upstreamOnly(url, {
    directory: join(tmpdir(), 'none'),
    listen: '127.0.0.1:0',
    admin: '127.0.0.1:0',
  })!.systems.values()
  const client = connectUpstream(settings!, 16_384)
  t.after(async () => {
    await client.close()
    server.close()
  })
  const call = client.call({ method: 'GET', path: '/', headers: {}, body: null })
  const { body } = await call.answer
  let most = 0
  let taken = 0
  while (taken < part.length * parts) {
    const chunk = body.take()
    if (chunk === undefined) await body.ready()
    else if (chunk === null) break
    else {
      taken += chunk.length
      if (taken % part.length !== 0) continue
      if ((taken / part.length) % 100 === 0) {
        collect()
        most = Math.max(most, process.memoryUsage().arrayBuffers)
      }
      if (taken < part.length * parts) sendNext()
    }
  }
  assert.equal(taken, part.length * parts)
  assert.ok(most < 12e6, `${most} bytes of buffers`)
})
