import { endGeneration, stateOf } from '../../access/key-generations.ts'
import type { Bilingual } from '../../contracts.ts'
import { type Command, exit, say } from '../command.ts'
import { checkFolder, findPlaces, generationNamed, orKeyFault, placesUsage, readLine, recordKey } from './folder.ts'

const words = {
  current: {
    zh: '这是现用的一代；请先轮换：veilgate keys rotate',
    en: 'This generation is current; rotate the key first: veilgate keys rotate',
  },
  already: { zh: '这一代早已停用。', en: 'This generation is retired already.' },
  done: (name: string): Bilingual => ({
    zh: `${name} 已停用：网关重启后，它所出的令牌不再还原。`,
    en: `${name} is retired: once the gateway is restarted, nothing made by it comes back.`,
  }),
}

/** Ends the overlap of an older generation at once. */
export const command: Command = {
  name: 'keys retire',
  summary: { zh: '立即停用旧的一代密钥', en: 'stop reading by an older generation of a key' },
  usage: `NAME.N [--config FILE]
      NAME.N         the generation, such as mask-token.1
      ${placesUsage}`,
  async run(args, io) {
    const { values, positionals } = readLine(args)
    const places = await findPlaces(values, io)
    if (typeof places === 'number') return places
    return orKeyFault(io, async () => {
      await checkFolder(places.keys)
      const { one, all } = await generationNamed(places.keys, positionals)
      const now = Date.now()
      const state = stateOf(all, one, now, places.overlapDays ?? undefined)
      if (state !== 'readable') {
        io.stderr(`${say(state === 'current' ? words.current : words.already, io.lang)}\n`)
        return exit.unable
      }
      const name = `${one.name}.${one.number}`
      if (!(await recordKey(places.records, io, { action: 'retired', purpose: one.name, name }))) return exit.unable
      await endGeneration(places.keys, one, now)
      io.stdout(`${say(words.done(name), io.lang)}\n`)
      return exit.well
    })
  },
}
