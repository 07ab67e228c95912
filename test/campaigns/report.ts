/**
 * Two months of a demonstration's traffic, its report in both languages, and pictures of both on a screen and on paper:
 * `npm run campaign:report -- FOLDER`. It is for looking at.
 */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { main } from '../../gateway/cli/main.ts'
import { startBrowser } from '../support/browser.ts'
import { writeMonths } from '../support/month-of-records.ts'
import { removeFolder } from '../support/remove-folder.ts'

const out = resolve(process.env['INIT_CWD'] ?? '.', process.argv[2] ?? 'report-pictures')
await mkdir(out, { recursive: true })
const records = await mkdtemp(join(tmpdir(), 'veilgate-month-'))
try {
  const answers = await writeMonths(records, { first: '2026-09-01', days: 61, perDay: 500 })
  console.log(`${answers} answers on record`)
  for (const lang of ['zh', 'en'] as const)
    for (const kind of ['html', 'csv'] as const) {
      const file = join(out, `report-${lang}.${kind}`)
      const args = ['--period', 'month', '--day', '2026-10-15', '--timezone', 'Asia/Shanghai', '--out', file]
      const csv = kind === 'csv' ? ['--csv'] : []
      await run('records', 'report', '--records', records, '--lang', lang, ...args, ...csv)
    }
  await takePictures()
} finally {
  await removeFolder(records)
}

async function run(...args: string[]): Promise<void> {
  const streams = { stdout: () => {}, stderr: (text: string) => void process.stderr.write(text) }
  const status = await main(args, { stdin: (async function* () {})(), ...streams, lang: 'en', cwd: out, env: {} })
  if (status !== 0) throw new Error(`records report ended with ${status}`)
}

async function takePictures(): Promise<void> {
  const started = await startBrowser()
  if ('unavailable' in started) {
    console.log(`no pictures: ${started.unavailable}`)
    return
  }
  const { browser } = started
  try {
    const page = await browser.newPage({ viewport: { width: 900, height: 1200 } })
    for (const lang of ['zh', 'en']) {
      await page.goto(pathToFileURL(join(out, `report-${lang}.html`)).href)
      await page.screenshot({ path: join(out, `screen-${lang}.png`), fullPage: true })
      await writeFile(
        join(out, `paper-${lang}.pdf`),
        await page.pdf({ preferCSSPageSize: true, printBackground: true }),
      )
    }
  } finally {
    await browser.close()
  }
  console.log(`pictures and pages are in ${out}`)
}
