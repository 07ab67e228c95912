import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Refusal } from '../../gateway/errors.ts'
import { limits, maskBody, masking, tallyOf } from '../support/mask-body.ts'
import { id, people, tel } from './people-plan.ts'

const html = masking.chooseFormat('text/html', Buffer.from('<!DOCTYPE html>'))!

function start(page: string) {
  const masker = masking.start(people, html, { consumer: 'tester', purpose: 'test' }, limits)
  return { masker, began: masker.write(Buffer.from(page)) }
}

/** Of about so many bytes: a table, cards and a list. */
function page(size: number): string {
  const row = `<tr><td>张三</td><td>${id}</td><td><a href="a?tel=${tel}">查看</a></td></tr>\n`
  const card = `<div class=c><b>姓名：</b><span>李四</span><p>请拨 ${tel}，谢谢😀</p><ul><li>一<li>二</ul></div>\n`
  const rows = Math.ceil(size / 2 / Buffer.byteLength(row))
  const cards = Math.ceil(size / 2 / Buffer.byteLength(card))
  return `<!DOCTYPE html><table><tr><th>姓名<th>身份证号<th>看</tr>${row.repeat(rows)}</table>${card.repeat(cards)}`
}

test('while a large page is read, the loop turns', async () => {
  const { masker } = start(page(1 << 20))
  let turns = 0
  let reading = true
  const finished = Promise.resolve(masker.finish()).finally(() => {
    reading = false
  })
  for (; reading; turns++) await setImmediate()
  await finished
  assert.ok(turns > 4, `${turns} turns`)
})

test('a page read in turns becomes what it becomes at once, and is tallied as that', async () => {
  for (const size of [0, 1000, 16_384, 100_000]) {
    const source = page(size)
    const { masker, began } = start(source)
    const written = Buffer.concat([...began, ...(await masker.finish())])
    const { bytes, tally } = maskBody(people, source, [], 'html')
    assert.ok(written.equals(bytes))
    assert.deepEqual(tallyOf(masker), tally)
    assert.ok(!written.includes(tel) && !written.includes(id) && !written.includes('张三'))
  }
})

test('wherever pieces meet that are parsed one by one, the page is read the same', () => {
  const middle = `<p title="${tel}">姓名：张三&amp;😀</p><!--${id}--><script>var tel='${tel}'</script>`
  const expected = maskBody(people, middle, [], 'html').bytes.toString()
  // the pieces are 16384 characters; the blanks end somewhere in what stands at their end
  for (let blanks = 16_384 - middle.length - 1; blanks <= 16_385; blanks++) {
    const masked = maskBody(people, ' '.repeat(blanks) + middle, [], 'html').bytes.toString()
    assert.equal(masked.trimStart(), expected, `${blanks} blanks`)
  }
})

test('pages that come together are read one after the other, and a fault of one is its own', async () => {
  const ends: string[] = []
  const read = (name: string, source: string) =>
    Promise.resolve(start(source).masker.finish()).then(
      () => void ends.push(name),
      () => void ends.push(`not ${name}`),
    )
  const deep = '<div>'.repeat(600)
  const waiting = [read('a', page(300_000)), read('b', page(200_000) + deep), read('c', page(100_000))]
  await read('small', page(1000))
  assert.deepEqual(ends, ['small'])
  await Promise.all(waiting)
  assert.deepEqual(ends, ['small', 'a', 'not b', 'c'])
})

test('a page that is too much in the middle is withheld, in turns too', async () => {
  const { masker } = start(`${page(300_000)}${'<div>'.repeat(600)}`)
  await assert.rejects(
    async () => masker.finish(),
    (fault: unknown) => fault instanceof Refusal && fault.code === 'ANSWER_TOO_LARGE',
  )
})
