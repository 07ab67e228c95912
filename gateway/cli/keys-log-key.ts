import { join } from 'node:path'
import { readKeyFile } from '../access/key-files.ts'
import { logSigner } from '../records/proof/log-key.ts'
import { parseSigner } from '../records/proof/note.ts'
import { type Command, exit, say } from './command.ts'
import { findPlaces, orKeyFault, placesUsage, readLine } from './keys-folder.ts'
import { logName, logSecret } from './notarize.ts'

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

/** Prints the public half of the key that signs the records. */
export const command: Command = {
  name: 'keys log-key',
  summary: { zh: '显示签署访问记录的公钥', en: 'show the public key by which the access records are signed' },
  usage: `[--config FILE]
      ${placesUsage}`,
  async run(args, io) {
    const { values } = readLine(args)
    const places = await findPlaces(values, io)
    if (typeof places === 'number') return places
    return orKeyFault(io, async () => {
      const secret = await readKeyFile(join(places.keys, `${logSecret}.secret`))
      const signer = secret === null ? null : parseSigner(logSigner(logName, Buffer.from(secret, 'base64url')))
      if (signer === null) {
        io.stderr(`${say(words.none, io.lang)}\n`)
        return exit.unable
      }
      io.stdout(`${signer.verifier.text}\n`)
      io.stderr(`${say(words.keep, io.lang)}\n`)
      return exit.well
    })
  },
}
