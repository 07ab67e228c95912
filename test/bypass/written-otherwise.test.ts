import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { mobile, id, card } = sentinel
const wide = (text: string) => text.replace(/\d/g, digit => String.fromCharCode(0xff10 + Number(digit)))
const every = (text: string, size: number, between: string) =>
  text.replace(new RegExp(`(.{${size}})(?=.)`, 'g'), `$1${between}`)

const ways: Record<string, string> = {
  'with blanks': '139 1234 0987',
  'with dashes': '139-1234-0987',
  'with a country code': `+86 ${mobile}`,
  'with a country code and zeros': `0086-${mobile}`,
  'in brackets': `(+86)${mobile}`,
  'full width': wide(mobile),
  'full width, an ID number': wide(id),
  'with zero-width characters': every(mobile, 3, '\u200b'),
  'with soft hyphens': every(id, 4, '\u00ad'),
  'with narrow blanks': every(id, 6, '\u202f'),
  'a card in fours': every(card, 4, ' '),
  'a card with dashes': every(card, 4, '-'),
  'with full stops': '139.1234.0987',
  'with slashes': '139/1234/0987',
  'with low lines': '139_1234_0987',
  'spaced out': every(mobile, 1, ' '),
  'spaced out, an ID number': every(id, 1, ' '),
  'in Arabic-Indic digits': mobile.replace(/\d/g, digit => String.fromCharCode(0x660 + Number(digit))),
  'in circles': mobile.replace(/\d/g, digit => (digit === '0' ? '⓪' : String.fromCharCode(0x245f + Number(digit)))),
  'with marks of direction': every(mobile, 1, '\u200f'),
  'in Chinese numerals': [...mobile].map(digit => '零一二三四五六七八九'[Number(digit)]).join(''),
  'in the numerals of cheques': [...mobile].map(digit => '零壹贰叁肆伍陆柒捌玖'[Number(digit)]).join(''),
  'as it is said': `请拨打${[...mobile].map(digit => '〇幺二三四五六七八九'[Number(digit)]).join('')}联系`,
  'struck through': every(id, 1, '\u0336'),
  'in the middle of words': `请致电${mobile}联系`,
  'between letters': `tel${mobile}x`,
  'several on one line': `${mobile}/${mobile}、${id};${card}`,
  'as a float': `${mobile}.0`,
  'as a cell that was a number': `1.${mobile.slice(1)}E10`,
  'with an element around a part': `${id.slice(0, 6)}<em>${id.slice(6)}</em>`,
  'in brackets of a name': `某某(${id})`,
  'an e-mail address in capitals': sentinel.email.toUpperCase(),
  'an e-mail address in brackets': `<${sentinel.email}>`,
}

for (const [how, text] of Object.entries(ways)) {
  test(`a number written ${how} is found in any value`, async () => {
    const got = await ask(answer(JSON.stringify({ note: text, list: [`x ${text} y`], [`k${how}`]: { a: text } })))
    assert.equal(got.status, 200)
  })
}
