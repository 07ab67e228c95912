import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FieldAutomaton } from '../../gateway/masking/automaton.ts'
import type { Binding, TypeRule } from '../../gateway/policy/plan.ts'

/** Every look at a path is counted. With the shipped catalogue an object had three thousand, 2 ms for each row. */
let looks = 0

const bindings = Array.from({ length: 50 }, (_, at): Binding => {
  const path = { text: '', rooted: false, steps: [{ descendant: false, name: `field${at}` }] }
  return {
    path: {
      ...path,
      get exact() {
        looks++
        return false
      },
    },
    type: 0,
    step: 1,
    weak: false,
    rule: at % 2,
    source: 'a.yaml:1',
  }
})
const type: TypeRule = {
  name: 'note',
  title: { zh: '备注', en: 'Note' },
  cell: 'A3',
  level: 3,
  kind: 'free_text',
  identifies: null,
  forms: [{ form: 'redact', mask: null }],
  detector: null,
}
const rule = { members: [], age: null, own: null, raise: 0, source: 'a.yaml:2' } as const

test('what the rules that look at rows say of a place is worked out once, however many rows stand there', () => {
  const automaton = new FieldAutomaton(
    { bindings, types: [type], unlisted: 'scan', rowRules: [rule, rule] },
    () => false,
  )
  const first = automaton.settled(automaton.root, ['yes', 'no'])
  assert.notEqual(first, automaton.root)
  assert.deepEqual(automaton.standings(first), ['yes', 'no'])
  const before = looks
  for (let row = 0; row < 100; row++) assert.equal(automaton.settled(automaton.root, ['yes', 'no']), first)
  assert.equal(looks, before)
  assert.notEqual(automaton.settled(automaton.root, ['no', 'yes']), first)
})
