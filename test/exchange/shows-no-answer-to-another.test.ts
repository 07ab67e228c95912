/**
 * Masked bytes wait in blocks that are used again (`blocks.ts`). Callers that take nothing for long, that leave in the middle
 * and that are quick share them here: each has to get its own answer, whole, or nothing more.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rawClient } from '../support/raw-client.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const row = (of: number, at: number, tel: string) =>
  `{"of":${of},"at":${at},"tel":"${tel}","note":"${'x'.repeat(of % 97)}"}\n`
/** Answers of 40 KB to 700 KB: whole ones, and such that leave in windows. */
const rows = (of: number) => 400 + (of % 5) * 300 + (of % 11 === 0 ? 4000 : 0)
const body = (of: number, tel: string) => Array.from({ length: rows(of) }, (_, at) => row(of, at, tel)).join('')

/** The bodies of answers as they came, the last of them perhaps cut: with a length, or in chunks. */
function bodiesOf(answers: Buffer): string[] {
  const text = answers.toString('latin1')
  const bodies: string[] = []
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\r\n\r\n', at)
    if (end < 0) break
    const length = /^content-length: (\d+)/im.exec(text.slice(at, end))
    at = end + 4
    if (length !== null) {
      bodies.push(text.slice(at, at + Number(length[1])))
      at += Number(length[1])
      continue
    }
    let out = ''
    for (let size = -1; size !== 0; ) {
      const line = text.indexOf('\r\n', at)
      if (line < 0) return [...bodies, out]
      size = Number.parseInt(text.slice(at, line), 16)
      out += text.slice(line + 2, line + 2 + size)
      at = line + 2 + size + 2
    }
    bodies.push(out)
  }
  return bodies
}

test('slow callers, quick ones and those that leave get their own answers and nothing else', async t => {
  const upstream = await startUpstream((request, response) => {
    response.setHeader('content-type', 'application/x-ndjson')
    response.end(body(Number(/\d+/.exec(request.url!)![0]), '13800138000'))
  })
  const gateway = await startTestGateway({ upstream: upstream.url })
  t.after(async () => {
    await gateway.close()
    await upstream.close()
  })
  // so many that the kernel has no room for those of callers that take nothing
  const many = 24
  const taken = { whole: 0, cut: 0 }
  const ask = async (caller: number) => {
    const [slow, leaves] = [caller % 2 === 0, caller % 3 === 0]
    const client = await rawClient(gateway.port)
    const came: Buffer[] = []
    let size = 0
    client.socket.on('data', (chunk: Buffer) => {
      came.push(chunk)
      size += chunk.length
      if (leaves && size > 700_000) client.socket.resetAndDestroy()
    })
    const closed = new Promise<void>(resolve => client.socket.once('close', () => resolve()))
    t.after(() => client.destroy())
    if (slow) client.socket.pause()
    const asked = Array.from({ length: many }, (_, at) => caller * many + at)
    const last = (at: number) => (at === many - 1 ? 'connection: close\r\n' : '')
    client.write(asked.map((of, at) => `GET /${of} HTTP/1.1\r\nhost: gw\r\n${last(at)}\r\n`).join(''))
    await new Promise(resolve => setTimeout(resolve, slow ? 400 : 100))
    client.socket.resume()
    await closed
    const bodies = bodiesOf(Buffer.concat(came))
    if (!leaves) assert.equal(bodies.length, many)
    for (const [at, got] of bodies.entries()) {
      const expected = body(asked[at]!, '***')
      const isCut = leaves && at === bodies.length - 1
      assert.ok(isCut ? expected.startsWith(got) : got === expected, `answer ${at} of ${bodies.length} to ${caller}`)
      taken[isCut ? 'cut' : 'whole']++
    }
  }
  await Promise.all(Array.from({ length: 9 }, (_, caller) => ask(caller)))
  assert.ok(taken.whole > 100 && taken.cut > 0, JSON.stringify(taken))
})
