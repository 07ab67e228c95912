/** Damaged HTTP on both sides of a gateway over real sockets. */
import { setTimeout } from 'node:timers/promises'
import { rawClient } from '../../support/raw-client.ts'
import { person, sentinel } from '../../support/sentinels.ts'
import { startTestGateway } from '../../support/start-gateway.ts'
import { startRawUpstream } from '../../support/start-upstream.ts'
import { answer } from '../../support/way-around.ts'
import { standsIn } from './bodies.ts'
import { mutate } from './mutate.ts'
import type { Random } from './random.ts'

const { mobile, id } = sentinel
const body = JSON.stringify(person)
const chunked = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: x-tel\r\n\r\n${Buffer.byteLength(body).toString(16)};x=${mobile}\r\n${body}\r\n0\r\nx-tel: ${mobile}\r\n\r\n`
const answers = [
  answer(body, { 'x-user': mobile, etag: `"${id}"`, 'set-cookie': `sid=${mobile}; Path=/` }),
  Buffer.from(chunked),
  Buffer.from(`HTTP/1.1 103 Early Hints\r\nLink: </${mobile}>\r\n\r\n${chunked}`),
  answer('', { location: `/u/${mobile}`, link: `</u/${id}>` }, '302 Found'),
  answer(`no ${mobile}`, { 'content-type': 'text/plain' }, `500 ${mobile}`),
]
const requests = [
  `GET /a?q=${mobile} HTTP/1.1\r\nHost: gw\r\nCookie: sid=${mobile}\r\nX-Id: ${id}\r\n\r\n`,
  `POST /a HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n{"tel":"${mobile}"}`,
  `POST /a HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n${mobile}\r\n0\r\n\r\n`,
  `GET /a HTTP/1.1\r\nHost: gw\r\nAuthorization: Bearer vg_${mobile}\r\nVeilgate-Operator: ${mobile}\r\nRange: bytes=0-5\r\n\r\n`,
].map(text => Buffer.from(text))

export type Framing = {
  /** One damaged answer, or one damaged request; what went wrong, or null. */
  turn(random: Random): Promise<{ readonly why: string; readonly bytes: Buffer } | null>
  close(): Promise<void>
}

export async function startFraming(): Promise<Framing> {
  let next: Buffer = answers[0]!
  const upstream = await startRawUpstream(socket => {
    socket.write(next)
    if (!next.includes('content-length')) void setTimeout(5).then(() => socket.end())
  })
  const gateway = await startTestGateway({
    upstream: upstream.url,
    timeouts: { connect: 500, headers: 200, idle: 200, total: 1000 },
  })
  const exchange = async (request: Buffer): Promise<Buffer> => {
    const client = await rawClient(gateway.port)
    client.write(request)
    // a damaged request may never be answered, and an answered one keeps its connection
    const late = setTimeout(1500, null, { ref: false })
    await Promise.race([client.settled(40), late])
    client.destroy()
    return client.received()
  }
  const plain = Buffer.from('GET /a HTTP/1.1\r\nHost: gw\r\nConnection: close\r\n\r\n')
  let logged = 0

  return {
    async turn(random) {
      const byAnswer = random.once(2)
      next = byAnswer ? mutate(random, random.of(answers), random.of(answers)) : answers[0]!
      const request = byAnswer ? plain : mutate(random, random.of(requests), random.of(requests))
      const bytes = byAnswer ? next : request
      const got = await exchange(request)
      const found = standsIn(got)
      if (found !== null) return { why: `${byAnswer ? 'an answer' : 'a request'} gives away ${found}`, bytes }
      if (got.includes('GATEWAY_FAULT')) return { why: 'a fault of ours', bytes }
      for (const line of gateway.log.slice(logged)) {
        if (standsIn(Buffer.from(line)) !== null) return { why: 'a value is logged', bytes }
      }
      logged = gateway.log.length
      next = answer('{"n":1}')
      // on a busy machine some run into a time limit
      for (let again = 0; again < 20; again++) {
        if ((await exchange(plain)).includes('{"n":1}')) return null
        await setTimeout(100 * again)
      }
      return { why: 'the gateway does not serve the next request', bytes }
    },
    async close() {
      await gateway.close()
      await upstream.close()
    },
  }
}
