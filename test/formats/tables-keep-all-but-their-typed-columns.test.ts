import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskBody } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { secret: 'hidden', gone: 'gone' },
  types: { hidden: { form: 'redact' }, gone: { form: 'remove' } },
})
const columns = ['id', 'secret', 'note', 'gone', 'Größe', '备注'] as const

/** A cell as it is written, quoted where it has to be and sometimes where it has not. */
function written(text: string, delimiter: string, always: boolean): string {
  const needs = text.includes(delimiter) || /["\r\n]/.test(text) || always
  return needs ? `"${text.replaceAll('"', '""')}"` : text
}

const plainText = fc.string({ unit: fc.constantFrom(...'abz 张é😀,;|\t"\n\r=+-@\'{[', 'xm'), maxLength: 8 })
const sentinel = fc.string({ unit: fc.constantFrom(...'QXZJ'), minLength: 6, maxLength: 9 })
/** Nothing that a reader takes for something around the value. */
const solid = (text: string) => text === text.trim() && !/^['=]|^[,;|\t"\r\n]/.test(text) && !/^\s*$/.test(text)

test('of a table in any dialect only typed cells change', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.shuffledSubarray([...columns], { minLength: 2 }),
      fc.array(fc.tuple(fc.array(fc.tuple(plainText, sentinel, fc.boolean()), { minLength: 6, maxLength: 6 })), {
        maxLength: 14,
      }),
      fc.array(fc.nat(2000)),
      fc.boolean(),
      (delimiter, end, header, rows, cuts, mark) => {
        if (!header.some(name => name === 'secret' || name === 'gone')) header = [...header, 'secret']
        const [before, after] = [[header.join(delimiter)], [header.join(delimiter)]]
        for (const [cells] of rows) {
          const texts = header.map((name, at) => {
            const [text, hidden, always] = cells[at % cells.length]!
            const typed = name === 'secret' || name === 'gone'
            const value = typed ? hidden : solid(text) ? text : 'x'
            const raw = written(value, delimiter, always)
            return {
              raw,
              shown: name === 'secret' ? written('***', delimiter, raw[0] === '"') : name === 'gone' ? '' : raw,
            }
          })
          before.push(texts.map(({ raw }) => raw).join(delimiter))
          after.push(texts.map(({ shown }) => shown).join(delimiter))
        }
        const bytes = Buffer.from((mark ? '\ufeff' : '') + before.join(end))
        const places = cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b)
        const out = maskBody(plan, bytes, places, 'csv').bytes.toString()
        assert.equal(out, (mark ? '\ufeff' : '') + after.join(end))
      },
    ),
    { numRuns: 300 },
  )
})

test('of a form only typed values change', () => {
  const name = fc.constantFrom('a', 'secret', 'x[secret]', 'b.c', 'r[0][secret]', 'gone', 'Größe')
  fc.assert(
    fc.property(fc.array(fc.tuple(name, plainText, sentinel)), fc.array(fc.nat(2000)), (pairs, cuts) => {
      const typed = (key: string) => /secret|gone/.test(key)
      const before = pairs.map(
        ([key, text, hidden]) => `${encodeURIComponent(key)}=${encodeURIComponent(typed(key) ? hidden : text)}`,
      )
      const after = before
        .map((pair, at) => (pairs[at]![0].includes('secret') ? `${pair.split('=')[0]}=***` : pair))
        .filter((_, at) => pairs[at]![0] !== 'gone')
      const bytes = Buffer.from(before.join('&'))
      const places = cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b)
      assert.equal(maskBody(plan, bytes, places, 'form').bytes.toString(), after.join('&'))
    }),
    { numRuns: 300 },
  )
})

test('of lines of text only what stands behind typed names changes', () => {
  const line = fc.tuple(
    fc.constantFrom('secret：', 'secret = ', '"secret": ', 'the secret:', ''),
    sentinel,
    fc.constantFrom('', '；rest', '. End'),
  )
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(2000)), (lines, end, cuts) => {
      const bytes = Buffer.from(
        lines.map(([label, value, rest]) => (label === '' ? rest : label + value + rest)).join(end),
      )
      const places = cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b)
      const out = maskBody(plan, bytes, places, 'text').bytes.toString()
      for (const [label, value] of lines) if (label !== '') assert.ok(!out.includes(value), out)
      assert.equal(out.split(end).length, bytes.toString().split(end).length)
    }),
    { numRuns: 200 },
  )
})

test('no event keeps a typed value, in one line of data or several', () => {
  const event = fc.tuple(sentinel, plainText, fc.boolean())
  fc.assert(
    fc.property(fc.array(event), fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(2000)), (events, end, cuts) => {
      const text = events.map(([value, note, split]) => {
        const json = split
          ? `{"note":${JSON.stringify(note)},\n"secret":\n"${value}"}`
          : JSON.stringify({ secret: value, note })
        return `${json
          .split('\n')
          .map(part => `data: ${part}`)
          .join('\n')}\n\n`
      })
      const bytes = Buffer.from(text.join('').replaceAll('\n', end))
      const places = cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b)
      const out = maskBody(plan, bytes, places, 'event_stream').bytes.toString()
      for (const [value, note] of events) {
        assert.ok(!out.includes(value), out)
        assert.ok(out.includes(JSON.stringify(note)), out)
      }
    }),
    { numRuns: 200 },
  )
})
