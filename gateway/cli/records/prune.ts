import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Config } from '../../config/config.ts'
import type { Bilingual } from '../../contracts.ts'
import { parseVerifier } from '../../records/proof/note.ts'
import { pruneText } from '../../records/proof/prune-request.ts'
import { type PruneWhy, planPrune, prune } from '../../records/prune.ts'
import { parseTime } from '../../records/query/when.ts'
import { logPattern } from '../../records/shapes.ts'
import { type Command, exit, type Io, say, UsageError, unable } from '../command.ts'
import { installedConfig } from '../installed-config.ts'
import { parse } from '../options.ts'
import { logName } from '../serve/notarize.ts'
import { whoRuns } from '../who-runs.ts'
import { openReading } from './folder.ts'

export const command: Command = {
  name: 'records prune',
  summary: {
    zh: '删除保存期已满的访问记录：须两人批准，证明保留',
    en: 'remove records that were kept long enough, by leave of two people; what proves them stays',
  },
  usage: `--until DAY --ask FILE [--config FILE]   first: writes what would be removed, to be approved
  veilgate records prune --request FILE [--config FILE]            then, approved: removes it
    --until DAY      records before this day, in the configured timezone; they are kept for three years at least
    --log NAME       of which log, where several gateways or workers write here; gw1-0 if left out
    --ask FILE       where the request is written; two people sign it: veilgate records approve
    --request FILE   the request, with their signatures
    --config FILE    gateway.yaml in this folder if left out; its approvers may approve`,
  async run(args, io) {
    const text = { type: 'string' } as const
    const options = { until: text, log: text, ask: text, request: text, config: text } as const
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const { until, log = logName, ask, request } = values
    if ((request === undefined) === (ask === undefined || until === undefined) || !logPattern.test(log))
      throw new UsageError(words.usage)
    const config = await installedConfig(values.config, io)
    if (typeof config === 'number') return config
    if (request !== undefined) return remove(resolve(io.cwd, request), config, io)
    const parsed = parseTime(until!, config.timezone, 'start')
    if (parsed === null) throw new UsageError(words.usage)
    return writeRequest(resolve(io.cwd, ask!), log, parsed, config, io)
  },
}

async function writeRequest(
  path: string,
  log: string,
  until: string,
  { records, retentionDays }: Config,
  io: Io,
): Promise<number> {
  const plan = await planPrune(records, log, { until, now: Date.now(), retentionDays })
  if ('why' in plan) {
    if (plan.hold !== undefined) io.stderr(`${say(words.held(plan.hold), io.lang)}\n`)
    return unable(words[plan.why], io)
  }
  const text = pruneText(plan)
  writeFileSync(path, `${text}\n`, { mode: 0o600 })
  io.stdout(`${text}\n`)
  io.stderr(`${say(words.asked, io.lang)}\n`)
  return exit.well
}

async function remove(path: string, config: Config, io: Io): Promise<number> {
  if (!existsSync(path) || statSync(path).size > 64 * 1024) return unable(words.malformed, io)
  const log = await openReading(config.records, io)
  if (!('append' in log)) return unable(log, io)
  try {
    const approvers = config.approvers.map(({ key, group }) => ({ verifier: parseVerifier(key)!, group }))
    const by = { approvers, now: Date.now(), retentionDays: config.retentionDays }
    const record = async (draft: Parameters<typeof log.append>[0]): Promise<void> => {
      if ((await log.append(draft)) === null) throw new Error('a removal cannot go unrecorded')
    }
    const done = await prune(config.records, readFileSync(path), by, record, whoRuns())
    if ('why' in done) return unable(words[done.why], io)
    io.stdout(`${say(words.removed(done.removed, `${done.log}:${done.before}`), io.lang)}\n`)
    return exit.well
  } finally {
    await log.close()
  }
}

const words = {
  usage: {
    zh: '请先用 --until 与 --ask 写出申请，经两人批准后再用 --request 执行。',
    en: 'First write a request with --until and --ask; once two people have approved it, use --request.',
  },
  asked: {
    zh: '请两位不同组的批准人查看并签名：veilgate records approve 文件 --key 其私钥文件',
    en: 'Have two approvers of two groups look at it and sign: veilgate records approve FILE --key THEIR-KEY',
  },
  held: (name: string): Bilingual => ({ zh: `保全“${name}”仍然有效。`, en: `The hold ${name} is in force.` }),
  retention: {
    zh: '这一天仍在保存期之内：记录至少保存三年（1095 天），或 retention_days 所定的天数。',
    en: 'That day is within the time for which records are kept: three years (1095 days) at least, or retention_days.',
  },
  nothing: {
    zh: '没有可删除的：没有整个都早于这一天、且未被保全的已封存文件。',
    en: 'There is nothing to remove: no sealed file is older than that day as a whole, and not held.',
  },
  malformed: { zh: '这不是删除申请，或已损坏。', en: 'This is no request for removal, or it is damaged.' },
  changed: {
    zh: '日志已与申请时不同（例如新设了保全）；请重新申请。',
    en: 'The log is not what was asked about any more (a hold may have been set); ask again.',
  },
  approvals: {
    zh: '批准不足：需要 gateway.yaml 中两位不同组的批准人的有效签名。',
    en: 'Not approved: it takes valid signatures of two approvers in gateway.yaml, of two groups.',
  },
  removed: (files: number, before: string): Bilingual => ({
    zh: `已删除 ${files} 个文件，${before} 之前的记录；其证明仍保留，veilgate records verify 仍可核验。`,
    en: `Removed ${files} files, the records before ${before}; what proves them stays, and veilgate records verify still works.`,
  }),
} satisfies Record<PruneWhy, Bilingual> & Record<string, Bilingual | ((...args: never[]) => Bilingual)>
