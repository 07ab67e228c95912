import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { widerThan } from '../../gateway/cli/policies/diff-policies.ts'
import { engine } from '../../gateway/cli/policies/policies.ts'
import { compilePolicy } from '../../gateway/policy/compile.ts'
import type { Presentable } from '../../gateway/policy/plan.ts'
import type { Policy } from '../../gateway/policy/policy.ts'
import { testKeys } from '../../gateway/policy/run-tests.ts'
import { plugins } from '../../plugins/index.ts'

const form = fc.constantFrom('clear', 'partial', 'token', 'redact', 'remove')
const cell = fc.constantFrom('A4', 'A3', 'A2', 'A1')
const type = fc.constantFrom('phone', 'code', 'A4', 'A2', 'free_text')
const names = fc.subarray(['tel', 'code', 'x', 'inner'])

/** Policies as different from each other as two steps of editing make them. */
const policy = fc.record({
  forms: fc.tuple(form, form, form),
  demanded: fc.subarray(['operator', 'purpose', 'basis'], { minLength: 1 }),
  raises: fc.constantFrom(null, 4, 3),
  phone: fc.record({ cell, names, detected: fc.boolean(), head: fc.integer({ min: 0, max: 3 }) }),
  code: fc.record({ cell, names }),
  fields: fc
    .dictionary(fc.constantFrom('x', 'outer', 'outer.inner', 'note'), type, { maxKeys: 3 })
    .filter(({ outer }) => outer === undefined || !['phone', 'code'].includes(outer)),
  ofRoute: fc.dictionary(fc.constantFrom('x', '/outer.tel', 'free'), type, { maxKeys: 2 }),
  unlisted: fc.constantFrom('scan', 'remove', '{ keep: reason enough }'),
  always: fc.constantFrom('{}', '{ A3: redact }', '{ A4: remove, A2: partial }'),
  columns: fc.constantFrom('[tel, code, x]', '[code, tel, x]', '[x, tel, inner]', null),
  when: fc.constantFrom(
    '[]',
    '[ { x: value of x, fields: { code: A4 } } ]',
    '[ { x: value of x, fields: { tel: { not_personal: reason enough }, code: { not_personal: reason enough } } } ]',
    '[ { x: [other, value of x], raise: 1 } ]',
    '[ { subject_age: under 14, raise: 2 } ]',
  ),
  ages: fc.boolean(),
})

function compiled(given: typeof policy extends fc.Arbitrary<infer Value> ? Value : never): Policy | null {
  const { forms, demanded, raises, phone, code, fields, ofRoute, unlisted, always, columns, when, ages } = given
  const raised = raises === null ? '' : `, clear_with: { ${raises}: [${demanded.join()}] }`
  const without = code.names.filter(name => !phone.names.includes(name))
  const mask = `forms: { partial: { keep_ends: { head: ${phone.head} } }, token: { token: {} } }`
  const detector = phone.detected ? 'detector: cn_mobile, ' : ''
  const texts = {
    catalogue: `data_types:
  phone: { title: { zh: 电话, en: Phone }, cell: ${phone.cell}, names: [${phone.names}], ${detector}${mask} }
  code: { title: { zh: 代码, en: Code }, cell: ${code.cell}, names: [${without}], ${ages ? 'tells_age: years, ' : ''}${mask} }
  age: { title: { zh: 年龄, en: Age }, cell: A1, names: [nl], tells_age: years }
`,
    audiences: `always: ${always}\naudiences: { staff: { 4: ${forms[0]}, 3: ${forms[1]}, 2: ${forms[2]}, 1: clear${raised} } }\n`,
    system: `system: s\nfields: ${JSON.stringify(fields)}\nwhen: ${when}\nroutes:\n  - { path: /a, unlisted: ${unlisted}, fields: ${JSON.stringify(ofRoute)}${columns === null ? '' : `, columns: ${columns}`} }\n`,
  }
  const all = Object.entries(texts).map(([kind, text]) => {
    const file = kind === 'system' ? 'systems/s.yaml' : `${kind}.yaml`
    return { kind: kind as 'system', file, bytes: Buffer.from(text) }
  })
  const made = compilePolicy({ texts: all, shipped: [] }, { plugins, keys: testKeys })
  return 'policy' in made ? made.policy : null
}

const body = {
  tel: '13800138000',
  code: 'code of it',
  x: 'value of x',
  note: 'call 13800138000',
  free: 'nothing known',
  counted: 13800138000,
  outer: { tel: '13900139000', inner: 'value inside', other: 'unlisted inside', code: ['one code', 'two codes'] },
}

/** By path, what stands there. */
function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path}/${name}`))
}

const lines = ['13800138000,code of it,value of x', '12,9,other']
const cells = (text: string) => text.split(/[,\r\n]+/).map((cell, at): [string, unknown] => [`csv/${at}`, cell])
const originals = new Map([...leaves(body), ...cells(lines.join('\n'))])

function shown(under: Policy, presented: ReadonlySet<Presentable>): Map<string, unknown> {
  const system = under.systems.get('s')!
  const plan = under.plan(system, system.routes[0]!, 'staff', presented)
  const masked = engine.mask(plan, 'application/json', Buffer.from(JSON.stringify(body)))
  const rows = engine.mask(plan, 'text/csv', Buffer.from(`${lines.join('\n')}\n`))
  return new Map([
    ...('sees' in masked ? leaves(JSON.parse(masked.sees)) : []),
    ...('sees' in rows ? cells(rows.sees.trimEnd()) : []),
  ])
}

/** How many characters are seen of what was there; a token or what is not there tells none. */
function seenOf(original: unknown, value: unknown): number {
  const [whole, part] = [String(original), String(value ?? '')]
  if (whole.length !== part.length) return 0
  return [...part].filter((character, at) => character === whole[at]).length
}

const combinations = [[], ['operator'], ['operator', 'purpose'], ['operator', 'purpose', 'basis']] as Presentable[][]

test('where nothing is said to be more visible, no character is seen that was not', () => {
  let silent = 0
  fc.assert(
    fc.property(policy, policy, (first, second) => {
      const [before, next] = [compiled(first), compiled({ ...first, ...pick(second) })]
      if (before === null || next === null || widerThan(before, next).length > 0) return
      silent++
      for (const words of combinations) {
        const old = shown(before, new Set(words))
        for (const [path, value] of shown(next, new Set(words))) {
          const original: unknown = originals.get(path)
          const was: number = seenOf(original, old.get(path))
          const is = seenOf(original, value)
          assert.ok(is <= was, `${path} with ${words}: ${old.get(path)} -> ${value}`)
        }
      }
    }),
    { numRuns: 400 },
  )
  assert.ok(silent > 20, `${silent} of 400 were compared`)
})

/** One part of a policy: two policies that differ in everything are hardly ever as strict. */
function pick<Value extends object>(given: Value): Partial<Value> {
  const keys = Object.keys(given) as (keyof Value)[]
  const at = JSON.stringify(given).length % keys.length
  return { [keys[at]!]: given[keys[at]!] } as Partial<Value>
}
