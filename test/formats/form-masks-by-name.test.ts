import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskBody, maskText } from '../support/mask-body.ts'
import { id, people, tel } from './people-plan.ts'

const form = (body: string) => maskText(people, body, 'form')

test('values are masked by their names, however these are nested or written', () => {
  const name = encodeURIComponent('张三丰')
  assert.equal(form(`xm=${name}&n=1`), `xm=${encodeURIComponent('张')}**&n=1`)
  assert.equal(form(`student%5Bxm%5D=${name}`), `student%5Bxm%5D=${encodeURIComponent('张')}**`)
  assert.equal(
    form(`a.guardian.tel=4711&b[guardian][tel]=4712&tel=x`),
    'a.guardian.tel=***&b[guardian][tel]=***&tel=***',
  )
  assert.equal(form('rows[0][%78m]=zhang'), 'rows[0][%78m]=z****')
})

test('controls of ASP.NET and JSF are fields by their last name', () => {
  assert.equal(form('ctl00$main$xm=zhang&ctl00%24main%24txtXm=zhang'), 'ctl00$main$xm=z****&ctl00%24main%24txtXm=z****')
  assert.equal(form('form1:xm=zhang&form1:tbl:0:guardian:tel=1'), 'form1:xm=z****&form1:tbl:0:guardian:tel=***')
  assert.equal(form('ctl00$txtNote=zhang&txt=x'), 'ctl00$txtNote=zhang&txt=x')
})

test('what detectors find in a value or a name is masked', () => {
  assert.equal(form(`q=call+${tel}`), 'q=call+***')
  assert.ok(!form(`${tel}=1&a[${id}]=2`).match(/13800138000|11010519491231002X/))
  assert.equal(form('q=%7B%22xm%22%3A%22zhang%22%7D'), 'q=%7B%22xm%22%3A%22z****%22%7D')
})

test('a removed pair goes with its ampersand', () => {
  assert.equal(form('民族=1&a=1&民族=2&b=2&民族=3'), 'a=1&b=2')
  assert.equal(form('民族=1'), '')
})

test('elements of a list are rows', () => {
  const { tally } = maskBody(people, `r[0][xm]=a1&r[0][idCard]=${id}&r[1][xm]=b1`, [], 'form')
  assert.equal(tally.rows, 2)
})

test('the same leaves at every split', () => {
  const body = Buffer.from(`民族=1&xm=%E5%BC%A0%E4%B8%89&idCard=${id}&x=+86+${tel}&民族=2`)
  const whole = maskBody(people, body, [], 'form').bytes
  for (let cut = 1; cut < body.length; cut++) assert.deepEqual(maskBody(people, body, [cut], 'form').bytes, whole)
})
