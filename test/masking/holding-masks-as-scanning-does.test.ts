import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { workbook } from '../../gateway/demo/workbook.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { plugins } from '../../plugins/index.ts'
import { policy } from '../shipped/policies.ts'
import { bodyOfEveryType } from '../support/every-type.ts'
import { limits, masking, scope, tallyOf } from '../support/mask-body.ts'

const system = policy.systems.get('student-affairs')!
const route = system.routes.find(({ template }) => template.text === '/api/students')!
const plans = [...policy.audiences.keys()].map(name => policy.plan(system, route, name, new Set()))
const boundary = 'XX'

/** What comes out of a body that arrives in two pieces, with its tally and the paths that nothing lists. */
async function masked(plan: Plan, name: string, body: Uint8Array, cut = body.length >> 1) {
  const format = plugins.formats.find(one => one.name === name)!
  const masker = masking.start(plan, format, scope, limits, { boundary })
  try {
    const out = [...masker.write(body.slice(0, cut)), ...masker.write(body.slice(cut)), ...(await masker.finish())]
    return { bytes: Buffer.concat(out).toString('latin1'), tally: tallyOf(masker), unlisted: masker.unlisted() }
  } catch (error) {
    return { error: (error as { code?: string }).code }
  }
}

async function sameAsScanned(plan: Plan, name: string, body: Uint8Array, cut?: number): Promise<readonly string[]> {
  const scanned = await masked({ ...plan, unlisted: 'scan' }, name, body, cut)
  const held = await masked({ ...plan, unlisted: 'hold' }, name, body, cut)
  if ('error' in scanned || 'error' in held) {
    assert.deepEqual(held, scanned)
    return []
  }
  assert.equal(held.bytes, scanned.bytes)
  assert.deepEqual(held.tally, scanned.tally)
  assert.deepEqual(scanned.unlisted, [])
  return held.unlisted!
}

const part = (name: string, value: string) =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const samples: readonly [format: string, body: string, unlisted: readonly string[]][] = [
  [
    'json',
    '{"xm":"张三丰","data":[{"tel":"13800138000","quux":"13900139000","empty":"","none":null}]}',
    ['data[].quux'],
  ],
  ['json', '{"xm":"张三丰","quux":true,"data":{"n":1,"deep":[[{"x y":0}]]}}', ['quux', 'data.n', 'data.deep[][].x y']],
  ['json', '{"13800138000":{"quux":1}}', ['***.quux']],
  ['json', '["just a text"]', ['[]']],
  ['json', '"text"', ['$']],
  ['ndjson', '{"xm":"张三"}\n{"quux":7}\n', ['quux']],
  ['csv', 'xm,quux\n张三丰,7\n李四,8\n', ['[].quux']],
  ['csv', 'xm,tel\n张三丰,13800138000\n', []],
  ['form', 'xm=a&quux=b', ['quux']],
  ['xml', '<r><xm>张三丰</xm><quux no="1">x</quux></r>', ['r.quux.no', 'r.quux']],
  ['xml', '<r><xm>张三丰</xm><tel>13800138000</tel></r>', []],
  ['text', 'nobody has named this', ['$']],
  ['event_stream', 'data: {"xm":"张三丰","quux":1}\n\n', ['quux']],
  ['multipart', `${part('xm', '张三丰')}${part('quux', '13800138000')}--${boundary}--\r\n`, ['quux']],
  [
    'html',
    '<table><tr><th>xm</th><th>tel</th></tr><tr><td>张三</td><td>13800138000</td></tr></table><p>a b</p>',
    ['$'],
  ],
]

for (const [format, body, unlisted] of samples)
  test(`${format} is masked under hold as under scan, and what nothing lists is named: ${body.slice(0, 40).replaceAll(/\s+/g, ' ')}`, async () => {
    for (const plan of plans) {
      const found = await sameAsScanned(plan, format, Buffer.from(body))
      assert.deepEqual([...found].sort(), [...unlisted].sort(), plan.audience)
    }
  })

test('a workbook whose columns are all listed names nothing, and one more column is named', async () => {
  for (const plan of plans) {
    const rows = [{ xm: '张三丰', tel: '13800138000' }]
    assert.deepEqual(await sameAsScanned(plan, 'xlsx', workbookOf(rows)), [])
    const found = await sameAsScanned(plan, 'xlsx', workbookOf(rows.map(row => ({ ...row, quux: 'x' }))))
    assert.deepEqual(found, ['S[].quux'])
  }
})

test('a body with every data type, however it is cut', async () => {
  const body = Buffer.from(bodyOfEveryType(policy))
  for (const plan of plans)
    for (let cut = 0; cut < body.length; cut += 997) {
      const found = await sameAsScanned(plan, 'json', body, cut)
      assert.ok(found.length > 0)
    }
})

test('any JSON', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 4 }), fc.constantFrom(...plans), async (json, plan) => {
      await sameAsScanned(plan, 'json', Buffer.from(json))
    }),
    { numRuns: 400 },
  )
})

test('names that are data, and bodies that are hostile, cost neither memory nor a path', async () => {
  const long = 'n'.repeat(100_000)
  const wide = `{"${long}":{${Array.from({ length: 30_000 }, (_, at) => `"k${at}":${at}`).join(',')}}}`
  const found = await sameAsScanned(plans[0]!, 'json', Buffer.from(wide))
  assert.ok(found.length <= 200)
  assert.ok(found.every(path => path.startsWith('***.k') && path.length < 600))
  const deep = `${'{"abcdefghij":'.repeat(100)}1${'}'.repeat(100)}`
  const [path] = await sameAsScanned(plans[0]!, 'json', Buffer.from(deep))
  assert.ok(path!.length < 600 && path!.endsWith('…'))
})

function workbookOf(rows: readonly Record<string, string>[]): Uint8Array {
  return workbook('S', [Object.keys(rows[0]!), ...rows.map(row => Object.values(row))])
}
