import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { serialise } from '../../gateway/records/entry.ts'
import { EntryFault, quote } from '../../gateway/records/shapes.ts'
import { accessDraft } from './drafts.ts'

const head = { log: 'gw1-0', seq: 7, time: '2026-11-21T09:30:00.123Z' }
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      '\n',
      '\r',
      '\0',
      '\u2028',
      '\u2029',
      '\u0085',
      '\u001b',
      '\u202e',
      '\ud800',
      '\udc00',
      '"',
      '\\',
      '教',
    ),
  }),
  fc.constantFrom('__proto__', 'constructor', '﻿x', 'a'.repeat(70_000), '{"batch":1}'),
)
const raw = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/

test('any string is quoted on one line, without raw controls, and reads back as it was', () => {
  fc.assert(
    fc.property(hostile, text => {
      const quoted = quote(text)
      assert.equal(JSON.parse(quoted), text)
      assert.doesNotMatch(quoted, raw)
      assert.ok(Buffer.from(quoted).toString() === quoted, 'well-formed UTF-8')
    }),
    { numRuns: 2000 },
  )
})

test('a hostile string in any place is refused, or comes back as it was in a record of one line', () => {
  const places = [
    'consumer',
    'operator',
    'address',
    'system',
    'route',
    'method',
    'purpose',
    'grant',
    'format',
    'policy',
  ] as const
  fc.assert(
    fc.property(hostile, fc.constantFrom(...places), (text, place) => {
      let lines: string[]
      try {
        lines = serialise(accessDraft({ [place]: text }), head)
      } catch (error) {
        assert.ok(error instanceof EntryFault)
        return
      }
      assert.equal(lines.length, 1)
      assert.doesNotMatch(lines[0]!, raw)
      assert.deepEqual(JSON.parse(lines[0]!)[place], text)
    }),
    { numRuns: 2000 },
  )
})

test('what was handed in is what is read back', () => {
  const count = fc.nat()
  const draft = fc.record({
    consumer: fc.option(fc.stringMatching(/^[a-z教务处][a-z0-9._-]{0,20}$/)),
    status: fc.integer({ min: 100, max: 599 }),
    bytes: fc.tuple(count, count),
    rows: count,
    fields: fc.dictionary(
      fc.stringMatching(/^[a-z]{1,9}@[A-D][1-4]$/),
      fc.record({ clear: count, redact: count }, { requiredKeys: [] }),
    ),
    searched: fc.array(fc.stringMatching(/^[a-z]{1,9}@[A-D][1-4]$/), { maxLength: 5 }),
  })
  fc.assert(
    fc.property(draft, changes => {
      const back = JSON.parse(serialise(accessDraft(changes), head)[0]!)
      for (const [key, value] of Object.entries(changes)) assert.equal(JSON.stringify(back[key]), JSON.stringify(value))
    }),
  )
})
