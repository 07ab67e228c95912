import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const around = wayAround()

test('React server components, which nothing can mask, are withheld with what to do', async () => {
  const body = `0:["$","p",null,{"children":"${sentinel.mobile}"}]\n`
  const got = await around.ask(answer(body, { 'content-type': 'text/x-component' }))
  assert.deepEqual([got.status, got.code], [502, 'FORMAT_UNKNOWN'], got.text)
  assert.match(JSON.parse(got.text).detail, /Next\.js opens the whole page/)
})

test('packets that socket.io polls are read as text', async () => {
  const body = `42["row",{"tel":"${sentinel.mobile}","xm":"${sentinel.name}"}]`
  const got = await around.ask(answer(body, { 'content-type': 'text/plain; charset=UTF-8' }))
  assert.equal(got.status, 200, got.text)
  assert.match(got.text, /^42\["row",\{"tel":"/)
})

test('a body of another unknown format says nothing of these', async () => {
  const got = await around.ask(answer('\x01\x02', { 'content-type': 'application/x-thing' }))
  assert.equal(got.code, 'FORMAT_UNKNOWN')
  assert.equal('detail' in JSON.parse(got.text), false)
})

test('a stream that says that nothing encodes it is read', async () => {
  const got = await around.ask(
    answer(`data: {"tel":"${sentinel.mobile}"}\n\n`, {
      'content-type': 'text/event-stream',
      'content-encoding': 'none',
    }),
  )
  assert.equal(got.status, 200, got.text)
})
