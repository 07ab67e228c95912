import { parseArgs } from 'node:util'
import type { HoldDraft } from '../../records/entry.ts'
import { parseTime } from '../../records/query/when.ts'
import { namePattern, routePattern } from '../../records/shapes.ts'
import { shortIndex } from '../../subject.ts'
import { type Command, exit, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'
import { whoRuns } from '../who-runs.ts'
import { findFolder, folderOptions, folderUsage, openReading, timezoneOf } from './folder.ts'

const text = { type: 'string' } as const
const options = {
  ...folderOptions,
  set: text,
  lift: text,
  from: text,
  until: text,
  timezone: text,
  route: text,
  person: { type: 'string', multiple: true },
} as const

export const command: Command = {
  name: 'records hold',
  summary: {
    zh: '保全记录：在解除之前不得删除',
    en: 'hold records: they are not removed until the hold is lifted',
  },
  usage: `--set NAME | --lift NAME [--records DIR] [--from WHEN] [--until WHEN] [--route TEMPLATE] [--person INDEX ...]
    ${folderUsage}
    --set, --lift NAME   the hold's name, e.g. case-2026-12
    --from, --until WHEN 2026-11-21, or with a time; everything, if left out
    --timezone ZONE      of dates; the gateway's, if left out
    --route TEMPLATE     only records of this route, as policies write it
    --person INDEX       only records of a person, by the blind index in a record; of each month another one`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const directory = await findFolder(values, io)
    if (typeof directory === 'number') return directory
    const draft = draftOf(values, timezoneOf(values.timezone, directory))
    const log = await openReading(directory, io)
    if (!('append' in log)) return unable(log, io)
    try {
      const id = await log.append(draft)
      if (id === null) return exit.unable
      io.stdout(`${id}\n`)
      io.stderr(`${say(draft.action === 'set' ? words.held : words.lifted, io.lang)}\n`)
      return exit.well
    } finally {
      await log.close()
    }
  },
}

type Values = { readonly [Key in keyof typeof options]?: string | string[] }

function draftOf(values: Values, timezone: string): HoldDraft {
  const { set, lift, from, until, route, person = [] } = values as Record<string, string> & { person?: string[] }
  const name = set ?? lift
  if (name === undefined || (set !== undefined && lift !== undefined) || !namePattern.test(name))
    throw new UsageError(words.name)
  const time = (given: string | undefined, edge: 'start' | 'end') => {
    const parsed = given === undefined ? null : parseTime(given, timezone, edge)
    if (given !== undefined && parsed === null) throw new UsageError(words.time)
    return parsed
  }
  if (route !== undefined && !routePattern.test(route)) throw new UsageError(words.route)
  const people = (person as string[]).map(shortIndex)
  if (people.length > 128 || !people.every(one => /^[A-Za-z0-9_-]{8}$/.test(one))) throw new UsageError(words.person)
  return {
    kind: 'hold',
    action: set === undefined ? 'lifted' : 'set',
    name,
    from: time(from, 'start'),
    until: time(until, 'end'),
    route: route ?? null,
    people,
    operator: whoRuns(),
  }
}

const words = {
  name: { zh: '请用 --set 或 --lift 给出一个名称。', en: 'Give one name by --set or --lift.' },
  time: { zh: '时间写法如 2026-11-21 或 2026-11-21T09:30。', en: 'Write times as 2026-11-21 or 2026-11-21T09:30.' },
  route: {
    zh: '--route 写作策略中的接口模板，如 /api/students/{id}。',
    en: '--route takes a template such as /api/students/{id}.',
  },
  person: {
    zh: '--person 是记录中的盲索引（8 个字符）。',
    en: '--person takes a blind index of a record, of 8 characters.',
  },
  held: { zh: '已保全：所涉记录在解除之前不会被删除。', en: 'Held: these records are not removed until it is lifted.' },
  lifted: { zh: '已解除。', en: 'Lifted.' },
}
