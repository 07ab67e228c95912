import { localTime } from '../../records/query/when.ts'
import { displayWidth, padded } from '../../terminal.ts'
import { type Command, exit, say } from '../command.ts'
import { readAccounts } from './file.ts'
import { accountsUsage, readLine, withPlace } from './place.ts'

export const command: Command = {
  name: 'accounts list',
  summary: { zh: '列出管理接口的账户', en: 'list the accounts of the admin listener' },
  usage: `[--config FILE]
      ${accountsUsage}`,
  async run(args, io) {
    const { values } = readLine(args, {}, 0)
    return withPlace(values, io, async place => {
      const { timezone } = place.config
      const day = (at: number | null) =>
        at === null ? '-' : localTime(new Date(at).toISOString(), timezone).slice(0, 16)
      const rows = [...(await readAccounts(place)).values()].map(({ name, duty, email, from, until, initial }) => [
        ...[name, duty, email ?? '-', day(from), day(until)],
        initial ? say(words.initial, io.lang) : '',
      ])
      const all = [words.head[io.lang].split(' '), ...rows]
      const widths = all[0]!.map((_, at) => Math.max(...all.map(row => displayWidth(row[at] ?? ''))))
      for (const row of all)
        io.stdout(
          `${row
            .map((cell, at) => padded(cell, widths[at] ?? 0))
            .join('  ')
            .trimEnd()}\n`,
        )
      return exit.well
    })
  },
}

const words = {
  head: { zh: '账户 职责 邮箱 起 止', en: 'account duty e-mail from until' },
  initial: { zh: '须更换口令', en: 'has to change its password' },
}
