import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { hashApiKey, makeApiKey } from '../../../plugins/identities/api-key.ts'
import { namePattern } from '../../config/schema-parts.ts'
import { openRecordLog } from '../../records/log/open.ts'
import { type Command, exit, type Io, say, UsageError } from '../command.ts'
import { parse } from '../options.ts'
import { whoRuns } from '../who-runs.ts'

/**
 * Makes an API key for a consumer. The key exists nowhere but in what this prints; gateway.yaml gets its hash. With
 * --records, that a key was made is on record before the key is shown.
 */
export const command: Command = {
  name: 'keys api-key',
  summary: {
    zh: '为调用方生成 API 密钥：只显示一次，并给出写入 gateway.yaml 的哈希',
    en: 'make an API key for a consumer: shown once, with the hash for gateway.yaml',
  },
  usage: `NAME [--records DIR] [--json]
      NAME           the consumer, as in gateway.yaml
      --records DIR  put on record that a key was made
      --json         one object: consumer, key, hash`,
  async run(args, io) {
    const { name, records, json } = read(args)
    if (records !== undefined && !(await record(resolve(io.cwd, records), name, io))) return exit.unable
    const key = makeApiKey()
    const hash = hashApiKey(key)
    io.stdout(json ? `${JSON.stringify({ consumer: name, key, hash })}\n` : say(text(name, key, hash), io.lang))
    return exit.well
  },
}

function read(args: readonly string[]): { name: string; records: string | undefined; json: boolean } {
  const options = { records: { type: 'string' }, json: { type: 'boolean' } } as const
  const parsed = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
  const [name, ...more] = parsed.positionals
  if (name === undefined || more.length > 0) {
    throw new UsageError({ zh: '请写出一个调用方的名称。', en: 'Give the name of one consumer.' })
  }
  if (!new RegExp(namePattern, 'u').test(name)) {
    throw new UsageError({
      zh: '名称由字母、数字、“.”、“_”、“-”组成，至多 64 个字符。',
      en: 'A name is of letters, digits, `.`, `_` and `-`, at most 64 characters.',
    })
  }
  return { name, records: parsed.values.records, json: parsed.values.json ?? false }
}

/** Whether the entry is durable; if not, says so. */
async function record(directory: string, name: string, io: Io): Promise<boolean> {
  try {
    const log = await openRecordLog({ directory, log: 'cli-keys', holds: 'log' })
    try {
      await log.append([{ kind: 'key', action: 'made', purpose: 'api_key', name, operator: whoRuns() }])
    } finally {
      await log.close()
    }
    return true
  } catch {
    io.stderr(`${say(unrecorded, io.lang)}\n`)
    return false
  }
}

const unrecorded = {
  zh: '记录无法写入 --records 指定的文件夹，因此没有生成密钥。请检查其权限与磁盘空间，或稍后再试。',
  en: 'The records folder named by --records cannot be written, so no key was made. Check its permissions and disk space, or try again.',
}

function text(name: string, key: string, hash: string): { zh: string; en: string } {
  return {
    zh: `调用方 ${name} 的 API 密钥，只在此显示一次，请交给其负责人：

  ${key}

写入 gateway.yaml 的 consumers.${name}：

    api_key: "${hash}"

更换密钥期间可写成列表：[旧哈希, 新哈希]；换完后删去旧的。
调用时带上：Authorization: Bearer <密钥>
`,
    en: `The API key of ${name}, shown here once; give it to whoever runs ${name}:

  ${key}

In gateway.yaml, under consumers.${name}:

    api_key: "${hash}"

While a key is being replaced, write a list: [old hash, new hash]; take out the old one when nobody uses it.
Callers send it as: Authorization: Bearer <the key>
`,
  }
}
