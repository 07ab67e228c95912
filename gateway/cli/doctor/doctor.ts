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
import { findingsOfSystems } from './systems.ts'

const words = {
  severity: {
    wrong: { zh: '错误', en: 'wrong' },
    advice: { zh: '建议', en: 'advice' },
    well: { zh: '正常', en: 'well' },
  },
  sum: (wrong: number, advice: number): Bilingual => ({
    zh: wrong + advice === 0 ? '没有发现问题。' : `${wrong} 处须改正，${advice} 条建议。`,
    en: wrong + advice === 0 ? 'Nothing was found.' : `${wrong} to be mended, ${advice} to be considered.`,
  }),
}

const order = ['wrong', 'advice', 'well']

/** Looks over an installation as it stands on this machine, and asks each system for its first page; changes nothing. */
export const command: Command = {
  name: 'doctor',
  summary: {
    zh: '检查本机安装：系统是否应答及其证书、传输、密钥、权限、人员分工，逐条说明如何改正',
    en: 'look over the installation: whether systems answer, transport, keys, permissions, duties; and say what to mend',
  },
  usage: `[--config FILE] [--offline] [--json]
      --config FILE  gateway.yaml in this folder if left out
      --offline      asks no system; else each gets one GET for its first page, as the gateway would send it
      --json         one object for each finding
      Status 1 where something is wrong; advice alone is status 0.`,
  async run(args, io) {
    const options = { config: { type: 'string' }, offline: { type: 'boolean' }, json: { type: 'boolean' } } as const
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const path = resolve(io.cwd, values.config ?? 'gateway.yaml')
    const read = await readInstalled(path, io)
    if (typeof read === 'number') return read
    const now = Date.now()
    const found = [
      ...findingsOf(read.config, read.policy, now),
      ...(await findingsInFiles(read.config, now, process.getuid?.())),
      ...(await findingsOnRecord(read.config, now)),
      ...(values.offline === true ? [] : await findingsOfSystems(read.config, now)),
    ].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
    for (const one of found) io.stdout(values.json === true ? `${JSON.stringify(one)}\n` : textOf(one, io))
    const wrong = found.filter(({ severity }) => severity === 'wrong').length
    const advice = found.filter(({ severity }) => severity === 'advice').length
    if (values.json !== true) io.stdout(`${say(words.sum(wrong, advice), io.lang)}\n`)
    return wrong === 0 ? exit.well : exit.wrong
  },
}

function textOf({ code, severity, where, message, todo }: Finding, { lang, cwd }: Io): string {
  const place = where.startsWith('/') ? relative(cwd, where) || '.' : where
  return `${say(words.severity[severity], lang)}  ${place}  ${code}\n  ${say(message, lang)}\n${todo === null ? '' : `  -> ${say(todo, lang)}\n`}`
}
