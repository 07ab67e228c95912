/** Each notifier against a server that takes what it sends. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, createServer as createStream, type Server } from 'node:net'
import { test } from 'node:test'
import type { Notice } from '../../gateway/contracts.ts'
import { plugins } from '../../plugins/index.ts'
import { dingtalk } from '../../plugins/notifiers/dingtalk.ts'
import { feishu } from '../../plugins/notifiers/feishu.ts'
import { mail } from '../../plugins/notifiers/mail.ts'
import { syslog } from '../../plugins/notifiers/syslog.ts'
import { webhook } from '../../plugins/notifiers/webhook.ts'
import { wecom } from '../../plugins/notifiers/wecom.ts'
import { isAPlugin } from '../contract/plugin.ts'

const notice: Notice = {
  id: 'canary-gw1-0.7',
  time: '2026-11-21T09:30:00.000Z',
  rule: 'canary',
  words: { zh: '告警 canary：u1', en: 'alert canary: u1' },
  consumer: 'oa',
  operator: 'u1',
  address: null,
  amount: 1,
  limit: 0,
  record: 'gw1-0:7',
}
const soon = (): AbortSignal => AbortSignal.timeout(60_000)

for (const plugin of plugins.notifiers) isAPlugin(plugin, 'notifier')

type Posted = { url: URL; headers: IncomingHttpHeaders; body: string }

/** A web server that answers each call with `answer`. */
async function posts(
  answer: { status?: number; body?: string },
  act: (url: string) => Promise<void>,
): Promise<Posted[]> {
  const posted: Posted[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', text => (body += text))
    request.on('end', () => {
      posted.push({ url: new URL(request.url!, 'http://x'), headers: request.headers, body })
      response.statusCode = answer.status ?? 200
      response.end(answer.body ?? '')
    })
  })
  await listen(server)
  try {
    await act(`http://127.0.0.1:${portOf(server)}/hook?key=k`)
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  return posted
}

const listen = (server: Server) => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
const portOf = (server: Server) => (server.address() as AddressInfo).port

test('a webhook is signed over its id, time and body', async () => {
  const [posted] = await posts({}, url => webhook.create({ url, secret_file: 'secret' })(notice, soon()))
  const { headers, body } = posted!
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const wanted = createHmac('sha256', 'secret').update(signed).digest('base64')
  assert.equal(headers['webhook-signature'], `v1,${wanted}`)
  assert.deepEqual(JSON.parse(body), { type: 'veilgate.alert', ...notice })
})

test('robots get a text, signed as each wants it, and are believed by their own code', async () => {
  const taken = '{"errcode":0,"code":0}'
  const [ding] = await posts({ body: taken }, url =>
    dingtalk.create({ url_file: url, secret_file: 'SEC1' })(notice, soon()),
  )
  const time = ding!.url.searchParams.get('timestamp')
  const sign = createHmac('sha256', 'SEC1').update(`${time}\nSEC1`).digest('base64')
  assert.equal(ding!.url.searchParams.get('sign'), sign)
  assert.equal(ding!.url.searchParams.get('key'), 'k')
  assert.match(JSON.parse(ding!.body).text.content, /告警 canary：u1\nalert canary: u1\ngw1-0:7/)

  const [fei] = await posts({ body: taken }, url => feishu.create({ url_file: url, secret_file: 'S' })(notice, soon()))
  const sent = JSON.parse(fei!.body)
  assert.equal(sent.sign, createHmac('sha256', `${sent.timestamp}\nS`).digest('base64'))
  assert.match(sent.content.text, /canary/)

  const [we] = await posts({ body: taken }, url => wecom.create({ url_file: url })(notice, soon()))
  assert.match(JSON.parse(we!.body).text.content, /canary/)
})

test('what is not taken is rejected, whatever says so', async () => {
  for (const answer of [{ status: 500 }, { status: 404 }]) {
    await posts(answer, url => assert.rejects(webhook.create({ url, secret_file: 's' })(notice, soon())))
  }
  for (const body of ['{"errcode":310000,"errmsg":"sign not match"}', '<html>', '']) {
    await posts({ body }, url => assert.rejects(wecom.create({ url_file: url })(notice, soon())))
    await posts({ body }, url => assert.rejects(dingtalk.create({ url_file: url })(notice, soon())))
  }
  await posts({ body: '{"code":19021}' }, url => assert.rejects(feishu.create({ url_file: url })(notice, soon())))
  await assert.rejects(webhook.create({ url: 'http://127.0.0.1:1/', secret_file: 's' })(notice, soon()))
})

test('syslog gets one message of RFC 5424, by UDP or counted by TCP', async () => {
  const shape =
    /^<108>1 2026-11-21T09:30:00\.000Z \S+ veilgate - alert \[veilgate@32473 rule="canary" record="gw1-0:7" consumer="oa" operator="u1" amount="1" limit="0"\] \ufeff告警 canary：u1 alert/
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  const received = new Promise<string>(resolve => socket.once('message', message => resolve(String(message))))
  await syslog.create({ host: '127.0.0.1', port: socket.address().port })(notice, soon())
  assert.match(await received, shape)
  socket.close()

  let text = ''
  const server = createStream(stream => stream.setEncoding('utf8').on('data', chunk => (text += chunk)))
  await listen(server)
  await syslog.create({ host: '127.0.0.1', port: portOf(server), protocol: 'tcp' })(notice, soon())
  await new Promise(resolve => server.close(resolve))
  const [, count, message] = /^(\d+) (.*)$/s.exec(text)!
  assert.equal(Buffer.byteLength(message!), Number(count))
  assert.match(message!, shape)
})

test('a value in a syslog message cannot end it', async () => {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  const received = new Promise<string>(resolve => socket.once('message', message => resolve(String(message))))
  const odd = { ...notice, operator: 'u"]\\x' }
  await syslog.create({ host: '127.0.0.1', port: socket.address().port })(odd, soon())
  assert.match(await received, /operator="u\\"\\\]\\\\x" amount/)
  socket.close()
})

test('e-mail goes by SMTP to all recipients, and not without TLS unless that is said', async () => {
  let said = ''
  const server = createStream(stream => {
    let inData = false
    stream.setEncoding('utf8').write('220 mail ESMTP\r\n')
    stream.on('data', (text: string) => {
      said += text
      if (inData) {
        if (!said.endsWith('\r\n.\r\n')) return
        inData = false
        stream.write('250 taken\r\n')
      } else if (/^DATA/m.test(text)) {
        inData = true
        stream.write('354 go on\r\n')
      } else if (/^QUIT/m.test(text)) stream.end('221 bye\r\n')
      else stream.write('250 well\r\n')
    })
    stream.on('error', () => {})
  })
  await listen(server)
  const options = {
    host: '127.0.0.1',
    port: portOf(server),
    from: 'gw@example.edu.cn',
    to: ['a@example.edu.cn', 'b@example.edu.cn'],
  }
  await mail.create({ ...options, tls: 'never' })(notice, soon())
  assert.match(said, /RCPT TO:<a@example\.edu\.cn>[\s\S]*RCPT TO:<b@example\.edu\.cn>/)
  assert.match(said, /Subject: Veilgate: canary/)
  said = ''
  await assert.rejects(mail.create(options)(notice, soon()))
  assert.doesNotMatch(said, /DATA/)
  await new Promise(resolve => server.close(resolve))
})
