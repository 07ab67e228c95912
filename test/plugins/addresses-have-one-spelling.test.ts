import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { email } from '../../plugins/detectors/email.ts'

const { normalize } = email.create({}, { secret: () => new Uint8Array(32) })

const part = fc.string({ unit: fc.constantFrom(..."az09AZ._-+%~'"), minLength: 1, maxLength: 12 })
const domain = fc.string({ unit: fc.constantFrom(...'az09.-'), minLength: 1, maxLength: 6 })
const address = fc
  .tuple(
    part,
    fc.constantFrom('@', '@', '@@', '@x.'),
    domain,
    fc.constantFrom('.cn', '.edu.cn', '.c', '.c1', '', '.CN', '-.cn'),
  )
  .map(all => all.join(''))

test('an address written plainly is what it is with blanks around it', () => {
  let alike = 0
  fc.assert(
    fc.property(address, text => {
      const plainly = normalize(text)
      const around = normalize(` ${text} `)
      // What is no address stays as it is written.
      if (around === ` ${text} `) assert.equal(plainly, text)
      else assert.equal(plainly, around)
      if (plainly === around) alike++
    }),
    { numRuns: 5000 },
  )
  assert.ok(alike > 100)
})

test('letters, width and blanks make no other address of one', () => {
  for (const text of ['User1@Example.COM', ' user1@example.com', 'ｕｓｅｒ１＠ｅｘａｍｐｌｅ．ｃｏｍ']) {
    assert.equal(normalize(text), 'user1@example.com')
  }
  const long = `a@${'b.'.repeat(130)}cn`
  assert.equal(normalize(long), long)
})
