import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../gateway/records/files/read.ts'
import { reportPage } from '../../gateway/records/report/page.ts'
import { periodOf } from '../../gateway/records/report/period.ts'
import { Totals } from '../../gateway/records/report/totals.ts'
import { startBrowser } from '../support/browser.ts'
import { accessDraft } from './drafts.ts'

const period = periodOf('month', '2026-11-21', 'Asia/Shanghai')

function month(): Totals {
  const totals = new Totals(period)
  const said = accessDraft({ operator: 'u1', rows: 900, fields: { 'cn_mobile@A3': { clear: 900, partial: 1 } } })
  const entry = { v: 1, log: 'gw1-0', seq: 1, time: '2026-11-20T02:00:00.000Z', ...said } as unknown as Entry
  totals.add({ entry, context: entry })
  return totals
}

/** Texts whose contrast with what is behind them is below that of WCAG 2.2, 1.4.3. */
const pale = `(() => {
  const part = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  const light = color => [0.2126, 0.7152, 0.0722].reduce((sum, share, at) => sum + share * part(color[at]), 0)
  const numbers = text => text.match(/[\\d.]+/g).map(Number)
  const behind = element => {
    for (let one = element; one !== null; one = one.parentElement) {
      const color = numbers(getComputedStyle(one).backgroundColor)
      if (color.length === 3 || color[3] > 0) return color
    }
    return [255, 255, 255]
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = new Set()
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement
    if (walker.currentNode.data.trim() === '' || ['STYLE', 'TITLE', 'title'].includes(element.tagName)) continue
    const style = getComputedStyle(element)
    const text = numbers(element.tagName === 'text' ? style.fill : style.color)
    const [dark, bright] = [light(text), light(behind(element))].sort((one, other) => one - other)
    if ((bright + 0.05) / (dark + 0.05) < 4.5) found.add(element.tagName + ' ' + text)
  }
  return [...found]
})()`

test('a report has a main part, headings of two levels and headed columns, and no pale text', async context => {
  const started = await startBrowser()
  if ('unavailable' in started) return context.skip(started.unavailable)
  const { browser } = started
  try {
    const facts = { period, now: month(), before: new Totals(period), verified: null, made: new Date(0) }
    for (const lang of ['zh', 'en'] as const) {
      const page = await browser.newPage()
      await page.setContent(reportPage({ ...facts, lang }))
      const all = async (selector: string) => await page.locator(selector).count()
      assert.deepEqual([await all('main'), await all('h1'), await all('main h1')], [1, 1, 0])
      assert.equal(await all('main h2'), await all('section'))
      assert.equal(await all('th:not([scope])'), 0)
      assert.equal(await all('svg:not([aria-label]):not([aria-hidden]):not(:has(title))'), 0)
      assert.deepEqual(await page.evaluate(pale), [])
      await page.close()
    }
  } finally {
    await browser.close()
  }
})
