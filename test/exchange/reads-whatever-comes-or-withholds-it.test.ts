import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { limitRules, limitsFrom } from '../../gateway/config/limits.ts'
import { Refusal } from '../../gateway/errors.ts'
import { maskAnswer } from '../../gateway/exchange/response/answer.ts'
import { linksOf } from '../../gateway/exchange/response/links.ts'
import { fill } from '../../gateway/exchange/response/masked-body.ts'
import { BodyQueue } from '../../gateway/exchange/upstream/body.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import { plugins } from '../../plugins/index.ts'
import { planOf } from '../support/plan.ts'

const plan = planOf({ fields: { xm: 'name', 姓名: 'name' }, types: { name: {}, tel: { detector: 'cn_mobile' } } })
const parts = {
  masking: createMasking(plugins),
  limits: limitsFrom(limitRules),
  scope: { consumer: 'oa', purpose: '' },
  links: linksOf('http://10.0.0.5', '', ''),
}
const sentinel = '13812340987'
/** Inside a longer number it is another. */
const alone = new RegExp(`(?<![0-9A-Za-z*])${sentinel}(?![0-9A-Za-z*])`)

async function through(headers: Record<string, string>, body: Uint8Array, cut: number, assets: boolean) {
  const queue = new BodyQueue({ pause() {}, resume() {}, cancel() {} })
  queue.push(body.subarray(0, cut))
  queue.push(body.subarray(cut))
  queue.end()
  const kinds = assets ? new Set(['styles', 'scripts', 'fonts', 'images'] as const) : null
  const masked = await maskAnswer({ status: 200, headers, body: queue }, 'GET', {
    ...parts,
    plan: { ...plan, assets: kinds },
  })
  while (!masked.ended) await fill(masked, Number.POSITIVE_INFINITY)
  return { bytes: Buffer.concat(masked.blocks.take()), format: masked.masker?.format }
}

/** What leaves, or the code it is withheld with. Anything else that is thrown is a fault of ours. */
async function outcome(...asked: Parameters<typeof through>) {
  try {
    return { code: null, ...(await through(...asked)) }
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error))
    return { code: error.code, bytes: null, format: null }
  }
}

const essence = fc.constantFrom(
  ...plugins.formats.flatMap(({ mediaTypes }) => mediaTypes),
  'text/javascript',
  'text/css',
  'image/png',
  'image/svg+xml',
  'application/octet-stream',
  'text/x',
  'x',
)
const charset = fc.constantFrom(
  '',
  '; charset=gbk',
  ';charset=big5',
  '; charset="utf-8"',
  '; charset=gb18030',
  '; charset=x',
  '; boundary=b',
)
const piece = fc.oneof(
  fc.constantFrom(
    sentinel,
    '{"xm":"',
    '"}',
    '<r>',
    '</r>',
    '<table><tr><td>',
    '<?xml version="1.0" encoding="gbk"?>',
    '<meta charset=gbk>',
  ),
  fc.constantFrom(
    '姓名',
    '：',
    ',',
    '\n',
    '\r\n--b\r\n',
    'data: ',
    '\ufeff',
    'PK\x03\x04',
    '%PDF-',
    'cb(',
    ' ',
    '\0',
    'http://10.0.0.5/',
  ),
  fc.string(),
)
const body = fc.oneof(
  fc.array(piece, { maxLength: 10 }).map(pieces => Buffer.from(pieces.join(''))),
  fc.uint8Array({ maxLength: 64 }).map(bytes => Buffer.from(bytes)),
)
const encoding = fc.constantFrom('', 'gzip', 'deflate', 'gzip, gzip', 'br', 'identity')

test('whatever comes under whatever label is read, or withheld with a code of its own, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      essence,
      charset,
      body,
      encoding,
      fc.nat(400),
      fc.boolean(),
      async (type, label, bytes, coding, cut, assets) => {
        const sent = coding === 'gzip' ? gzipSync(bytes) : coding === 'deflate' ? deflateRawSync(bytes) : bytes
        const headers = { 'content-type': type + label, ...(coding !== '' && { 'content-encoding': coding }) }
        const told = `${headers['content-type']}: ${JSON.stringify(bytes.toString('latin1'))}`
        const got = await outcome(headers, sent, cut % (sent.length + 1), assets)
        assert.notEqual(got.code, 'GATEWAY_FAULT', told)
        if (got.format !== 'asset') assert.doesNotMatch(String(got.bytes), alone, told)
        // where a body has two faults, the pieces decide which of them is met first
        const whole = await outcome(headers, sent, 0, assets)
        assert.deepEqual({ ...whole, code: null }, { ...got, code: null }, `${told} in one piece`)
      },
    ),
    { numRuns: 1000 },
  )
})
