/**
 * Whether memory stays bounded however long a body is: each format masks one of 200 MB (or `--megabytes N`) in a process
 * of its own, with a heap too small to hold it. HTML, which is read whole, gets a page as large as its usual limit; XLSX a
 * package of 20 MB. Ends with 1 where a limit is passed, or a value comes through. `npm run campaign:large`.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { workbook } from '../../gateway/demo/workbook.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { sentinel } from '../support/sentinels.ts'
import { largeBodies } from './large/bodies.ts'

const { values } = parseArgs({ options: { megabytes: { type: 'string' }, only: { type: 'string' } } })
const size = Number(values.megabytes ?? 200) * 1_000_000
const mebi = 1 << 20

/** Most memory that a process may ever have had: that of the runtime, the engine and the largest thing read whole. */
const limitOf = (format: string): number => (format === 'xlsx' ? 1400 : format === 'html' ? 600 : 224) * mebi
/** MiB of old space: a body that was kept would not fit. */
const heapOf = (format: string): number => (format === 'xlsx' ? 512 : format === 'html' ? 400 : 48)

type Run = { taken: number; given: number; rows: number; masked: number; seconds: number; before: number; peak: number }

const folder = await mkdtemp(join(tmpdir(), 'veilgate-large-'))
let wrong = 0
try {
  const formats = [...Object.keys(largeBodies), 'xlsx'].filter(
    name => values.only === undefined || name === values.only,
  )
  console.log('| format | body MB | seconds | MB/s | values masked | rows | memory before MiB | peak MiB | limit MiB |')
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|')
  for (const format of formats) {
    try {
      const run = await measure(format)
      const [limit, shown] = [limitOf(format), row(format, run)]
      const isWell = run.peak <= limit && run.masked > run.taken / 1000
      if (!isWell) wrong++
      console.log(`${shown}${isWell ? '' : ' <- wrong'}`)
    } catch (error) {
      wrong++
      console.log(`| ${format} | failed: ${String((error as { stderr?: string }).stderr ?? error).slice(0, 500)} |`)
    }
  }
} finally {
  await removeFolder(folder)
}
process.exitCode = wrong === 0 ? 0 : 1

async function measure(format: string): Promise<Run> {
  const bytes = format === 'html' ? 4 * mebi - 100_000 : size
  const file = join(folder, 'book.xlsx')
  if (format === 'xlsx') await writeFile(file, largeWorkbook())
  const child = join(import.meta.dirname, 'large/child.ts')
  const flags = [`--max-old-space-size=${heapOf(format)}`, '--max-semi-space-size=8']
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, child, format, String(bytes), file])
  return JSON.parse(stdout)
}

/** Just under 20 MiB packed: rows of digits that do not compress well, and a person in each. */
function largeWorkbook(): Buffer {
  let state = 7
  const random = () => (state = (state * 48_271) % 2_147_483_647)
  const rows = [['序号', '姓名', '身份证号', '手机号', '说明']]
  const { name, id, mobile } = sentinel
  for (let at = 0; at < 515_000; at++) rows.push([String(at), name, id, mobile, `${random()}-${random()}-${random()}`])
  return workbook('学生', rows)
}

function row(format: string, { taken, rows, masked, seconds, before, peak }: Run): string {
  const cells = [
    format,
    (taken / 1e6).toFixed(0),
    seconds.toFixed(1),
    (taken / 1e6 / seconds).toFixed(1),
    masked,
    rows,
    (before / mebi).toFixed(0),
    (peak / mebi).toFixed(0),
    limitOf(format) / mebi,
  ]
  return `| ${cells.join(' | ')} |`
}
