import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Weakness, weaknessOf } from '../../gateway/access/accounts/password-floor.ts'

const table: Readonly<Record<string, Weakness | null>> = {
  '': 'short',
  'eleven-char': 'short',
  马马马: 'short',
  [`x${'long '.repeat(60)}`]: 'long',
  'ask wangwei2 today': 'name',
  'ask WANGWEI2 today': 'name',
  'ask ｗａｎｇｗｅｉ２ today': 'name',
  administrator: 'common',
  'Administrator!': 'common',
  Password123456: 'common',
  'P@ssw0rdP@ssw0rd': 'common',
  '2026veilgate2026': 'common',
  woaini1314520: 'common',
  qwertyuiop123: 'common',
  'correct horse battery staple': 'common',
  '123456789012': 'simple',
  '098765432109': 'simple',
  aaaaaaaaaaaa: 'simple',
  abababababab: 'simple',
  abcdefghijklm: 'simple',
  'wide river, old stone 47': null,
  一匹正确的马和九根钉子真好: null,
  f7Gk2pQx9Lm3: null,
}

test('a password is long, is none that everybody tries, and has not the name of its account in it', () => {
  for (const [password, weakness] of Object.entries(table))
    assert.equal(weaknessOf(password, 'wangwei2'), weakness, password)
})

test('a character counts once, however it is written', () => {
  assert.equal(weaknessOf('é̂'.repeat(3), 'li'), 'short')
})
