import assert from 'node:assert/strict'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { reviewVerdictText } from '../../gateway/access/reviews/terms.ts'
import { signatureOf } from '../../gateway/console/people.ts'
import { signRequest } from '../../gateway/console/signed-request.ts'
import type { ReviewTerms, ReviewVerdict } from '../../gateway/review-event.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type ReviewingGateway, startReviewing } from '../support/reviewing.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const row = { name: '张三丰', tel: '13800138000' }
const system = (fields: string) => `system: upstream
routes:
  - { path: /x, review: three${fields} }
  - { path: /y }
  - { path: /bulk, review: three, bulk: { rows: 1 } }
`
const audiences = (level3: string) => `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { 4: partial, 3: ${level3}, 2: clear, 1: clear }
  counsellor: { like: staff }
`
let [folder, upstream, gateway]: [string, Upstream, ReviewingGateway] = [] as never

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((asked, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(asked.url === '/bulk' ? [row, row] : row))
  })
  gateway = await startReviewing({
    directory: folder,
    upstream: upstream.url,
    policies: { 'systems/upstream.yaml': system(''), 'audiences.yaml': audiences('partial') },
    limits: { answers: 8, bytes: 400 },
  })
})
after(async () => {
  await gateway?.close()
  await upstream?.close()
  await removeFolder(folder)
})

const prefix = '/.well-known/veilgate/held/'

async function held(headers: Record<string, string> = {}, as: 'staff' | null = 'staff'): Promise<string> {
  const told = await gateway.ask('/x', as, headers)
  assert.equal(told.status, 202, await told.clone().text())
  return told.headers.get('location')!.slice(-22)
}
async function released(headers: Record<string, string> = {}, as: 'staff' | null = 'staff'): Promise<string> {
  const id = await held(headers, as)
  await gateway.pass(id)
  return id
}
const refuse = (id: string) => gateway.reviews('wang', 'refuse', id)
/** The answer without what differs from one to the next. */
async function seenBy(answer: Response) {
  const { record: _, ...rest } = (await answer.json()) as Record<string, unknown>
  return { status: answer.status, ...rest }
}

test('to anybody else it is as if there were none', async () => {
  const id = await released({ 'veilgate-operator': 'u1203' })
  const unknown = await seenBy(await gateway.ask(`${prefix}${'A'.repeat(22)}`))
  assert.partialDeepStrictEqual(unknown, { status: 404, code: 'REVIEW_UNKNOWN' })
  const others = [
    () => gateway.ask(prefix + id),
    () => gateway.ask(prefix + id, 'staff', { 'veilgate-operator': 'u9' }),
    () => gateway.ask(prefix + id, 'counsellor', { 'veilgate-operator': 'u1203' }),
    () => gateway.ask(prefix + id, null),
  ]
  for (const ask of others) assert.deepEqual(await seenBy(await ask()), unknown)
  assert.equal((await gateway.ask(prefix + id, 'staff', { 'veilgate-operator': 'u1203' })).status, 200)
})

test('an answer to somebody without credentials is given where it was asked for', async () => {
  const id = await released({}, null)
  const elsewhere = await new Promise<number>((resolve, reject) => {
    const options = { port: gateway.port, path: prefix + id, localAddress: '127.0.0.9' }
    const asked = request(options, answer => answer.resume().once('end', () => resolve(answer.statusCode!)))
    asked.once('error', reject).end()
  })
  assert.equal(elsewhere, 404)
  assert.equal((await gateway.ask(prefix + id, null)).status, 200)
})

