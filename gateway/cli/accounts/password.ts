import type { Command } from '../command.ts'
import { changeOne } from './change.ts'
import { accountsUsage, newPassword, passwords, passwordUsage, readLine, withPlace } from './place.ts'

/** Gives an account another password, for who has forgotten it. */
export const command: Command = {
  name: 'accounts password',
  summary: { zh: '为账户重设口令，其会话全部结束', en: 'give an account another password; its sessions end' },
  usage: `NAME
      ${passwordUsage}
      ${accountsUsage}`,
  async run(args, io) {
    const { values, name } = readLine(args, { 'password-file': { type: 'string' } })
    return withPlace(values, io, async place => {
      const password = await passwords.hash(await newPassword(values, name, io))
      return changeOne(place, name, 'password', account => ({ ...account, password, initial: true }), io)
    })
  },
}
