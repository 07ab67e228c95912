import assert from 'node:assert/strict'
import { test } from 'node:test'
import { circles } from './circles.ts'
import { sourcesIn } from './imports.ts'

test('no files import each other in a circle, not for a type either', async () => {
  assert.deepEqual(circles(await sourcesIn('gateway', 'plugins', 'bench', 'test')), [])
})

test('every planted circle is found, with its files', () => {
  const planted = [
    "import { b } from './b.ts'",
    "import type { B } from './b.ts'",
    "import {\n  type B,\n  b,\n} from './b.ts'",
    "export { b } from './b.ts'",
    "export type * from './b.ts'",
    "const { b } = await import('./b.ts')",
    "import { b } from './b'",
  ]
  for (const text of planted) {
    const sources = [
      { file: 'gateway/a.ts', text },
      { file: 'gateway/b.ts', text: "import { c } from '../plugins/c.ts'" },
      { file: 'plugins/c.ts', text: "import type { A } from '../gateway/a.ts'" },
      { file: 'plugins/d.ts', text: "import type { A } from '../gateway/a.ts'" },
    ]
    assert.deepEqual(circles(sources), [['gateway/a.ts', 'gateway/b.ts', 'plugins/c.ts']], text)
  }
  assert.deepEqual(circles([{ file: 'a.ts', text: "import type { A } from './a.ts'" }]), [['a.ts']])
})

test('files below two others, and comments, make no circle', () => {
  const sources = [
    { file: 'a.ts', text: "import { b } from './b.ts'\nimport { c } from './c.ts'" },
    { file: 'b.ts', text: "import { d } from './d.ts'" },
    { file: 'c.ts', text: "import { d } from './d.ts'" },
    { file: 'd.ts', text: "import { join } from 'node:path'\n/** import { a } from './a.ts' */" },
  ]
  assert.deepEqual(circles(sources), [])
})
