import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Form } from '../../gateway/contracts.ts'
import { formOrder } from '../../gateway/forms.ts'
import { FormCounts } from '../../gateway/masking/form-counts.ts'
import { Counter } from '../../gateway/masking/tally.ts'
import type { TypeRule } from '../../gateway/policy/plan.ts'

const typesOf = (names: readonly string[]) =>
  names.map(name => ({ name, cell: 'A3', identifies: null }) as unknown as TypeRule)

test('each type has its forms from the most visible on, and types of one name and cell are one', () => {
  const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 12 })
  const given = fc.array(fc.tuple(fc.nat(11), fc.constantFrom(...formOrder), fc.nat(5)), { maxLength: 40 })
  fc.assert(
    fc.property(names, fc.array(given, { maxLength: 3 }), (names, windows) => {
      const types = typesOf(names)
      const counts = new FormCounts()
      for (const window of windows) {
        const expected = new Map<string, Map<Form, number>>()
        for (const [nth, form, times] of window) {
          const type = nth % types.length
          counts.add(type, form, times)
          const label = `${names[type]}@A3`
          const known = expected.get(label) ?? new Map()
          expected.set(label, known.set(form, (known.get(form) ?? 0) + times))
        }
        const all = [...counts.all].map(([kind, times]) => [...counts.typeAndForm(kind), times] as const)
        const inOrder = (one: ReadonlyMap<Form, number>) =>
          formOrder.filter(form => one.has(form)).map(form => [form, one.get(form)!] as const)
        const made = counts.take(types)
        assert.deepEqual(
          new Map(Object.entries(made).map(([label, forms]) => [label, Object.entries(forms)])),
          new Map([...expected].map(([label, forms]) => [label, inOrder(forms)])),
        )
        const sum = (values: Iterable<number>) => [...values].reduce((total, one) => total + one, 0)
        assert.equal(
          sum(all.map(([, , times]) => times)),
          sum([...expected.values()].flatMap(one => [...one.values()])),
        )
      }
    }),
    { numRuns: 300 },
  )
})

test('what was taken stays as it was, whatever is counted next', () => {
  const counter = new Counter(typesOf(['a']))
  const first = counter.take()
  counter.add(0, 'clear', 2)
  const second = counter.take()
  assert.deepEqual([first.fields, second.fields, counter.take().fields], [{}, { 'a@A3': { clear: 2 } }, {}])
  assert.deepEqual([...first.subjects, ...second.subjects], [])
})
