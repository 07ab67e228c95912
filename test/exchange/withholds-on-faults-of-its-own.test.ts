import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FormatPlugin, Plugins } from '../../gateway/contracts.ts'
import { plugins } from '../../plugins/index.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const secret = '13800138000'

/** JSON's format, but what it reads with goes wrong in a way nobody thought of; `when` looks at a chunk. */
function withFormat(spoil: (chunk: Uint8Array) => void): Plugins {
  const json = plugins.formats.find(({ name }) => name === 'json')!
  const spoilt: FormatPlugin = {
    ...json,
    create: (...parts: Parameters<FormatPlugin['create']>) => {
      const open = json.create(...parts)
      return (...given: Parameters<typeof open>) => {
        const reader = open(...given)
        return {
          write(chunk) {
            spoil(chunk)
            return reader.write(chunk)
          },
          end: () => reader.end(),
        }
      }
    },
  }
  return { ...plugins, formats: [spoilt, ...plugins.formats.filter(format => format !== json)] }
}

test('whatever is thrown while an answer is masked withholds it, says so without quoting, and costs no connection', async t => {
  const upstream = await startUpstream(
    (_request, response) => void response.setHeader('content-type', 'application/json').end(`{"tel":"${secret}"}`),
  )
  let healthy = false
  const gateway = await startTestGateway({
    upstream: upstream.url,
    pool: { connections: 8 },
    plugins: withFormat(chunk => {
      if (!healthy) throw new TypeError(`cannot read ${Buffer.from(chunk)}`)
    }),
  })
  t.after(() => Promise.all([gateway.close(), upstream.close()]))
  for (let again = 0; again < 200; again++) {
    const answer = await fetch(`${gateway.url}/a`)
    const text = await answer.text()
    assert.equal(answer.status, 500)
    assert.ok(!text.includes(secret))
    assert.equal(JSON.parse(text).code, 'GATEWAY_FAULT')
  }
  assert.partialDeepStrictEqual((await gateway.records()).at(-1)!, {
    kind: 'access',
    outcome: 'withheld',
    code: 'GATEWAY_FAULT',
  })
  const log = gateway.log.join('')
  assert.ok(
    log.includes('TypeError') && log.includes('withholds-on-faults-of-its-own.test.ts'),
    'class and place are logged',
  )
  assert.ok(!log.includes(secret))
  healthy = true
  assert.equal(await (await fetch(`${gateway.url}/a`)).text(), '{"tel":"***"}')
})

test('after the first byte such a fault cuts the connection', async t => {
  const row = `{"tel":"${secret}","x":"${'x'.repeat(1000)}"}`
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.write(`[${Array(600).fill(row).join()},`, () => setTimeout(() => response.end(`"spoilt",${row}]`), 100))
  })
  const gateway = await startTestGateway({
    upstream: upstream.url,
    plugins: withFormat(chunk => {
      if (Buffer.from(chunk).includes('spoilt')) throw new RangeError(String(chunk))
    }),
  })
  t.after(() => Promise.all([gateway.close(), upstream.close()]))
  const answer = await fetch(`${gateway.url}/a`)
  assert.equal(answer.status, 200)
  await assert.rejects(answer.text())
  assert.partialDeepStrictEqual((await gateway.records()).at(-1)!, { kind: 'aborted', code: 'GATEWAY_FAULT' })
  assert.ok(!gateway.log.join('').includes(secret))
})
