import { parseArgs } from 'node:util'
import { hashPassword } from '../../../plugins/identities/basic/scrypt.ts'
import { weaknessOf } from '../../access/accounts/password-floor.ts'
import { weaknessWords } from '../accounts/place.ts'
import { type Command, exit, say, UsageError } from '../command.ts'
import { parse } from '../options.ts'
import { passphraseUsage, readPassphrase } from './passphrase.ts'

/** Makes what gateway.yaml holds of a password, for consumers that sign in by HTTP Basic. The password goes nowhere. */
export const command: Command = {
  name: 'keys password',
  summary: {
    zh: '为以 HTTP Basic 登录的调用方算出口令的哈希，写入 gateway.yaml',
    en: 'make the hash of a password for gateway.yaml, for a consumer that uses HTTP Basic',
  },
  usage: `USER [--passphrase-file FILE]
      USER                    the user name it signs in by
      ${passphraseUsage}`,
  async run(args, io) {
    const { user, file } = read(args)
    const password = await readPassphrase(file, io)
    const weakness = weaknessOf(password, user)
    if (weakness !== null) throw new UsageError(weaknessWords[weakness])
    const hash = await hashPassword(password)
    io.stdout(`basic: { user: ${JSON.stringify(user)}, password: "${hash}" }\n`)
    io.stderr(`${say(words.where, io.lang)}\n`)
    return exit.well
  },
}

function read(args: readonly string[]): { user: string; file: string | undefined } {
  const options = { 'passphrase-file': { type: 'string' } } as const
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
  const [user, ...more] = positionals
  if (user !== undefined && more.length === 0 && /^[^:\p{Cc}]{1,128}$/u.test(user))
    return { user, file: values['passphrase-file'] }
  throw new UsageError(words.user)
}

const words = {
  user: { zh: '请写出一个用户名，不含冒号。', en: 'Give one user name, without a colon.' },
  where: {
    zh: '写入 gateway.yaml 中该调用方之下。口令本身不保存在任何地方。',
    en: 'Put this line under the consumer in gateway.yaml. The password itself is kept nowhere.',
  },
}
