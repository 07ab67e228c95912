import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNoSentinel, person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const body = JSON.stringify(person)

function inStrings(depth: number): string {
  let text = body
  for (let level = 0; level < depth; level++) text = JSON.stringify({ data: text })
  return text
}

for (const depth of [1, 2, 3, 4, 5, 6]) {
  test(`JSON in a string, ${depth} deep, is read or redacted`, async () => {
    const got = await ask(answer(inStrings(depth)))
    assert.equal(got.status, 200)
    JSON.parse(got.text)
  })
}

test('JSON that was made a string once or twice too often is read', async () => {
  const once = JSON.stringify(body)
  for (const text of [
    once,
    JSON.stringify(once),
    JSON.stringify({ data: once }),
    JSON.stringify([JSON.stringify(once)]),
  ])
    assert.equal((await ask(answer(text))).status, 200)
})

test('values in hexadecimal, and UTF-16 and GB 18030 in base64, are found', async () => {
  const { mobile, id, card, email } = sentinel
  const wide = (text: string) => Buffer.from(text, 'utf16le')
  const chinese = Buffer.concat([
    Buffer.from('{"tel":"'),
    Buffer.from('cbbecdbdd5c5c8fd', 'hex'),
    Buffer.from(`${mobile}"}`),
  ])
  for (const text of [mobile, id, card, email, body]) {
    const hex = Buffer.from(text).toString('hex')
    const written = [hex, `0x${hex.toUpperCase()}`, wide(text).toString('hex'), wide(text).toString('base64')]
    const marked = wide(`\ufeff${text}`)
    const big = marked.swap16().toString('base64')
    const values = [...written, big, chinese.toString('base64'), chinese.toString('hex')]
    const got = await ask(answer(JSON.stringify({ note: values, rows: values.map(xm => ({ xm, note: `see ${xm}` })) })))
    assert.equal(got.status, 200)
  }
})

test('digits in a cell that are hexadecimal of a number are found', async () => {
  const hex = (text: string) => Buffer.from(text).toString('hex')
  for (const written of [hex(sentinel.mobile), hex(sentinel.id), hex(sentinel.card)])
    for (const table of [
      `备注,序号\n${written},1\n`,
      `"${written}",2\n`,
      `姓名,备注\n鱼蹇,${written}\n鱼蹇,="${written}"\n`,
    ])
      assert.equal((await ask(answer(table, { 'content-type': 'text/csv' }))).status, 200, table)
})

test('JSON in a string inside an array, escaped and with blanks around, is read', async () => {
  for (const text of [
    ` ${body} `,
    `[${body}]`,
    `\n${JSON.stringify([body])}`,
    body.replace(/[a-z]/g, letter => `\\u00${letter.charCodeAt(0).toString(16)}`),
  ]) {
    const got = await ask(answer(JSON.stringify({ rows: [text, { x: text }] })))
    assert.equal(got.status, 200)
  }
})

test('personal values inside markup, forms and lines inside a string are found where a detector knows them', async () => {
  const { mobile, id, email } = sentinel
  for (const text of [
    `<a href="tel:${mobile}">${id}</a>`,
    `<![CDATA[${id}]]>`,
    `tel=${mobile}&id=${id}`,
    `name,tel\nx,${mobile}\n`,
    `data: ${mobile}\n\n`,
    `var x = '${id}'; // ${email}`,
    `mailto:${email}?subject=x`,
  ])
    assert.equal((await ask(answer(JSON.stringify({ note: text })))).status, 200, text)
})

test('personal values in base64, percent signs and signatures inside a string are found', async () => {
  const { mobile, id, email } = sentinel
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const base64url = (text: string) => Buffer.from(text).toString('base64url')
  const escaped = (text: string) =>
    [...Buffer.from(text)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
  for (const text of [mobile, id, email, body, `x ${id} y`]) {
    const signed = `${base64url('{"alg":"HS256"}')}.${base64url(`{"data":${JSON.stringify(text)}}`)}.${base64url('signature')}`
    const written = [
      base64(text),
      base64url(text),
      escaped(text),
      encodeURIComponent(base64(text)),
      base64(base64(text)),
    ]
    for (const value of [
      ...written,
      signed,
      `Bearer ${signed}`,
      `https://a.example/p/${base64url(text)}?q=${escaped(text)}`,
    ]) {
      const got = await ask(answer(JSON.stringify({ note: value, data: [value, { xm: value }] })))
      assert.equal(got.status, 200, value)
    }
  }
})

test('personal values in references of characters inside a string are found, escaped twice or not', async () => {
  const { mobile, id, email } = sentinel
  const each = (text: string, spell: (code: number) => string) =>
    Array.from(text, one => spell(one.charCodeAt(0))).join('')
  for (const text of [mobile, id, email, body, `x ${id} y`]) {
    for (const written of [
      each(text, code => `&#${code};`),
      each(text, code => `&#x${code.toString(16)};`),
      each(text, code => `&amp;#${code};`),
      each(text, code => `\\u${code.toString(16).padStart(4, '0')}`),
      text.replaceAll('"', '&quot;').replaceAll('@', '&#64;'),
    ]) {
      const got = await ask(answer(JSON.stringify({ note: written, rows: [{ xm: written }] })))
      assert.equal(got.status, 200, written)
      assertNoSentinel(unescaped(unescaped(got.text)), written)
    }
  }
})

/** As a page would show it: references and escapes undone. */
function unescaped(text: string): string {
  return text
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\+u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
}
