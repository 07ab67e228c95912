import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { name, mobile, id } = sentinel

/** Spellings of names of fields; their values are found by the name alone. */
const names = [
  '\\u0078\\u006d',
  '\\u0078m',
  'XM',
  'x_m',
  'x-m',
  'ｘｍ',
  'x\\u200bm',
  '\\ufeffxm',
  'x\\u00adm',
  ' xm ',
  'x.m',
  '姓\\u540d',
  '姓\u200d名',
  'ⅹⅿ',
]

for (const key of names) {
  test(`a name by another spelling is the same name: ${JSON.stringify(key)}`, async () => {
    const got = await ask(answer(`{"a":[{"${key}":"${name}"}]}`))
    assert.equal(got.status, 200)
    assert.ok(got.text.includes('司'), got.text)
  })
}

test('names that mean something to a runtime are names like any other', async () => {
  for (const key of [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    '0',
    'length',
    'tel.x',
    'a.tel',
    'tel[0]',
  ]) {
    const got = await ask(answer(`{"${key}":{"tel":"${mobile}","__proto__":{"xm":"${name}"}},"${key}":"${id}"}`))
    assert.equal(got.status, 200, key)
  }
})

test('a name that is itself a personal value is masked', async () => {
  for (const body of [
    `{"${mobile}":1}`,
    `{"\\u0031${mobile.slice(1)}":{"x":1}}`,
    `{"u-${id}":{"${id}":{"${id}":null}}}`,
    `{"${sentinel.email}":[],"${sentinel.card}":"x"}`,
    `{"tel ${mobile} of ${id}":1}`,
  ]) {
    const got = await ask(answer(body))
    assert.equal(got.status, 200)
    JSON.parse(got.text)
  }
})
