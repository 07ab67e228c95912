import { parseArgs } from 'node:util'
import { idOf } from '../records/query.ts'
import type { Entry } from '../records/read.ts'
import { readingDraft } from '../records/reading.ts'
import { printable } from '../records/table.ts'
import { tell } from '../records/tell.ts'
import { type Command, exit, say, UsageError } from './command.ts'
import { askingOptions, askingUsage, askRecords } from './records-asking.ts'
import { timezoneOf } from './records-folder.ts'
import { parse, unable } from './records-verify.ts'

export const command: Command = {
  name: 'records show',
  summary: {
    zh: '用一句话说明一条访问记录，并列出其内容',
    en: 'Tells one access record in a sentence, and lists what is in it',
  },
  usage: `LOG:SEQ --records DIR | --postgres WHAT [--timezone ZONE] [--json]
    LOG:SEQ         the record's number, as in the answer of a refused request: gw1-0:1042
    ${askingUsage}
    --timezone ZONE of the time shown; the machine's, if left out
    --json          the record as it is written`,
  async run(args, io) {
    const options = { ...askingOptions, timezone: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
    const timezone = timezoneOf(values.timezone)
    const asked = /^([a-z0-9][a-z0-9-]{0,62}):(0|[1-9][0-9]{0,14})$/.exec(positionals[0] ?? '')
    if (asked === null || positionals.length > 1) throw new UsageError(words.which)
    return askRecords(values, io, async ({ source, reading }) => {
      const found = await source.get(asked[1]!, Number(asked[2]))
      await reading.append(readingDraft('show', [], found === null ? 0 : 1))
      if (found === null) return unable(words.none, io)
      if (values.json === true) io.stdout(`${JSON.stringify(found.entry)}\n`)
      else io.stdout(`${say(tell(found.context, timezone), io.lang)}\n\n${listOf(found.entry)}`)
      return exit.well
    })
  },
}

/** Every key of the record on a line of its own. */
function listOf(entry: Entry): string {
  const rows = [['record', idOf(entry)], ...Object.entries(entry).filter(([key]) => key !== 'log' && key !== 'seq')]
  const width = Math.max(...rows.map(([key]) => String(key).length))
  return rows
    .map(([key, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return `  ${printable(String(key)).padEnd(width)}  ${printable(text)}\n`
    })
    .join('')
}

const words = {
  which: {
    zh: '请给出一条记录的编号，例如 gw1-0:1042。',
    en: 'Give the number of one record, such as gw1-0:1042.',
  },
  none: { zh: '没有这条记录。', en: 'There is no such record.' },
}
