import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const body = JSON.stringify(person)
const { mobile } = sentinel

const read: Record<string, string> = {
  'an array at the top': `[${body},${body}]`,
  'a string at the top': JSON.stringify(`call ${mobile}`),
  'a byte order mark': `\ufeff${body}`,
  'blanks around': `\r\n\t ${body} \n`,
  'a guard ahead': `)]}',\n${body}`,
  'a loop ahead': `while(1);${body}`,
  'many members': `{${Array.from({ length: 20_000 }, (_, at) => `"k${at}":"${mobile}"`).join()}}`,
  'a long string': JSON.stringify({ x: `${'x'.repeat(1 << 20)} ${mobile}`, tel: mobile }),
}
for (const [what, text] of Object.entries(read)) {
  test(`${what} is read and masked`, async () => assert.equal((await ask(answer(text))).status, 200))
}

const withheld: Record<string, string> = {
  'a trailing comma': `{"tel":"${mobile}",}`,
  'a comment': `{"tel":"${mobile}"/* */}`,
  'a comment at the end': `${body}// ${mobile}`,
  'single quotes': `{'tel':'${mobile}'}`,
  'names without quotes': `{tel:"${mobile}"}`,
  NaN: `{"x":NaN,"tel":"${mobile}"}`,
  'several texts': `${body}${body}`,
  'a call around it': `cb(${body})`,
  'an assignment ahead': `var x = ${body}`,
  'a control character': `{"x":"\u0001","tel":"${mobile}"}`,
  'no end': body.slice(0, -1),
  'no beginning': body.slice(1),
  'great depth': `${'['.repeat(100_000)}"${mobile}"${']'.repeat(100_000)}`,
  'depth by objects': `${'{"a":'.repeat(5000)}"${mobile}"${'}'.repeat(5000)}`,
  'one scalar over the limit': JSON.stringify({ tel: mobile, x: 'x'.repeat(5 << 20) }),
}
for (const [what, text] of Object.entries(withheld)) {
  test(`JSON with ${what} is withheld`, async () => {
    const got = await ask(answer(text))
    assert.equal(got.status, 502, got.text.slice(0, 200))
  })
}

test('lines of JSON of which one is broken are withheld as a whole while they are short', async () => {
  for (const text of [`${body}\n{"tel":"${mobile}",}\n`, `${body}\n${body}x\n`, `${body} ${body}\n`]) {
    const got = await ask(answer(text, { 'content-type': 'application/x-ndjson' }))
    assert.equal(got.status, 502)
  }
})
