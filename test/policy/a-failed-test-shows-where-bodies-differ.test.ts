import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { differencesIn } from '../../gateway/cli/policies/differing.ts'
import { sameJson } from '../../gateway/policy/json-values.ts'
import { runCommand } from '../support/run-command.ts'

function policies(t: TestContext, given: string, expected: string, type: string): string {
  const cwd = mkdtempSync(join(tmpdir(), 'veilgate-cli-'))
  t.after(() => rmSync(cwd, { recursive: true }))
  mkdirSync(join(cwd, 'policies/systems'), { recursive: true })
  const tests = [{ name: 'long', request: 'GET /a', given, type, expect: { public: expected } }]
  const system = { system: 's', routes: [{ path: '/a' }], tests }
  writeFileSync(join(cwd, 'policies/systems/s.yaml'), JSON.stringify(system))
  return cwd
}

const rows = (count: number, tel: string) =>
  JSON.stringify({ rows: Array.from({ length: count }, (_, id) => ({ id, 'no.': 1.5, tel })) })

test('of a long body of JSON the places that differ are shown, and of many the first', async t => {
  const few = rows(12, '***').replace('***', '138********').replace('"id":3,', '').replace('"no.":1.5', '"no.":1.50')
  const ran = await runCommand(['test'], { cwd: policies(t, rows(12, '13800138000'), few, 'application/json') })
  assert.equal(ran.status, 1)
  const [, ...lines] = ran.stdout.split('\n')
  assert.deepEqual(lines.slice(1, -2), [
    '    $.rows[0]["no."]',
    '      expected 1.50',
    '      got 1.5',
    '    $.rows[0].tel',
    '      expected "138********"',
    '      got "***"',
    '    $.rows[3].id',
    '      expected (nothing)',
    '      got 3',
  ])
  const all = policies(t, rows(50, '13800138000'), rows(50, '138********'), 'application/json')
  const { stdout } = await runCommand(['test'], { cwd: all, lang: 'zh' })
  assert.equal(stdout.match(/应为/g)?.length, 20)
  assert.match(stdout, / … 30 处差异未列出\n/)
})

test('of a long text its lines are, and what stands in one of them only does not shift the rest', async t => {
  const line = (at: number) => `第 ${at} 行，无人在此\n`
  const text = (...left: number[]) =>
    Array.from({ length: 30 }, (_, at) => (left.includes(at) ? '' : line(at))).join('')
  const { stdout } = await runCommand(['test'], { cwd: policies(t, text(), text(4), 'text/plain') })
  assert.match(stdout, /\n {4}line 5\n {6}expected \(nothing\)\n {6}got 第 4 行，无人在此\nFAIL: 0\/1\n$/)
})

test('whatever differs is found, and nothing else', () => {
  const json = fc.json({ maxDepth: 3 })
  fc.assert(
    fc.property(json, json, (a, b) => {
      assert.equal(differencesIn(a, b, true).length === 0, sameJson(a, b))
      assert.deepEqual(differencesIn(a, a, true), [])
    }),
  )
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 8 }).map(all => all.join('\n'))
  fc.assert(
    fc.property(lines, lines, (a, b) => {
      assert.equal(differencesIn(a, b, false).length === 0, a.trimEnd() === b.trimEnd())
    }),
  )
})
