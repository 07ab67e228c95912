import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { KeyFault, keyWords, readKeyFile } from '../../access/key-files.ts'
import { logSigner } from '../../records/proof/log-key.ts'
import { parseSigner } from '../../records/proof/note.ts'
import { type Command, exit, say } from '../command.ts'
import { findPlaces, orKeyFault, placesUsage, readLine } from './folder.ts'

const words = {
  none: {
    zh: '还没有日志密钥；它在网关首次启动时生成。',
    en: 'There is no log key yet; it is made when the gateway first starts.',
  },
  keep: {
    zh: '请把它保存在网关之外：veilgate records verify --key 与 records check-proof --key 用它核验。',
    en: 'Keep it away from the gateway: veilgate records verify --key and records check-proof --key use it.',
  },
}

const secretFile = /^log-([a-z0-9][a-z0-9-]{0,62})\.secret$/

async function publicKey(keys: string, log: string): Promise<string> {
  const path = join(keys, `log-${log}.secret`)
  const secret = Buffer.from((await readKeyFile(path)) ?? '', 'base64url')
  if (secret.length !== 32) throw new KeyFault(keyWords.damaged(path))
  return parseSigner(logSigner(log, secret))!.verifier.text
}

/** Prints the public halves of the keys that sign the records. */
export const command: Command = {
  name: 'keys log-key',
  summary: {
    zh: '显示签署访问记录的公钥，每个日志一把',
    en: 'show the public keys by which the access records are signed, one for each log',
  },
  usage: `[--config FILE]
      ${placesUsage}`,
  async run(args, io) {
    const { values } = readLine(args)
    const places = await findPlaces(values, io)
    if (typeof places === 'number') return places
    return orKeyFault(io, async () => {
      const names = existsSync(places.keys) ? readdirSync(places.keys) : []
      const logs = names.flatMap(name => secretFile.exec(name)?.[1] ?? [])
      const keys = await Promise.all(logs.sort().map(log => publicKey(places.keys, log)))
      if (keys.length === 0) {
        io.stderr(`${say(words.none, io.lang)}\n`)
        return exit.unable
      }
      for (const key of keys) io.stdout(`${key}\n`)
      io.stderr(`${say(words.keep, io.lang)}\n`)
      return exit.well
    })
  },
}
