import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Automata } from '../../plugins/formats/json/fast/automata.ts'

const shape = (nth: number) => [new RegExp(`\\d{${nth + 1}}x`)]
const room = 210_000

test('an automaton is written once, and not made again when there was no room for all', () => {
  const memory = Buffer.alloc(room)
  const automata = new Automata(16, room)
  const first = automata.of(shape(0), memory)!
  assert.equal(automata.of(shape(0), memory), first)
  let nth = 1
  while (automata.of(shape(nth), memory) !== null) nth++
  assert.ok(nth > 2 && automata.isCrowded)
  automata.clear()
  assert.ok(!automata.isCrowded)
  const second = automata.of(shape(1), memory)!
  const again = automata.of(shape(0), memory)!
  assert.equal(second.at, first.at)
  assert.notEqual(again.at, first.at)
  assert.equal(again.numbers, first.numbers, 'made once')
})

test('of an expression with flags there is no automaton, however often it is asked for, and room is not what it lacks', () => {
  const automata = new Automata(16, room)
  for (let times = 0; times < 2; times++) assert.equal(automata.of([/a/i], Buffer.alloc(room)), null)
  assert.ok(!automata.isCrowded)
})
