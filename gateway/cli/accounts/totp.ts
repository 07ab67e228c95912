import { sealTotp } from '../../access/accounts/account.ts'
import { makeTotpSecret } from '../../access/accounts/one-time-code.ts'
import { type Command, exit } from '../command.ts'
import { showSecret } from './add.ts'
import { changeOne } from './change.ts'
import { accountsUsage, readLine, withPlace } from './place.ts'

/** Gives an account other one-time codes, for who has lost the authenticator. The new secret is shown this once. */
export const command: Command = {
  name: 'accounts totp',
  summary: {
    zh: '为账户重新生成动态口令，其会话全部结束',
    en: 'give an account other one-time codes; its sessions end',
  },
  usage: `NAME
      ${accountsUsage}`,
  async run(args, io) {
    const { values, name } = readLine(args)
    return withPlace(values, io, async place => {
      const secret = makeTotpSecret()
      const totp = sealTotp(place.seal, name, secret)
      const status = await changeOne(place, name, 'totp', account => ({ ...account, totp }), io)
      return status === exit.well ? showSecret(name, secret, io) : status
    })
  },
}
