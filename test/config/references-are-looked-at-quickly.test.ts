import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { analyse } from 'scslre'
import { mayBeSlow } from '../../gateway/config/slow-pattern.ts'
import { least, load } from './load.ts'

test('a pattern of references that could hold up the gateway is a fault, and says what to write', async () => {
  const codes = async (pattern: string) => {
    const result = await load(`${least}bases: { work_order: { reference: '${pattern}' } }\n`)
    return 'faults' in result ? result.faults.map(({ code }) => code) : []
  }
  for (const quick of [
    'WO-[0-9]{4}-[0-9]{2,6}',
    '(?:WO|GD)-[0-9]+',
    '浙教办〔[0-9]{4}〕[0-9]+号',
    '(?:[A-Z]{2})+-[0-9]+',
    '[(+*|)]+-(?<nr>[0-9]{3,})?',
    '\\(A\\)+|B',
  ])
    assert.deepEqual(await codes(quick), [], quick)
  for (const slow of ['(?:[A-Z]+-?)+', '([A-Z]|[A-Z0-9])*', '((A?B?))+', '([A-Z]+){20}', '([A-Z]+)-\\1', '(('])
    assert.deepEqual(await codes(slow), ['CONFIG_BASIS'], slow)
})

test('whatever takes exponential time is among those that may be slow', () => {
  const atom = fc.constantFrom('A', '[A-Z]', '[0-9A-Z]', '\\w', '-')
  const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '+?')
  const { pattern } = fc.letrec<{ pattern: string; piece: string }>(tie => ({
    piece: fc
      .tuple(
        fc.oneof(
          { depthSize: 'small' },
          atom,
          tie('pattern').map(inner => `(?:${inner})`),
        ),
        quantifier,
      )
      .map(parts => parts.join('')),
    pattern: fc
      .tuple(
        fc.array(tie('piece'), { minLength: 1, maxLength: 3 }).map(pieces => pieces.join('')),
        fc.option(tie('piece'), { freq: 4 }),
      )
      .map(([one, other]) => (other === null ? one : `${one}|${other}`)),
  }))
  fc.assert(
    fc.property(pattern, written => {
      const { reports } = analyse({ source: `^(?:${written})$`, flags: 'u' }, { reportTypes: { Move: false } })
      if (reports.some(({ exponential }) => exponential)) assert.ok(mayBeSlow(written), written)
    }),
    { numRuns: 2000 },
  )
})
