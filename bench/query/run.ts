/** How long it takes to find records among very many: `npm run bench -- query [--records N] [--keep DIR]`. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bringUpToDate } from '../../gateway/records/index/indexing.ts'
import { machine, median } from '../machine.ts'
import { accesses, issued } from './staff.ts'
import { logWriter } from './write-log.ts'

const main = join(import.meta.dirname, '../../gateway/cli/main.ts')
const begins = Date.parse('2026-08-01T00:00:00Z')
const rounds = 3
const dayMilliseconds = 86_400_000
const valuesEach = 3

/** What is asked, and how it is called in the table. */
const questions: readonly (readonly [string, readonly string[]])[] = [
  ['the newest of all', []],
  ['of one operator', ['--operator', 'u1003']],
  ['of one operator, consumer and route', ['--operator', 'u1003', '--consumer', 'oa-3', '--route', routeOf(7)]],
  ['of one operator on one day', ['--operator', 'u1007', '--from', '2026-08-10', '--until', '2026-08-10']],
  ['of one month', ['--from', '2026-08-10', '--until', '2026-09-10']],
  ['withheld ones', ['--outcome', 'withheld']],
  ['a code and an operator that seldom meet', ['--code', 'FORMAT_MALFORMED', '--operator', 'u1100']],
  ['of one system', ['--system', 'reports']],
  ['with mobile numbers', ['--data-type', 'cn_mobile']],
  ['under a grant that was never used', ['--grant', 'g-nothing']],
  ['of nobody', ['--consumer', 'nobody']],
]

export async function run(args: string[]): Promise<void> {
  const options = { records: { type: 'string', default: '10000000' }, keep: { type: 'string' } } as const
  const { values } = parseArgs({ args, options })
  const records = Number(values.records)
  const directory = values.keep ?? mkdtempSync(join(tmpdir(), 'veilgate-query-'))
  try {
    const made = existsSync(join(directory, 'gw1-0.000001.jsonl.zst')) ? null : write(directory, records)
    const began = performance.now()
    const indexed = await bringUpToDate(directory)
    const seconds = (performance.now() - began) / 1000
    const rows = questions.map(([what, filters]) => `| ${what} | ${median(times(directory, filters)).toFixed(2)} |`)
    const shown = `| one record, as a sentence | ${median(timesOf(['show', `gw1-0:${records >> 1}`, '--records', directory])).toFixed(2)} |`
    const index = statSync(join(directory, 'index.sqlite')).size
    const text = [
      '# Finding records',
      '',
      machine(),
      `- ${records.toLocaleString('en')} records${made === null ? '' : `, ${Math.round(made / 2 ** 20).toLocaleString('en')} MiB before sealing`}`,
      `- medians of ${rounds} runs of the command, from its start to its end; 50 records are shown of each`,
      '',
      indexed > 0
        ? `The index was made at ${Math.round(indexed / seconds).toLocaleString('en')} records a second, and takes ${Math.round(index / indexed)} bytes for each.\n`
        : '',
      '| `veilgate records query` | seconds |',
      '|---|---:|',
      ...rows,
      shown,
      '',
    ].join('\n')
    console.log(text)
    if (values.keep === undefined) writeFileSync(join(import.meta.dirname, '../results/query.md'), text)
  } finally {
    if (values.keep === undefined) rmSync(directory, { recursive: true, force: true })
  }
}

function routeOf(nth: number): string {
  return `/api/students/{id}/part-${nth}`
}

function write(directory: string, records: number): number {
  let day = Number.NaN
  let month = ''
  /** Of the month: by person and value. */
  let known: string[] = []
  const index = (person: number, time: number, value: number): string => {
    if (Math.floor(time / dayMilliseconds) !== day) {
      day = Math.floor(time / dayMilliseconds)
      const next = new Date(time).toISOString().slice(0, 7)
      if (next !== month) [month, known] = [next, []]
    }
    return (known[person * valuesEach + value] ??= createHash('sha256')
      .update(`${month} ${person} ${value}`)
      .digest('base64url')
      .slice(0, 22))
  }
  const writer = logWriter(directory, 'gw1-0', index, true)
  for (const access of accesses({ ...issued, records }, 1, begins)) writer.write(access)
  return writer.end().bytes
}

function times(directory: string, filters: readonly string[]): number[] {
  return timesOf(['query', '--records', directory, '--timezone', 'Asia/Shanghai', ...filters])
}

function timesOf(args: readonly string[]): number[] {
  return Array.from({ length: rounds }, () => {
    const began = performance.now()
    const { status } = spawnSync(process.execPath, [main, 'records', ...args], { stdio: 'ignore' })
    if (status !== 0) throw new Error(`records ${args[0]} ended with ${status}`)
    return (performance.now() - began) / 1000
  })
}
