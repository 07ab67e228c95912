import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const json = JSON.stringify({ rows: [person, person] })
const bodies = {
  'application/json': json,
  'application/x-ndjson': `${json}\n${json}\n`,
  'text/csv': `姓名,身份证号,手机号\n${sentinel.name},${sentinel.id},${sentinel.mobile}\n`,
  'application/xml': `<rows><row><xm>${sentinel.name}</xm><tel>${sentinel.mobile}</tel></row></rows>`,
  'text/plain': `手机号：${sentinel.mobile}\n身份证号：${sentinel.id}\n`,
  'application/x-www-form-urlencoded': `xm=${encodeURIComponent(sentinel.name)}&tel=${sentinel.mobile}`,
}

for (const [type, body] of Object.entries(bodies)) {
  test(`${type} gives nothing away, and the same, in pieces of any size with pauses between`, async () => {
    const bytes = Buffer.from(body)
    const seen = new Set<string>()
    for (const size of [1, 2, 3, 7, 15, 16, 17, 64, bytes.length]) {
      const got = await ask(async socket => {
        socket.setNoDelay(true)
        socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${bytes.length}\r\n\r\n`)
        for (let at = 0; at < bytes.length; at += size) {
          socket.write(bytes.subarray(at, at + size))
          if (at < size * 4) await new Promise(resolve => setTimeout(resolve, 2))
        }
      })
      seen.add(`${got.status} ${got.text}`)
    }
    assert.equal(seen.size, 1, [...seen].join('\n'))
    assert.match([...seen][0]!, /^200 /)
  })
}

test('a first byte that comes long before the rest decides nothing early', async () => {
  for (const first of ['{', '[', ' ', '<', '1', 'd', '\ufeff']) {
    const got = await ask(socket => {
      socket.setNoDelay(true)
      socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n')
      socket.write(first)
      setTimeout(() => socket.end(`"tel":"${sentinel.mobile}","xm":"${sentinel.name}"}`), 60)
    })
    assert.ok([200, 502].includes(got.status))
  }
})
