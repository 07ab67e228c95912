import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeAuthority } from '../../access/trace-authority.ts'
import { type Command, exit, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'

/** Makes the pair of whoever can find people in past months' records. The secret half is not kept here. */
export const command: Command = {
  name: 'keys trace-authority',
  summary: {
    zh: '为溯源保管人生成一对密钥：过往月份的记录只有其私钥能查到人',
    en: 'make the key pair of the trace authority, who alone can find people in the records of past months',
  },
  usage: `--out FILE
      --out FILE     where the secret half is written, to be kept offline; must not exist`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options: { out: { type: 'string' } } }))
    if (values.out === undefined) throw new UsageError(words.usage)
    const path = resolve(io.cwd, values.out)
    if (existsSync(path)) return unable(words.exists, io)
    const { publicText, secretText } = makeAuthority()
    writeFileSync(path, `${secretText}\n`, { mode: 0o600, flag: 'wx' })
    io.stdout(`${publicText}\n`)
    io.stderr(`${say(words.made, io.lang)}\n`)
    return exit.well
  },
}

const words = {
  usage: { zh: '请用 --out 指明私钥文件。', en: 'Say by --out where the secret goes.' },
  exists: { zh: '该文件已存在，不会覆盖。', en: 'That file exists, and is not overwritten.' },
  made: {
    zh: '把上面的公钥写入 gateway.yaml 的 trace_authority。私钥文件请离线保管并备份：没有它，过往月份的记录谁也查不到人。',
    en: 'Put the key above into gateway.yaml as trace_authority. Keep the secret offline, and a copy of it: without it nobody can find a person in the records of past months.',
  },
}
