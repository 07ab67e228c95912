import { parseArgs } from 'node:util'
import type { Bilingual } from '../contracts.ts'
import type { Found, LogReport } from '../records/verify.ts'
import { verifyFolder } from '../records/verify-folder.ts'
import { type Command, exit, type Io, type Language, say, UsageError } from './command.ts'
import { findFolder, folderOptions, folderUsage } from './records-folder.ts'

export const command: Command = {
  name: 'records verify',
  summary: {
    zh: '核验访问记录是否完整、未被改动',
    en: 'Checks that the access records are whole and unchanged',
  },
  usage: `--records DIR [--log NAME] [--json]\n    ${folderUsage}\n    --log NAME      only this log\n    --json          one object for each log`,
  async run(args, io) {
    const options = { ...folderOptions, log: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const directory = await findFolder(values.records, io)
    if (typeof directory !== 'string') return unable(directory, io)
    const reports = await verifyFolder(directory, values.log)
    if (reports.length === 0) return unable(words.noLog, io)
    for (const report of reports)
      io.stdout(values.json === true ? `${JSON.stringify(report)}\n` : describe(report, io.lang))
    const whole = reports.every(report => report.problems.length === 0)
    if (values.json !== true) io.stdout(`\n${say(whole ? words.whole : words.wrong, io.lang)}\n`)
    return whole ? exit.well : exit.wrong
  },
}

/** parseArgs quotes what it does not know, and says it in English only. */
export function parse<Parsed>(parser: () => Parsed): Parsed {
  try {
    return parser()
  } catch {
    throw new UsageError({ zh: '选项有误。可用的选项：', en: 'There is something wrong with the options. They are:' })
  }
}

export function unable(why: Bilingual, io: Io): number {
  io.stderr(`${say(why, io.lang)}\n`)
  return exit.unable
}

function describe(report: LogReport, lang: Language): string {
  const head = say(words.log(report), lang)
  const found = (one: Found) => `    ${one.code} ${placeOf(one, report.log)}: ${say(one.words, lang)}`
  const problems = report.problems.map(found)
  if (report.more > 0) problems.push(`    ${say(words.more(report.more), lang)}`)
  const notes = report.notes.map(found)
  const parts = [head]
  if (problems.length > 0) parts.push(`  ${say(words.problems, lang)}`, ...problems)
  if (notes.length > 0) parts.push(`  ${say(words.notes, lang)}`, ...notes)
  return `${parts.join('\n')}\n`
}

/** `gw1-0.000003.jsonl:1234 gw1-0:17–20`. */
function placeOf({ file, offset, records }: Found, log: string): string {
  const place = file === null ? '' : `${log}.${String(file).padStart(6, '0')}.jsonl:${offset ?? 0}`
  if (records === null) return place
  const [first, last] = records
  return `${place} ${log}:${first}${last > first ? `–${last}` : ''}`
}

const words = {
  noLog: { zh: '此目录中没有这个日志。', en: 'There is no such log in this folder.' },
  log: ({ log, files, entries, from, to, head }: LogReport): Bilingual => ({
    zh: `日志 ${log}：${entries} 条记录，${files} 个文件，${from ?? '-'} 至 ${to ?? '-'}\n  末批哈希 ${head}`,
    en: `log ${log}: ${entries} records in ${files} ${files === 1 ? 'file' : 'files'}, ${from ?? '-'} to ${to ?? '-'}\n  hash of the last batch ${head}`,
  }),
  problems: { zh: '问题：', en: 'problems:' },
  notes: { zh: '说明：', en: 'notes:' },
  more: (many: number): Bilingual => ({ zh: `另有 ${many} 处问题`, en: `and ${many} more problems` }),
  whole: {
    zh: '完整：编号连续，每批与其哈希相符、首尾相接。\n以上仅由日志自身证明：末尾若被整体截去，或全部重写，单凭日志看不出来；请与另存的末批哈希和记录数对照。',
    en: 'Whole: no number is missing, and each batch matches its hash and follows the one before.\nOnly the log itself says so: an end cut off in one piece, or a log written anew from its beginning, does not show in it. Compare the number of records and the hash of the last batch with a note kept elsewhere.',
  },
  wrong: {
    zh: '有问题：见上。请保留目录原样，并与副本对照。',
    en: 'Wrong: see above. Keep the folder as it is, and compare it with a copy.',
  },
}