test('no spelling of a number leads anywhere else, and nothing but GET does', async () => {
  const id = await held()
  const secret = join(gateway.held, 'secret.held')
  await writeFile(secret, 'nobody')
  const paths = [
    ...['', 'secret', '../held/secret', '%2e%2e/keys', '..%2fsecret', `${id}.held`, `${id}/`, `${id}%00`, `.${id}`],
    ...[id.toLowerCase() === id ? `${id}x` : id.toLowerCase(), `${'a'.repeat(5000)}`, encodeURIComponent('../../etc')],
  ]
  for (const path of paths) {
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { authorization: `Bearer ${gateway.keys.staff}` }
      const asked = request({ port: gateway.port, path: prefix + path, headers }, answer =>
        answer.resume().once('end', () => resolve(answer.statusCode!)),
      )
      asked.once('error', reject).end()
    })
    assert.ok([400, 404].includes(status), `${path}: ${status}`)
  }
  for (const method of ['HEAD', 'POST', 'DELETE', 'OPTIONS']) {
    const headers = { authorization: `Bearer ${gateway.keys.staff}` }
    assert.equal((await fetch(gateway.url + prefix + id, { method, headers })).status, 405, method)
  }
  await rm(secret)
  await refuse(id)
})

test('of many who fetch it at once one gets it', async () => {
  const id = await released()
  const statuses = await Promise.all(Array.from({ length: 30 }, async () => (await gateway.ask(prefix + id)).status))
  assert.deepEqual(statuses.filter(status => status === 200).length, 1)
  assert.ok(statuses.every(status => status === 200 || status === 410))
})

test('one that was changed on disk, or put in the place of another, is nobody’s', async () => {
  const [changed, other, source] = [await released(), await released(), await released()]
  const path = (id: string) => join(gateway.held, `${id}.held`)
  const bytes = await readFile(path(changed))
  bytes[bytes.length - 20]! ^= 1
  await writeFile(path(changed), bytes)
  await copyFile(path(source), path(other))
  for (const id of [changed, other]) {
    const told = await gateway.ask(prefix + id)
    assert.equal(told.status, 410)
    assert.partialDeepStrictEqual(await told.json(), { code: 'REVIEW_OVER' })
    const own = (await gateway.records()).filter(({ review, kind }) => review === id && kind === 'review')
    assert.equal(own.at(-1)!['action'], 'voided')
  }
  assert.equal((await gateway.ask(prefix + source)).status, 200)
})

/** The API itself, as somebody would call it who does not use the commands. */
async function say(person: string, id: string, verdict: ReviewVerdict, signature: string, signed: string) {
  const admin = `http://127.0.0.1:${gateway.running.admin!.port}`
  const [path, body] = [`/api/reviews/${id}/verdicts`, JSON.stringify({ verdict, signed, signature })]
  const by = { person, signer: gateway.people.signerOf(person), now: Date.now() }
  const headers = { authorization: signRequest({ method: 'POST', path, body }, by), 'content-type': 'application/json' }
  const answer = await fetch(admin + path, { method: 'POST', headers, body })
  const { why } = (await answer.json()) as { why?: string }
  return { status: answer.status, ...(why !== undefined && { why }) }
}
async function termsOf(id: string): Promise<ReviewTerms> {
  const shown = await gateway.reviews('wang', 'show', id, '--json')
  return (JSON.parse(shown.stdout) as { terms: ReviewTerms }).terms
}

