import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMultipart } from '../../gateway/exchange/request/multipart.ts'
import { isGraphql } from '../../gateway/exchange/request/pairs.ts'
import { questionOf } from '../../gateway/exchange/request/question.ts'
import { spellingsOf } from '../../gateway/exchange/request/spellings.ts'
import { withoutData } from '../../plugins/formats/html/attributes.ts'
import { readHeaders } from '../../plugins/formats/multipart/headers.ts'
import { fakeName } from '../../plugins/masks/fake-name.ts'
import { testKeys } from '../contract/key-ring.ts'
import { maskBody } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

// Each of these once took minutes or for ever: the test ends by its limit then.

test('a comment in a member called query is read once', () => {
  const asks = (value: string) => isGraphql({ name: 'query', value })
  assert.equal(asks(`#n${'#ion'.repeat(10_000)}`), false)
  assert.equal(asks(`${'# a comment\n, '.repeat(1000)}query { student { tel } }`), true)
  assert.equal(asks('# { student { tel } }'), false)
})

test('a line of blanks in the head of a part is read once, sent or answered', () => {
  const blanks = '\t'.repeat(16_000)
  const body = Buffer.from(`--b\r\nx:${blanks}\n${blanks}\r\n\r\n1\r\n--b--\r\n`)
  assert.throws(() => readMultipart(body, 'b'), { code: 'REQUEST_MALFORMED' })
  assert.throws(() => readHeaders([`content-type:${blanks}\n${blanks}`]))
  const named = `--b\r\ncontent-disposition:${blanks} form-data; name="a" \t\r\n\r\n1\r\n--b--\r\n`
  assert.equal(Buffer.from(readMultipart(Buffer.from(named), 'b').form).toString(), 'a=1')
})

test('quotes that are never closed are read once where a body is compared', () => {
  assert.notEqual(questionOf('application/json', Buffer.from('\\"'.repeat(500_000))), null)
  const [one, other] = ['{"a b": [1 , "c\\" d" ]}', '{ "a b":[1,"c\\" d"] }'].map(text => Buffer.from(text))
  assert.equal(questionOf('application/json', one!), questionOf('application/json', other!))
})

test('a parameter of signs is spelled once', () => {
  assert.ok(spellingsOf(`tel${'-'.repeat(100_000)}x`).length > 0)
  assert.ok(spellingsOf('tel-_-like').includes('tel'))
})

test('a style that begins files without end is read once', () => {
  const style = 'data:'.repeat(200_000)
  assert.equal(withoutData(style), style)
  assert.equal(withoutData('a: url(data:image/png;base64,AAAA) b: data:x c'), 'a: url(data:,) b: data:x c')
})

test('a name of commas is read once', () => {
  const scope = { consumer: 'portal', purpose: 'enrolment', dataType: 'person_name' }
  assert.equal(fakeName.create({}, testKeys).mask(`A${',\t'.repeat(60)}!`, scope), null)
})

test('a text of a page with thousands of values, and a tag, is written once', () => {
  const plan = planOf({ fields: { qq: 'number' }, types: { number: {} } })
  const { bytes } = maskBody(plan, `<p>${'QQ=='.repeat(100_000)}QQ=12345678<b>.</b></p>`, [], 'html')
  assert.doesNotMatch(bytes.toString(), /12345678/)
})
