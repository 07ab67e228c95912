import { makeGeneration, readGenerations } from '../../access/key-generations.ts'
import { longestKeyOverlap, usualKeyOverlap } from '../../config/config.ts'
import type { Bilingual } from '../../contracts.ts'
import { type Command, exit, say, UsageError } from '../command.ts'
import { checkFolder, findPlaces, keyNamed, orKeyFault, placesUsage, readLine, recordKey } from './folder.ts'

const words = {
  overlap: {
    zh: `--overlap 是天数，0 至 ${longestKeyOverlap}。`,
    en: `--overlap takes days, 0 to ${longestKeyOverlap}.`,
  },
  granted: (days: number): Bilingual => ({
    zh: `gateway.yaml 只准上一代密钥再读 ${days} 天（key_overlap_days）；请减少 --overlap，或先改配置。`,
    en: `gateway.yaml lets an older key be read for ${days} days at most (key_overlap_days); ask for fewer, or change that first.`,
  }),
  again: { zh: '另一个进程刚刚轮换了同一把密钥。', en: 'Another process has just rotated the same key.' },
  done: (name: string, days: number): Bilingual => ({
    zh: `已生成 ${name}。重启网关后启用；上一代所出的令牌与会话还可还原 ${days} 天。`,
    en: `Made ${name}. The gateway takes it up when it is restarted; what the one before made is read for ${days} days more.`,
  }),
}

/** Makes the next generation of a key. What is masked from then on is masked by it. */
export const command: Command = {
  name: 'keys rotate',
  summary: { zh: '轮换一把密钥', en: 'rotate a key' },
  usage: `NAME [--overlap DAYS] [--config FILE]
      NAME           as in veilgate keys list: mask-token, mask-ff1, mask-hmac, mask-fake-name, cookie-seal
      --overlap DAYS  for how long what the old key made still comes back; key_overlap_days of gateway.yaml if left out (${usualKeyOverlap})
      ${placesUsage}`,
  async run(args, io) {
    const { values, positionals } = readLine(args, { overlap: { type: 'string' } })
    const name = keyNamed(positionals)
    const asked = daysOf(values['overlap'])
    const places = await findPlaces(values, io)
    if (typeof places === 'number') return places
    const overlapDays = asked ?? places.overlapDays ?? usualKeyOverlap
    if (places.overlapDays !== null && overlapDays > places.overlapDays) {
      io.stderr(`${say(words.granted(places.overlapDays), io.lang)}\n`)
      return exit.unable
    }
    return orKeyFault(io, async () => {
      await checkFolder(places.keys)
      const number = ((await readGenerations(places.keys)).get(name)?.[0]?.number ?? 0) + 1
      const action = number === 1 ? 'made' : 'rotated'
      if (!(await recordKey(places.records, io, { action, purpose: name, name: `${name}.${number}` })))
        return exit.unable
      const made = await makeGeneration(places.keys, name, { number, overlapDays, now: Date.now() })
      if (made === null) io.stderr(`${say(words.again, io.lang)}\n`)
      else io.stdout(`${say(words.done(`${name}.${number}`, overlapDays), io.lang)}\n`)
      return made === null ? exit.unable : exit.well
    })
  },
}

/** null: none were asked for. */
function daysOf(given: string | boolean | undefined): number | null {
  if (given === undefined) return null
  const days = typeof given === 'string' && /^\d{1,4}$/.test(given) ? Number(given) : -1
  if (days < 0 || days > longestKeyOverlap) throw new UsageError(words.overlap)
  return days
}
