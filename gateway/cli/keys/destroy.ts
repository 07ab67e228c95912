import { destroyGeneration, stateOf } from '../../access/key-generations.ts'
import type { Bilingual } from '../../contracts.ts'
import { type Command, exit, say, UsageError } from '../command.ts'
import { destroyMonth, monthNamed } from './destroy-month.ts'
import { checkFolder, findPlaces, generationNamed, orKeyFault, placesUsage, readLine, recordKey } from './folder.ts'

const words = {
  sure: {
    zh: '销毁无法撤回：它所出的令牌永远无法还原。确定请加 --yes。',
    en: 'This cannot be undone: what the key made never comes back. Add --yes if that is meant.',
  },
  inUse: {
    zh: '这一代仍在使用；请先轮换（keys rotate），再停用（keys retire）。',
    en: 'This generation is still in use; rotate the key (keys rotate), then retire it (keys retire).',
  },
  already: { zh: '这一代早已销毁。', en: 'This generation is destroyed already.' },
  done: (name: string): Bilingual => ({
    zh: `${name} 已销毁：文件内容已覆写。备份、快照和导出文件中的副本请另行销毁，并重启网关。`,
    en: `${name} is destroyed: its file is overwritten. See to copies in backups, snapshots and exports, and restart the gateway.`,
  }),
}

/** Takes a retired generation away for good. */
export const command: Command = {
  name: 'keys destroy',
  summary: { zh: '销毁已停用的一代密钥', en: 'destroy a retired generation of a key' },
  usage: `NAME.N --yes [--config FILE]
      NAME.N         the generation, such as mask-token.1; or a month's key, blind-index.2026-08, which makes the people
                     in that month's records unlinkable
      --yes          without it nothing is destroyed
      ${placesUsage}`,
  async run(args, io) {
    const { values, positionals } = readLine(args, { yes: { type: 'boolean' } })
    const places = await findPlaces(values, io)
    if (typeof places === 'number') return places
    return orKeyFault(io, async () => {
      const month = monthNamed(positionals)
      if (month !== null) return destroyMonth(month, places, { sure: values['yes'] === true, now: Date.now() }, io)
      await checkFolder(places.keys)
      const { one, all } = await generationNamed(places.keys, positionals)
      const now = Date.now()
      const state = stateOf(all, one, now, places.overlapDays ?? undefined)
      if (state !== 'retired') {
        io.stderr(`${say(state === 'destroyed' ? words.already : words.inUse, io.lang)}\n`)
        return exit.unable
      }
      if (values['yes'] !== true) throw new UsageError(words.sure)
      const name = `${one.name}.${one.number}`
      if (!(await recordKey(places.records, io, { action: 'destroyed', purpose: one.name, name }))) return exit.unable
      await destroyGeneration(places.keys, one, now)
      io.stdout(`${say(words.done(name), io.lang)}\n`)
      return exit.well
    })
  },
}
