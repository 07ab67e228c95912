import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { mobile, id } = sentinel
const json = JSON.stringify(person)
const type = { 'content-type': 'text/event-stream' }

const events: Record<string, string> = {
  'data of an event': `data: ${json}\n\n`,
  'data over several lines': `data: {"tel":\ndata: "${mobile}",\ndata: "x":1}\n\n`,
  'an id': `id: ${id}\ndata: {}\n\n`,
  'the name of an event': `event: ${mobile}\ndata: {}\n\n`,
  'a comment': `: ${mobile}\n\n`,
  'an unknown field': `x-tel: ${mobile}\ndata: {}\n\n`,
  retry: `retry: ${mobile}\n\n`,
  'CR alone': `data: ${json}\r\rdata: ${mobile}\r\r`,
  'a byte order mark': `\ufeffdata: ${json}\n\n`,
  'an event that does not end': `data: ${json}`,
  'one too long': `data: ${'x'.repeat(300_000)}${mobile}\n\n`,
}

for (const [what, text] of Object.entries(events)) {
  test(`${what} gives nothing away, in one piece and byte by byte`, async () => {
    await ask(answer(text, type))
    const bytes = Buffer.from(text).subarray(0, 2000)
    await ask(socket => {
      socket.setNoDelay(true)
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n')
      for (let at = 0; at < bytes.length; at += 7) socket.write(bytes.subarray(at, at + 7))
      socket.end()
    })
  })
}

test('an endless stream goes out event by event, each masked', async () => {
  const got = await ask(socket => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n')
    let sent = 0
    const timer = setInterval(() => {
      socket.write(`data: ${json}\n\n`.repeat(200))
      if (++sent === 5) {
        clearInterval(timer)
        socket.end()
      }
    }, 30)
    socket.on('close', () => clearInterval(timer))
  })
  assert.equal(got.status, 200)
})
