import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import { test } from 'node:test'
import { Refusal } from '../../gateway/errors.ts'
import { UpstreamFaults } from '../../gateway/exchange/upstream/faults.ts'
import { createLog } from '../../gateway/log.ts'
import { localhost } from '../support/certificates.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startRawUpstream } from '../support/start-upstream.ts'

type Line = {
  level: string
  message: string
  system?: string
  route?: string
  code?: string
  cause?: string
  count?: number
  record?: string
}

const secret = '13800138000'
const lines = (gateway: TestGateway) => gateway.log.map(line => JSON.parse(line) as Line)

/** Asks for each path, and gives what was logged by then. */
async function toldOf(options: Parameters<typeof startTestGateway>[0], paths: string[]): Promise<Line[]> {
  const gateway = await startTestGateway(options)
  try {
    for (const path of paths) await (await fetch(`${gateway.url}${path}`)).text()
    return lines(gateway).filter(({ code }) => code !== undefined)
  } finally {
    await gateway.close()
  }
}

test('a system that does not run is told of with what to do, once, however often it is asked', async () => {
  const gone = await startRawUpstream(() => {})
  await gone.close()
  const told = await toldOf({ upstream: gone.url }, ['/a', '/b', `/c?tel=${secret}`])
  assert.equal(told.length, 1)
  const [line] = told as [Line]
  assert.deepEqual(
    [line.level, line.system, line.code, line.cause],
    ['warn', 'upstream', 'UPSTREAM_UNREACHABLE', 'ECONNREFUSED'],
  )
  assert.match(line.message, /nothing listens at its address.*gateway\.yaml/)
  assert.match(line.record ?? '', /^gw1-0:\d+$/)
})

test('a certificate that is not trusted is told of as that, and names the key of gateway.yaml that settles it', async () => {
  const system = createServer({ key: localhost.key, cert: localhost.certificate }, (_request, response) =>
    response.end('{}'),
  )
  await new Promise<void>(resolve => system.listen(0, '127.0.0.1', resolve))
  const { port } = system.address() as { port: number }
  try {
    const [line] = await toldOf({ upstream: `https://127.0.0.1:${port}` }, ['/a'])
    assert.equal(line?.code, 'UPSTREAM_UNREACHABLE')
    assert.match(line?.message ?? '', /not trusted.*`ca`/)
  } finally {
    system.closeAllConnections()
    await new Promise(resolve => system.close(resolve))
  }
})

test('each way of breaking the protocol is told of by the rule it breaks, and nothing of the answer', async () => {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nx-tel: ${secret}\r\n`
  const answers: Record<string, string> = {
    '/folded': `${head}x-more: a\r\n ${secret}\r\ncontent-length: 2\r\n\r\n{}`,
    '/two-lengths': `${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
    '/cut-short': `${head}content-length: 99\r\n\r\n${secret}`,
    '/not-http': `tel ${secret}\r\n\r\n`,
    '/unread': `${head}content-length: 12\r\n\r\n\u0000\u0001${secret.slice(1)}`,
    '/charset': `HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-16\r\ncontent-length: 11\r\n\r\n${secret}`,
  }
  const system = await startRawUpstream(
    (socket, request) => void socket.end(answers[request.split(' ')[1] ?? ''] ?? ''),
  )
  try {
    const told = await toldOf({ upstream: system.url }, Object.keys(answers))
    const causes = new Map(told.map(({ code, cause }) => [cause ?? code, code]))
    for (const code of ['FORMAT_UNKNOWN', 'CHARSET_UNKNOWN']) assert.equal(causes.get(code), code)
    assert.equal(causes.get('UND_ERR_SOCKET'), 'UPSTREAM_BROKEN')
    assert.ok([...causes.keys()].some(cause => cause?.startsWith('HPE_')))
    assert.ok(!JSON.stringify(told).includes(secret.slice(1)))
  } finally {
    await system.close()
  }
})

test('a system that has browsers sign in themselves is told of as that, and its challenge goes nowhere', async () => {
  const challenges = ['NTLM', 'Negotiate', `Digest realm="${secret}", nonce="1"`, 'Basic realm="x"', 'Bearer realm="x"']
  const system = await startRawUpstream((socket, request) => {
    const challenge = challenges[Number(request.split(' ')[1]!.slice(1))]
    socket.end(`HTTP/1.1 401 X\r\nwww-authenticate: ${challenge}\r\ncontent-type: application/json\r\n\r\n{"code":1}`)
  })
  const gateway = await startTestGateway({ upstream: system.url })
  try {
    for (const at of challenges.keys()) {
      const answer = await fetch(`${gateway.url}/${at}`)
      assert.equal(answer.headers.get('www-authenticate'), null)
      const isOfBrowsers = !challenges[at]!.startsWith('Bearer')
      assert.equal(answer.status, isOfBrowsers ? 502 : 401)
      assert.equal(((await answer.json()) as Line).code, isOfBrowsers ? 'UPSTREAM_SIGN_IN' : 1)
    }
    const told = lines(gateway).filter(({ code }) => code !== undefined)
    assert.deepEqual([...new Set(told.map(({ code }) => code))], ['UPSTREAM_SIGN_IN'])
    assert.match(told[0]!.message, /NTLM.*`credentials`/)
  } finally {
    await gateway.close()
    await system.close()
  }
})

test('what a format calls a fault is no cause beside the code that says it', async () => {
  const gbk = Buffer.from('<p>\xd5\xc5\xc8\xfd</p>', 'latin1')
  const system = await startRawUpstream(socket => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nconnection: close\r\n\r\n')
    socket.end(gbk)
  })
  try {
    const [line] = await toldOf({ upstream: system.url }, ['/a'])
    assert.equal(line?.code, 'CHARSET_MALFORMED')
    assert.deepEqual([line?.cause, line && 'withheld' in line], [undefined, false])
  } finally {
    await system.close()
  }
})

test('what goes on is told again each minute, with how often it was so; what no system caused is not told', () => {
  const log: Line[] = []
  let time = 0
  const write = (line: string) => void log.push(JSON.parse(line))
  const faults = new UpstreamFaults(createLog({ lang: 'zh', write, forPeople: false }), () => time)
  const refusal = new Refusal(
    'UPSTREAM_UNREACHABLE',
    {},
    { cause: Object.assign(new Error(secret), { code: 'ENOTFOUND' }) },
  )
  for (time = 0; time < 150_000; time += 10_000) faults.tell(refusal, { system: 'old', route: '/a' })
  faults.tell(refusal, { system: 'old', route: '/b' })
  for (const route of ['/c', '/d', '/c']) faults.tell(new Refusal('FORMAT_UNKNOWN'), { system: 'old', route })
  faults.tell(new Refusal('UPSTREAM_ERROR'), { system: 'old', route: '/a' })
  faults.tell(new Refusal('ROUTE_UNKNOWN'), { system: 'old' })
  assert.deepEqual(
    log.map(({ route, count }) => [route, count]),
    [
      ['/a', undefined],
      ['/a', 6],
      ['/a', 6],
      ['/c', undefined],
      ['/d', undefined],
    ],
  )
  assert.match(log[0]?.message ?? '', /DNS/)
})
