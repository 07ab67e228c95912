import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bilingual } from '../../contracts.ts'
import { parseSigner, writeSigner } from '../../records/proof/note.ts'
import { type Command, exit, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'

/** Makes the key of a person who may approve. The secret is that person's: it is not kept here. */
export const command: Command = {
  name: 'keys approver',
  summary: { zh: '为批准人生成一对密钥', en: 'make the key of a person who may approve' },
  usage: `NAME --out FILE
      NAME           the person, as in gateway.yaml
      --out FILE     where the secret half is written, for that person to keep; must not exist`,
  async run(args, io) {
    const { values, positionals } = parse(() =>
      parseArgs({ args: [...args], options: { out: { type: 'string' } }, allowPositionals: true }),
    )
    const [name, ...more] = positionals
    if (name === undefined || more.length > 0 || values.out === undefined || !/^[\p{L}\p{N}._-]{1,64}$/u.test(name))
      throw new UsageError(words.usage)
    const path = resolve(io.cwd, values.out)
    if (existsSync(path)) return unable(words.exists, io)
    const secret = writeSigner(name, randomBytes(32))
    writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' })
    io.stdout(`${parseSigner(secret)!.verifier.text}\n`)
    io.stderr(`${say(words.made(name), io.lang)}\n`)
    return exit.well
  },
}

const words = {
  usage: {
    zh: '请写出一个名称（字母、数字、“.”、“_”、“-”），并用 --out 指明私钥文件。',
    en: 'Give one name (letters, digits, `.`, `_`, `-`), and say by --out where the secret goes.',
  },
  exists: { zh: '该文件已存在，不会覆盖。', en: 'That file exists, and is not overwritten.' },
  made: (name: string): Bilingual => ({
    zh: `写入 gateway.yaml：approvers: { ${name}: { key: "上面的公钥", group: 所属的组 } }。私钥文件交本人保管，不要留在网关上。`,
    en: `In gateway.yaml: approvers: { ${name}: { key: "the key above", group: THEIR-GROUP } }. The secret is for that person to keep, away from the gateway.`,
  }),
}
