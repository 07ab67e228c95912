import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const page = (body: string) => answer(`<!doctype html><body>${body}</body>`, { 'content-type': 'text/html' })
/** What a reader sees, box by box. */
const seen = (html: string) => html.replace(/<[^>]*>|\s/g, '')

const boxed: Record<string, (number: string) => string> = {
  cells: number => `<table><tr><td>No.</td>${each(number, digit => `<td> ${digit}\n</td>`)}</tr></table>`,
  'cells of a header': number => `<table><tr>${each(number, digit => `<th>${digit}</th>`)}</tr></table>`,
  'list items': number => `<ul>${each(number, digit => `<li>${digit}</li>`)}</ul>`,
  blocks: number => `<div class=no>${each(number, digit => `<div class=box>${digit}</div>\n`)}</div>`,
  'blocks with full-width digits': number =>
    `<div>${each(number, digit => `<p>${String.fromCharCode(digit.charCodeAt(0) + 0xfee0)}</p>`)}</div>`,
}

function each(number: string, write: (digit: string) => string): string {
  return [...number].map(write).join('')
}

for (const [what, write] of Object.entries(boxed)) {
  test(`a number with a box for each digit is found: ${what}`, async () => {
    for (const number of [sentinel.mobile, sentinel.id, sentinel.card]) {
      const { status, text } = await ask(page(write(number)))
      assert.equal(status, 200)
      assert.ok(!seen(text.normalize('NFKC')).includes(number.slice(2)), text)
    }
  })
}

test('boxes beside the name of a field are its value together', async () => {
  const digits = each('20210001', digit => `<td>${digit}</td>`)
  const { text } = await ask(page(`<table><tr><td>证件号码</td>${digits}</tr></table>`))
  assert.ok(!/[0-9]/.test(seen(text)), text)
})

test('answers on a scale, numbers of rows and short numbers in boxes stay', async () => {
  for (const body of [
    `<table>${each('135', row => `<tr><td>${row}</td>${each('3254321154', digit => `<td>${digit}</td>`)}</tr>`)}</table>`,
    `<ul>${each('13912', digit => `<li>${digit}</li>`)}</ul>`,
    `<ol>${each('1234567890', digit => `<li>${digit}</li>`)}</ol>`,
    `<div>${each('1391234', digit => `<p>${digit}</p>`)}<p>x</p>${each('0987', digit => `<p>${digit}</p>`)}</div>`,
  ]) {
    const { text } = await ask(page(body))
    assert.equal(text, `<!doctype html><body>${body}</body>`)
  }
})
