import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportedForNobody } from './exported.ts'
import { sourcesIn } from './imports.ts'

// bench/main.ts imports the one that is asked for by its name
const byName = /^bench\/\w+\/run\.ts: run$/

test('no value is exported that no other file imports', async () => {
  const found = exportedForNobody(await sourcesIn('gateway', 'plugins', 'bench', 'test'))
  assert.deepEqual(
    found.filter(one => !byName.test(one)),
    [],
  )
})

test('every planted export for nobody is found', () => {
  for (const text of [
    'export const a = 1',
    'export function a() {}',
    'export async function* a() {}',
    'export class a {}',
    'export const a = 1\na()',
  ]) {
    const others = [
      { file: 'gateway/other.ts', text: "import { b } from './a.ts'\n/** import { a } from './a.ts' */" },
      { file: 'gateway/elsewhere.ts', text: "import { a } from '../plugins/a.ts'" },
    ]
    assert.deepEqual(exportedForNobody([{ file: 'gateway/a.ts', text }, ...others]), ['gateway/a.ts: a'], text)
  }
})

test('what is imported in any way, and types, are let through', () => {
  const imports = [
    "import { a } from './a.ts'",
    "import {\n  type B,\n  a as c,\n} from './a.ts'",
    "import * as all from './a.ts'",
    "export { a } from './a.ts'",
    "export * from './a.ts'",
    "const { a } = await import('./a.ts')",
  ]
  const file = { file: 'gateway/a.ts', text: 'export const a = 1\nexport type B = string' }
  for (const text of imports) assert.deepEqual(exportedForNobody([file, { file: 'gateway/b.ts', text }]), [], text)
})
