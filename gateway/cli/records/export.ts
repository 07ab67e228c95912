import { parseArgs } from 'node:util'
import { toCef } from '../../records/export/cef.ts'
import { toEcs } from '../../records/export/ecs.ts'
import { toOcsf } from '../../records/export/ocsf.ts'
import { IndexFault } from '../../records/index/database.ts'
import type { Found } from '../../records/query/source.ts'
import { readingDraft } from '../../records/reading.ts'
import { type Command, exit, UsageError } from '../command.ts'
import { parse } from '../options.ts'
import { askingOptions, askingUsage, askRecords, IndexCutShort, placeOf } from './asking.ts'
import { filterOptions, filtersOf, filterUsage, namedFilters } from './filters.ts'

const formats: ReadonlyMap<string, (found: Found) => string> = new Map([
  ['ocsf', toOcsf],
  ['ecs', toEcs],
  ['cef', toCef],
  ['json', ({ entry }: Found) => JSON.stringify(entry)],
])

/** Of no use to who watches from elsewhere: blind indexes of people, and that the gateway lives. */
const asides = ['subjects', 'heartbeat']

export const command: Command = {
  name: 'records export',
  summary: {
    zh: '以 SIEM 读取的格式导出访问记录：OCSF、ECS、CEF 或 JSON',
    en: 'write the access records as a SIEM reads them: OCSF, ECS, CEF or JSON',
  },
  usage: `--format ocsf|ecs|cef|json [--records DIR | --postgres WHAT] [FILTER ...]
    --format NAME   OCSF 1.3.0 API Activity (6003), Elastic Common Schema 8.17, CEF 0, or records as they are; one a line
    ${askingUsage}
    ${filterUsage}`,
  async run(args, io) {
    const options = { ...askingOptions, ...filterOptions, format: { type: 'string' } } as const
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const write = formats.get(values.format ?? '')
    if (write === undefined) throw new UsageError(words.format)
    const place = await placeOf(values, io)
    if (typeof place === 'number') return place
    const { timezone } = place
    const filters = filtersOf(values, timezone, asides)
    const named = namedFilters(values)
    return askRecords(place, io, async ({ source, reading }) => {
      const began = await reading.append(readingDraft('export', named, null))
      let shown = 0
      try {
        for await (const found of source.select(filters)) {
          io.stdout(`${write(found)}\n`)
          shown++
        }
      } catch (error) {
        throw error instanceof IndexFault && shown > 0 ? new IndexCutShort() : error
      }
      await reading.append(readingDraft('export', named, shown, began))
      return exit.well
    })
  },
}

const words = {
  format: { zh: '请用 --format 选择 ocsf、ecs、cef 或 json。', en: 'Choose by --format: ocsf, ecs, cef or json.' },
}
