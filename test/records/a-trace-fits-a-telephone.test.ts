import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tracePage } from '../../gateway/cli/records/trace-page.ts'
import { startBrowser } from '../support/browser.ts'

const span = '2026-03-01 16:00:00 – 2026-06-25 16:00:00'
const accessor = ['1', 'counselling', 'chen.jing', '30 (100%)', '10', '14', '1:10^9', '30', 'work order×30', span]
const told = {
  head: 'Case LEAK-2026-9, approved by zhang and li. This trace is on record as cli-0:13.',
  known: '30 of the 30 people on the list were in the records of 6 months. They were shown to:',
  accessors: {
    columns: ['rank', 'consumer', 'operator', 'list', 'clear', 'chance', 'odds', 'records', 'basis', 'time'],
    rows: [accessor],
  },
  more: '',
  occasions: [],
  meaning: ['A rank is no verdict.'],
  closed: '',
}

test('on a telephone the page of a trace is as wide as the screen, and its rows are as low as on paper', async context => {
  const started = await startBrowser()
  if ('unavailable' in started) return context.skip(started.unavailable)
  const { browser } = started
  try {
    const page = await browser.newPage({ viewport: { width: 375, height: 800 } })
    await page.setContent(tracePage(told, 'LEAK-2026-9', '2026-11-24 13:02', 'en'))
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 375)
    const height = await page.evaluate(`document.querySelector('tbody tr').offsetHeight`)
    assert.ok(Number(height) < 60, `a row is ${height} pixels high`)
  } finally {
    await browser.close()
  }
})
