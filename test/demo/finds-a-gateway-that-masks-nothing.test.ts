import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { renderWalk } from '../../gateway/cli/demo/pages.ts'
import { type LegacySystem, startLegacySystem } from '../../gateway/demo/legacy-system.ts'
import { leaks, walkThrough } from '../../gateway/demo/walkthrough.ts'

const callers = ['public', 'staff', 'counsellor'].map(name => ({
  name,
  headers: {},
  how: { zh: '直连', en: 'direct' },
}))

let legacy: LegacySystem

before(async () => {
  legacy = await startLegacySystem()
})

after(() => legacy.close())

test('the walk-through fails where nothing is masked', async () => {
  const { failed } = await walkThrough(legacy, legacy.url, callers)
  assert.deepEqual(failed, [
    'public sees no more than its policy shows',
    'staff sees no more than its policy shows',
    'the public sees no name',
    'the error page leaks nothing',
    'a question by a masked field is refused',
    'the export comes whole and masked',
    'the page comes whole and masked',
    'the service comes whole and masked',
    'the csv comes whole and masked',
    'the workbook comes whole and masked',
  ])
})

test('the walk-through fails where nothing answers as it should', async () => {
  const broken = await startLegacySystem({ people: 1 })
  try {
    const { failed } = await walkThrough(legacy, `${broken.url}/nowhere`, callers)
    assert.ok(failed.includes('public gets an answer'))
    assert.ok(failed.includes('counsellor sees the phone number'))
    for (const name of ['export', 'page', 'service', 'csv', 'workbook'])
      assert.ok(failed.includes(`the ${name} comes whole and masked`))
  } finally {
    await broken.close()
  }
})

test('it fits a terminal of 100 columns in both languages', async () => {
  const walk = await walkThrough(legacy, legacy.url, callers)
  for (const lang of ['zh', 'en'] as const) {
    for (const line of renderWalk(walk, callers, lang).split('\n')) {
      const columns = [...line].reduce((sum, character) => sum + (/[^\x20-\x7e…]/.test(character) ? 2 : 1), 0)
      assert.ok(columns <= 100, line)
    }
  }
})

test('whole numbers are counted, masked ones and longer ones are not', () => {
  assert.deepEqual(leaks('11010519491231002X,13800138000'), { ids: 1, mobiles: 1 })
  assert.deepEqual(leaks('110***************,138****8000,1790012345678900001,6222020000000000000'), {
    ids: 0,
    mobiles: 0,
  })
})
