import type { Command } from '../command.ts'
import { changeOne } from './change.ts'
import { accountsUsage, readLine, withPlace } from './place.ts'

/** Ends the waiting of an account after failures, and of the addresses they came from. */
export const command: Command = {
  name: 'accounts unlock',
  summary: { zh: '解除账户因登录失败的锁定', en: 'let an account sign in again that has to wait after failures' },
  usage: `NAME
      ${accountsUsage}`,
  async run(args, io) {
    const { values, name } = readLine(args)
    return withPlace(values, io, place =>
      changeOne(place, name, 'unlocked', account => ({ ...account, unlocked: Date.now() }), io),
    )
  },
}
