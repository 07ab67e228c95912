import type { Command } from '../command.ts'
import { changeOne } from './change.ts'
import { accountsUsage, readLine, withPlace } from './place.ts'

/** Takes an account away. What it did stays on record. */
export const command: Command = {
  name: 'accounts remove',
  summary: { zh: '删除账户，其会话全部结束', en: 'take an account away; its sessions end' },
  usage: `NAME
      ${accountsUsage}`,
  async run(args, io) {
    const { values, name } = readLine(args)
    return withPlace(values, io, place => changeOne(place, name, 'removed', () => null, io))
  },
}
