/** The records of the demonstration, through the records commands themselves, on a terminal of 100 columns. */

import type { Entry } from '../../records/files/read.ts'
import { tableHead, tableRow } from '../../records/query/columns.ts'
import { Contexts, idOf } from '../../records/query/query.ts'
import { table } from '../../records/query/table.ts'
import { type Command, exit, type Io, say } from '../command.ts'
import { command as query } from '../records/query.ts'
import { command as show } from '../records/show.ts'
import { command as verify } from '../records/verify.ts'
import { clip, wrap } from './pages.ts'
import { demoWords } from './text.ts'

const width = 97
const zone = ['--timezone', 'Asia/Shanghai']
/** Record, consumer, operator, route, status, people, outcome: what fits of the columns of `records query`. */
const chosenColumns = [0, 3, 4, 6, 7, 8, 9]
/** What callers did; beside it are the records of the gateway's own doings. */
const kinds = ['access', 'close', 'refused'].flatMap(kind => ['--kind', kind])

/** Prints what is on record, one record in words, and whether the log is whole. Returns what is not as it should be. */
export async function showRecords(folder: string, exchanges: number, io: Io): Promise<string[]> {
  const page = (text: string, lay: (line: string) => string[]) => {
    for (const line of text.trimEnd().split('\n')) for (const part of lay(line)) io.stdout(`   ${part}\n`)
  }
  const heading = (words: keyof Pick<typeof demoWords, 'records' | 'record' | 'verify'>, command: string) =>
    io.stdout(`\n${say(demoWords[words](`veilgate ${command}`), io.lang)}\n`)

  const asked = await run(query, ['--records', folder, '--json'], io)
  const contexts = new Contexts()
  const all: Entry[] =
    asked.printed === ''
      ? []
      : asked.printed
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line))
  const entries = all.map(entry => contexts.of(entry)).filter(entry => kinds.includes(entry.kind))
  heading('records', 'records query --records records')
  page(compact(entries, io), line => [clip(line, width)])

  const counsellor = entries.find(entry => entry['operator'] !== null && entry.kind === 'access')
  const id = counsellor === undefined ? 'none:0' : idOf(counsellor)
  const shown = await run(show, [id, '--records', folder, ...zone], io)
  heading('record', `records show ${id} --records records`)
  page(shown.printed.split('\n\n')[0]!, line => wrap(line, width))

  const verified = await run(verify, ['--records', folder], io)
  heading('verify', 'records verify --records records')
  page(verified.printed.replace(/\n\n/g, '\n'), line => wrap(line, width))

  const checks: [name: string, holds: boolean][] = [
    ['records query, show and verify end with 0', [asked, shown, verified].every(step => step.status === exit.well)],
    ['every exchange is on record', entries.length === exchanges],
  ]
  return checks.filter(([, holds]) => !holds).map(([name]) => name)
}

function compact(entries: readonly Entry[], io: Io): string {
  const choose = (row: readonly string[]) => chosenColumns.map(column => row[column]!)
  const head = choose(tableHead.map(words => say(words, io.lang)))
  return table(
    head,
    entries.map(entry => choose(tableRow(entry, 'Asia/Shanghai', io.lang))),
  )
}

async function run(command: Command, args: readonly string[], io: Io): Promise<{ status: number; printed: string }> {
  let printed = ''
  const stdout = (text: string | Uint8Array) => void (printed += String(text))
  const status = await command.run(args, { ...io, stdout, stderr: () => {} })
  return { status, printed }
}
