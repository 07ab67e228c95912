import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../gateway/records/files/read.ts'
import { reportPage } from '../../gateway/records/report/page.ts'
import { periodOf } from '../../gateway/records/report/period.ts'
import { Totals } from '../../gateway/records/report/totals.ts'
import { startBrowser } from '../support/browser.ts'
import { accessDraft } from './drafts.ts'

const period = periodOf('month', '2026-11-21', 'Asia/Shanghai')

/** Names as long as they come: nothing in them says where a line may end. */
function busyMonth(): Totals {
  const totals = new Totals(period)
  for (let seq = 1; seq <= 40; seq++) {
    const said = accessDraft({
      consumer: `consumer_${'x'.repeat(seq)}`,
      system: `system-${'y'.repeat(seq)}`,
      rows: 500 * seq,
      fields: { 'cn_mobile@A3': { clear: 1_000_000 * seq }, 'person_name@A2': { partial: seq } },
    })
    const entry = { v: 1, log: 'gw1-0', seq, time: '2026-11-20T02:00:00.000Z', ...said } as unknown as Entry
    totals.add({ entry, context: entry })
  }
  return totals
}

test('a report is no wider than the screen of a telephone', async context => {
  const started = await startBrowser()
  if ('unavailable' in started) return context.skip(started.unavailable)
  const { browser } = started
  try {
    const facts = { period, now: busyMonth(), before: new Totals(period), verified: null, made: new Date(0) }
    for (const lang of ['zh', 'en'] as const)
      for (const width of [390, 1280]) {
        const page = await browser.newPage({ viewport: { width, height: 900 } })
        await page.setContent(reportPage({ ...facts, lang }))
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${lang} at ${width}`)
        const headed = `[...document.querySelectorAll('tr')].every(row => {
          const shown = [...row.children].filter(cell => getComputedStyle(cell).display !== 'none')
          const first = row.parentElement.firstElementChild.children
          return shown.length === [...first].filter(cell => getComputedStyle(cell).display !== 'none').length
        })`
        assert.equal(await page.evaluate(headed), true, 'each row has a cell below each heading')
        await page.close()
      }
  } finally {
    await browser.close()
  }
})
