import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type LegacySystem, startLegacySystem } from '../../gateway/demo/legacy-system.ts'
import type { StudentFile } from '../../gateway/demo/student-files.ts'
import { startBrowser } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'

const policy = await readFile(new URL('../../policies/systems/student-affairs.yaml', import.meta.url), 'utf8')

let legacy: LegacySystem
let gateway: TestGateway
let browser: Browser | null = null
let unavailable: string | undefined
let student: StudentFile
let path: string

before(async () => {
  legacy = await startLegacySystem({ people: 60 })
  student = legacy.students.find(({ person }) => person.remark.includes(person.guardians[0]!.mobile))!
  path = `/student.jsp?id=${student.id}`
  gateway = await startTestGateway({
    upstream: legacy.url,
    policies: { 'systems/upstream.yaml': policy.replace('system: student-affairs', 'system: upstream') },
  })
  const started = await startBrowser()
  if ('browser' in started) browser = started.browser
  else unavailable = started.unavailable
})

after(async () => {
  await browser?.close()
  await gateway.close()
  await legacy.close()
})

/** The page as it stands in the browser, with what the browser had to complain about. */
async function opened(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser!.newPage({ extraHTTPHeaders: headers, viewport: { width: 900, height: 760 } })
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => void (message.type() === 'error' && complaints.push(message.text())))
  await page.goto(url)
  return { page, complaints }
}

/** All that anybody could read off a page: what it shows, what is in its inputs and programs, and its source. */
async function saidBy(page: Page): Promise<string> {
  const inputs = await page.evaluate<string[]>("[...document.querySelectorAll('input')].map(one => one.value)")
  return [await page.innerText('body'), await page.content(), ...inputs].join('\n')
}

/** How each element is laid out, whatever stands in it; but for the gateway's own hidden field, by which boxes keep their values. */
function layoutOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('body :not([name=__vgboxes])')].map(one => {
    const { display, color, backgroundColor, fontSize, borderTopWidth } = getComputedStyle(one)
    const { left, width } = one.getBoundingClientRect()
    const box = display === 'block' || display === 'table' ? Math.round(left) + '+' + Math.round(width) : width > 0
    return [one.tagName, one.className, display, color, backgroundColor, fontSize, borderTopWidth, box].join(' ')
  })`)
}

test('a page in GBK is read as such, and a person sees it masked', async t => {
  if (browser === null) return t.skip(unavailable)
  const { page, complaints } = await opened(gateway.url + path)
  const { person, campus } = student
  assert.equal(await page.evaluate('document.characterSet'), 'GBK')
  assert.equal(await page.title(), '学生信息卡')
  const shown = await page.innerText('#card')
  const masked = person.name[0] + '*'.repeat(person.name.length - 1)
  assert.ok(shown.includes(`姓名\t${masked}\t学号\t${person.studentNumber.slice(0, 4)}******`), shown)
  assert.ok(shown.includes(campus) && shown.includes(person.college), shown)
  assert.equal(await page.inputValue('#sj'), '***')
  // made by the page's own program, from what it was given
  assert.equal(await page.innerText('#call'), `${masked} (***)`)
  assert.deepEqual(complaints, [])
  const said = await saidBy(page)
  const family = person.guardians.flatMap(one => [one.name, one.mobile, one.residentId])
  for (const value of [person.name, person.residentId, person.mobile, person.address, person.email, ...family])
    assert.ok(!said.includes(value))
  await page.close()
})

test('who may see more sees more of it', async t => {
  if (browser === null) return t.skip(unavailable)
  const { page } = await opened(gateway.url + path, { authorization: `Bearer ${gateway.keys.staff}` })
  const { person } = student
  const shown = await page.innerText('#card')
  assert.ok(shown.includes(person.name) && shown.includes(`${person.residentId.slice(0, 3)}***************`), shown)
  assert.equal(await page.inputValue('#sj'), `${person.mobile.slice(0, 3)}****${person.mobile.slice(-4)}`)
  await page.close()
})

test('it is laid out as the old system lays it out, element by element', async t => {
  if (browser === null) return t.skip(unavailable)
  const [old, masked] = [await opened(legacy.url + path), await opened(gateway.url + path)]
  const [was, is] = [await layoutOf(old.page), await layoutOf(masked.page)]
  assert.ok(was.length > 50)
  assert.deepEqual(is, was)
  for (const { page } of [old, masked]) await page.close()
})
