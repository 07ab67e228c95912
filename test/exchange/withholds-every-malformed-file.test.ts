import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { corpus } from '../support/corpora.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const suite = corpus('json-testsuite')
const folder = `${suite.path}/test_parsing`
const bodies = new Map<string, Buffer>()
if (suite.skip === false) {
  for (const name of readdirSync(folder)) bodies.set(name, readFileSync(`${folder}/${name}`))
}

/** A policy that matches nothing in these files. */
const policies = {
  'catalogue.yaml':
    'data_types: { never: { title: { zh: 无, en: none }, cell: D1, names: [veilgate-names-nothing] } }\n',
  'audiences.yaml':
    'audiences:\n  public: { 4: remove, 3: redact, 2: partial, 1: clear }\n  staff: { like: public }\n  counsellor: { like: public }\n',
  'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: "/**", unlisted: { keep: published test data } }]\n',
}

let upstream: Upstream
let gateway: TestGateway
before(async () => {
  upstream = await startUpstream((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(bodies.get(decodeURIComponent(request.url!.slice(1))))
  })
  gateway = await startTestGateway({ upstream: upstream.url, policies })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

async function ask(name: string): Promise<{ status: number; bytes: Buffer }> {
  const answer = await fetch(`${gateway.url}/${encodeURIComponent(name)}`)
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) }
}

const plainName = /^[\w.-]+$/

test('every malformed file of JSONTestSuite is withheld with 502, and not one of its bytes leaves', suite, async () => {
  const names = [...bodies.keys()].filter(name => name.startsWith('n_') && bodies.get(name)!.length > 0)
  assert.ok(names.length > 180)
  for (const name of names.filter(one => plainName.test(one))) {
    const { status, bytes } = await ask(name)
    assert.equal(status, 502, name)
    const problem = JSON.parse(bytes.toString()) as Record<string, unknown>
    assert.match(String(problem['code']), /^(FORMAT|CHARSET|ENCODING)_|^ANSWER_TOO_LARGE$/, name)
    assert.deepEqual(Object.keys(problem).sort(), ['code', 'record', 'status', 'title', 'type'], name)
  }
})

test('every well-formed file of JSONTestSuite comes out byte for byte', suite, async () => {
  const names = [...bodies.keys()].filter(name => name.startsWith('y_') && plainName.test(name))
  assert.ok(names.length > 80)
  for (const name of names) {
    const { status, bytes } = await ask(name)
    assert.equal(status, 200, name)
    assert.ok(bytes.equals(bodies.get(name)!), name)
  }
})