test('a signature counts for its step, its answer and its person', async () => {
  const [id, another] = [await held(), await held()]
  const [terms, others] = [await termsOf(id), await termsOf(another)]
  const now = new Date().toISOString()
  const sign = (person: string, verdict: ReviewVerdict, of = terms, time = now) =>
    signatureOf(gateway.people.signerOf(person), reviewVerdictText(verdict, of, time))
  const late = new Date(Date.now() - 3_600_000).toISOString()
  const before = [
    ['wang', 'pass', sign('wang', 'pass', others), now, 'signature'],
    ['wang', 'pass', sign('zhao', 'pass'), now, 'signature'],
    ['wang', 'pass', sign('wang', 'read'), now, 'signature'],
    ['wang', 'pass', sign('wang', 'pass', terms, late), late, 'stale'],
    ['zhang', 'check', sign('zhang', 'check'), now, 'not_next'],
    ['zhang', 'pass', sign('zhang', 'pass'), now, 'no_reviewer'],
    ['li', 'pass', sign('li', 'pass'), now, 'no_reviewer'],
  ] as const
  for (const [person, verdict, signature, signed, why] of before)
    assert.partialDeepStrictEqual(await say(person, id, verdict, signature, signed), { why }, `${person} ${why}`)
  const passed = sign('wang', 'pass')
  assert.equal((await say('wang', id, 'pass', passed, now)).status, 200)
  const after = [
    ['wang', 'check', passed, 'signature'],
    ['wang', 'pass', passed, 'not_next'],
    ['wang', 'check', sign('wang', 'check'), 'again'],
    ['chen', 'check', sign('chen', 'check'), 'no_reviewer'],
    ['chen', 'release', sign('chen', 'release'), 'not_next'],
  ] as const
  for (const [person, verdict, signature, why] of after)
    assert.partialDeepStrictEqual(await say(person, id, verdict, signature, now), { why }, `${person} ${why}`)
  assert.equal((await gateway.ask(prefix + id)).status, 202)
  for (const one of [id, another]) await refuse(one)
})

test('who asked for it reviews nothing of it, by whatever login they asked', async () => {
  for (const operator of ['wang', 'Login-of-wang']) {
    const id = await held({ 'veilgate-operator': operator })
    for (const step of ['pass', 'refuse']) assert.equal((await gateway.reviews('wang', step, id)).status, 2)
    assert.equal((await gateway.reviews('wang', 'show', id, '--body')).status, 2)
    assert.equal((await gateway.reviews('zhao', 'pass', id)).status, 0)
    await gateway.reviews('zhao', 'refuse', id)
  }
})

test('where too many wait, one more is withheld, and nothing of it is kept', async () => {
  const waiting: string[] = []
  for (;;) {
    const told = await gateway.ask('/x')
    if (told.status !== 202) {
      assert.equal(told.status, 503)
      assert.partialDeepStrictEqual(await told.json(), { code: 'REVIEW_FULL' })
      break
    }
    waiting.push(told.headers.get('location')!.slice(-22))
    assert.ok(waiting.length < 9)
  }
  assert.deepEqual((await readdir(gateway.held)).sort(), waiting.map(id => `${id}.held`).sort())
  for (const id of waiting) await refuse(id)
  assert.deepEqual(await readdir(gateway.held), [])
})

test('what is over its bulk limit does not even wait', async () => {
  const told = await gateway.ask('/bulk')
  assert.partialDeepStrictEqual(await told.json(), { code: 'ROWS_NEED_GRANT' })
  assert.deepEqual(await readdir(gateway.held), [])
})

test('a policy that became stricter withholds it; one that did not, does not', async () => {
  const [first, second] = [await released(), await released()]
  const file = join(folder, 'policies/systems/upstream.yaml')
  const digest = async () => (await gateway.records()).filter(({ kind }) => kind === 'policy').length
  const taken = async (change: () => Promise<void>) => {
    const before = await digest()
    await change()
    await until('another policy on record', async () => (await digest()) !== before)
    // the record can be read before it is durable, and only then the policy is in force: what is recorded behind it comes later
    assert.equal((await gateway.ask('/nowhere')).status, 404)
  }
  await taken(() => writeFile(file, system('').replace('{ path: /y }', '{ path: /y, bulk: { rows: 9 } }')))
  assert.equal((await gateway.ask(prefix + first)).status, 200)
  await taken(() => writeFile(join(folder, 'policies/audiences.yaml'), audiences('redact')))
  const told = await gateway.ask(prefix + second)
  assert.equal(told.status, 410)
  assert.partialDeepStrictEqual(await told.json(), { code: 'REVIEW_OVERTAKEN' })
  assert.deepEqual(await readdir(gateway.held), [])
})
