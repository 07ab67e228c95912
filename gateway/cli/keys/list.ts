import { existsSync } from 'node:fs'
import { type Generation, type KeyState, readGenerations, readUntil, stateOf } from '../../access/key-generations.ts'
import { localTime } from '../../records/query/when.ts'
import { padded } from '../../terminal.ts'
import { type Command, exit, type Io, say } from '../command.ts'
import { timezoneOf } from '../records/folder.ts'
import { checkFolder, findPlaces, orKeyFault, placesUsage, readLine } from './folder.ts'

const words = {
  none: {
    zh: '还没有密钥；网关首次启动时生成。',
    en: 'There are no keys yet; the gateway makes them when it first starts.',
  },
  states: {
    current: { zh: '现用', en: 'current' },
    readable: { zh: '仅供还原', en: 'read only' },
    retired: { zh: '已停用', en: 'retired' },
    destroyed: { zh: '已销毁', en: 'destroyed' },
  } satisfies Record<KeyState, { zh: string; en: string }>,
  until: { zh: '还原至', en: 'read until' },
  made: { zh: '生成于', en: 'made' },
}

/** Lists what keys there are: names, generations, times, in the timezone of the gateway. No key, and nothing made from one. */
export const command: Command = {
  name: 'keys list',
  summary: { zh: '列出密钥及其状态，不显示密钥本身', en: 'list the keys and their state, never a key itself' },
  usage: `[--config FILE] [--json]
      ${placesUsage}
      --json         one object a line`,
  async run(args, io) {
    const { values } = readLine(args, { json: { type: 'boolean' } })
    const places = await findPlaces(values, io)
    if (typeof places === 'number') return places
    return orKeyFault(io, async () => {
      if (!existsSync(places.keys)) {
        io.stderr(`${say(words.none, io.lang)}\n`)
        return exit.well
      }
      await checkFolder(places.keys)
      const granted = places.overlapDays ?? undefined
      const timezone = timezoneOf(undefined, places.records)
      for (const all of (await readGenerations(places.keys)).values()) {
        for (const one of all)
          io.stdout(values['json'] === true ? asJson(all, one, granted) : asLine(all, one, { granted, timezone }, io))
      }
      return exit.well
    })
  },
}

function asJson(all: readonly Generation[], one: Generation, granted: number | undefined): string {
  const until = readUntil(all, one, granted)
  return `${JSON.stringify({
    key: `${one.name}.${one.number}`,
    state: stateOf(all, one, Date.now(), granted),
    made: new Date(one.made).toISOString(),
    read_until: until === null ? null : new Date(until).toISOString(),
    destroyed: one.destroyed === null ? null : new Date(one.destroyed).toISOString(),
  })}\n`
}

type Told = { readonly granted: number | undefined; readonly timezone: string }

function asLine(all: readonly Generation[], one: Generation, { granted, timezone }: Told, io: Io): string {
  const at = (time: number) => localTime(new Date(time).toISOString(), timezone).slice(0, 16)
  const state = stateOf(all, one, Date.now(), granted)
  const until = state === 'readable' ? `  ${say(words.until, io.lang)} ${at(readUntil(all, one, granted)!)}` : ''
  const name = padded(`${one.name}.${one.number}`, 20)
  return `${name}${padded(say(words.states[state], io.lang), 12)}${say(words.made, io.lang)} ${at(one.made)}${until}\n`
}
