import { parseArgs } from 'node:util'
import { verifyFolder } from '../../records/verify/folder.ts'
import { type Command, exit, say, unable } from '../command.ts'
import { memoryIn } from '../keys/installed.ts'
import { parse } from '../options.ts'
import { broughtBy, evidenceOptions, evidenceUsage } from './evidence.ts'
import { faultOfFolder, folderOptions, folderUsage, placesOf, timezoneOf } from './folder.ts'
import { conclusion, describe } from './verify-text.ts'

export const command: Command = {
  name: 'records verify',
  summary: {
    zh: '核验访问记录是否完整、未被改动',
    en: 'check that the access records are whole and unchanged',
  },
  usage: `[--records DIR] [--key KEY ...] [--witness WHAT ...] [--approver KEY ...] [--log NAME] [--timezone ZONE] [--json]
    ${folderUsage}
    ${evidenceUsage}
    --log NAME      only this log
    --timezone ZONE of times; the gateway's, if left out
    --json          one object for each log`,
  async run(args, io) {
    const options = {
      ...folderOptions,
      ...evidenceOptions,
      log: { type: 'string' },
      timezone: { type: 'string' },
      json: { type: 'boolean' },
    } as const
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const given = broughtBy(values, io)
    const places = await placesOf(values, io)
    if (typeof places === 'number') return places
    const { records: directory, keys } = places
    const fault = await faultOfFolder(directory)
    if (fault !== null) return unable(fault, io)
    const brought = keys === null ? given : { ...given, remembered: memoryIn(keys) }
    const timezone = timezoneOf(values.timezone, directory)
    const reports = await verifyFolder(directory, { only: values.log, brought, now: Date.now() })
    if (reports.length === 0) return unable(words.noLog, io)
    for (const report of reports)
      io.stdout(values.json === true ? `${JSON.stringify(report)}\n` : describe(report, io.lang, timezone))
    if (values.json !== true) io.stdout(`\n${say(conclusion(reports), io.lang)}\n`)
    return reports.every(report => report.problems.length === 0) ? exit.well : exit.wrong
  },
}

const words = { noLog: { zh: '此目录中没有这个日志。', en: 'There is no such log in this folder.' } }
