import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMasking } from '../../gateway/masking/engine.ts'
import type { StateSeal } from '../../gateway/masking/plan-tables.ts'
import { compilePolicy, type PolicyText } from '../../gateway/policy/compile.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { testKeys } from '../../gateway/policy/run-tests.ts'
import { plugins } from '../../plugins/index.ts'
import { jsonReaders, limits, masking, scope } from '../support/mask-body.ts'

const texts: Record<PolicyText['kind'] & string, string> = {
  catalogue: `data_types:
  access_token: { title: { zh: 令牌, en: Token }, cell: A4, names: [token, access_token, jwt], always: remove }
  email: { title: { zh: 邮箱, en: Mail }, cell: A3, names: [email], detector: email, always: redact }
`,
  audiences: 'audiences:\n  public: { 4: remove, 3: redact, 2: partial, 1: clear }\n',
  system: `system: s
routes:
  - path: /login
    hands_out: [token, data.access_token, data.key]
  - { path: /rows, hands_out: [token], when: [{ token: 't1', fields: { note: A4 } }] }
`,
} as Record<string, string>

function planOf(path: string): Plan {
  const files = Object.entries(texts).map(([kind, text]): PolicyText => {
    const file = kind === 'system' ? 'systems/s.yaml' : `${kind}.yaml`
    return { kind: kind as PolicyText['kind'], file, bytes: Buffer.from(text) }
  })
  const compiled = compilePolicy({ texts: files, shipped: [] }, { plugins, keys: testKeys })
  if (!('policy' in compiled)) throw new Error(JSON.stringify(compiled.faults.map(({ message }) => message.en)))
  const system = compiled.policy.systems.get('s')!
  const match = system.match('GET', path)
  assert.ok('route' in match)
  return compiled.policy.plan(system, match.route, 'public', new Set())
}

/** Tokens of up to nine characters are sealed. */
const states: StateSeal = {
  seal: () => null,
  sealToken: () => null,
  sealHandedOut: token => (token.length < 10 ? `vgt1.<${token}>` : null),
  sealBoxes: () => null,
  of: () => states,
}

/** As each reader of JSON has it, however the body is cut, with what is on record of it. */
function masked(plan: Plan, body: string): string[] {
  const bytes = Buffer.from(body)
  return jsonReaders
    .filter(({ name }) => name === 'json')
    .flatMap(format => {
      const engine = plugins.formats.includes(format) ? masking : createMasking({ formats: [format] })
      return [1, 7, bytes.length].map(size => {
        const masker = engine.start(plan, format, { ...scope, states }, limits)
        const out: Uint8Array[] = []
        for (let from = 0; from < bytes.length; from += size)
          out.push(...masker.write(bytes.subarray(from, from + size)))
        out.push(...masker.end())
        const tally = masker.takeTally()
        return `${Buffer.concat(out)} ${JSON.stringify(tally)}`
      })
    })
}

test('both readers seal a token where it is handed out, and nowhere else', () => {
  const plan = planOf('/login')
  const cases: [string, RegExp][] = [
    ['{"code":200,"token":"abc"}', /^\{"code":200,"token":"vgt1\.<abc>"\} /],
    [
      '{"data":{"access_token":"a\\u0062c","key":"k","token":"t"}}',
      /^\{"data":\{"access_token":"vgt1\.<abc>","key":"vgt1\.<k>"\}\} /,
    ],
    ['{"data":[{"access_token":"abc"}]}', /^\{"data":\[\{\}\]\} /],
    ['[{"token":"abc"}]', /^\[\{\}\] /],
    ['{"token":["abc",{"x":"abc"},"d"]}', /^\{"token":\[null,null\]\} /],
    ['{"token":{"x":"abc"}}', /^\{"token":\{\}\} /],
    ['{"token":1234567}', /^\{\} /],
    ['{"token":"abcdefghij"}', /^\{\} /],
    ['{"x":{"token":"abc"}}', /^\{"x":\{\}\} /],
    ['{"token":null}', /^\{\} /],
  ]
  for (const [body, wanted] of cases) {
    const all = masked(plan, body)
    assert.equal(new Set(all).size, 1, all.join('\n'))
    assert.match(all[0]!, wanted)
  }
})

test('a token that a rule about the row looks at is handed out as well', () => {
  const all = masked(planOf('/rows'), '{"token":"t1","note":"n"}')
  assert.equal(new Set(all).size, 1, all.join('\n'))
  assert.match(all[0]!, /^\{"token":"vgt1\.<t1>"\} /)
})
