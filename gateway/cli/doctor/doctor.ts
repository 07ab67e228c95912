import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bilingual } from '../../contracts.ts'
import { type Command, exit, type Io, say } from '../command.ts'
import { parse } from '../options.ts'
import { readInstalled } from '../serve/read-installed.ts'
import { findingsOf } from './config.ts'
import { findingsOnRecord } from './drills.ts'
import { findingsInFiles } from './files.ts'
import type { Finding } from './finding.ts'

const words = {
  severity: { wrong: { zh: '错误', en: 'wrong' }, advice: { zh: '建议', en: 'advice' } },
  sum: (wrong: number, advice: number): Bilingual => ({
    zh: wrong + advice === 0 ? '没有发现问题。' : `${wrong} 处须改正，${advice} 条建议。`,
    en: wrong + advice === 0 ? 'Nothing was found.' : `${wrong} to be mended, ${advice} to be considered.`,
  }),
}

/** Looks over an installation as it stands on this machine; changes nothing, and asks nothing of the network. */
export const command: Command = {
  name: 'doctor',
  summary: {
    zh: '检查本机安装：传输、密钥、权限、口令策略、人员分工，逐条说明如何改正',
    en: 'look over the installation: transport, keys, permissions, who may do what, and say what to mend',
  },
  usage: `[--config FILE] [--json]
      --config FILE  gateway.yaml in this folder if left out
      --json         one object for each finding
      Status 1 where something is wrong; advice alone is status 0.`,
  async run(args, io) {
    const options = { config: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const path = resolve(io.cwd, values.config ?? 'gateway.yaml')
    const read = await readInstalled(path, io)
    if (typeof read === 'number') return read
    const now = Date.now()
    const found = [
      ...findingsOf(read.config, read.policy, now),
      ...(await findingsInFiles(read.config, now, process.getuid?.())),
      ...(await findingsOnRecord(read.config, now)),
    ].sort((a, b) => Number(a.severity === 'advice') - Number(b.severity === 'advice'))
    for (const one of found) io.stdout(values.json === true ? `${JSON.stringify(one)}\n` : textOf(one, io))
    const wrong = found.filter(({ severity }) => severity === 'wrong').length
    if (values.json !== true) io.stdout(`${say(words.sum(wrong, found.length - wrong), io.lang)}\n`)
    return wrong === 0 ? exit.well : exit.wrong
  },
}

function textOf({ code, severity, where, message, todo }: Finding, { lang, cwd }: Io): string {
  const place = where.startsWith('/') ? relative(cwd, where) || '.' : where
  return `${say(words.severity[severity], lang)}  ${place}  ${code}\n  ${say(message, lang)}\n  -> ${say(todo, lang)}\n`
}
