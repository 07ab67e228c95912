/** The commands that list what waits for people: grants, reviews, lockdowns. */
import { parseArgs } from 'node:util'
import type { Bilingual } from '../../contracts.ts'
import { type Command, exit, type Language, say, unable } from '../command.ts'
import { parse } from '../options.ts'
import { callOptions, callUsage, isBilingual, openCall } from './call.ts'

const options = { ...callOptions, all: { type: 'boolean' }, timezone: { type: 'string' } } as const

/** What the gateway calls them, at `/api/…` and in its answer; and how one of them is shown. */
type Listed<Kind extends string, One> = {
  readonly kind: Kind
  readonly summary: Bilingual
  /** Which others `--all` shows. */
  readonly all: string
  /** Whether it is shown without `--all`. */
  readonly isOpen: (one: One) => boolean
  readonly line: (one: One, lang: Language, timezone: string) => string
  /** Said where there is none to show. */
  readonly none: Bilingual
}

/** @param name as it is typed: `grants list`. */
export function listCommand<Kind extends string, One>(name: string, listed: Listed<Kind, One>): Command {
  return {
    name,
    summary: listed.summary,
    usage: `--key SECRET [--all]
    --all            ${listed.all}
    --timezone ZONE  of times; the gateway's, if left out
${callUsage}`,
    async run(args, io) {
      const { values } = parse(() => parseArgs({ args: [...args], options }))
      const call = await openCall(values, io)
      const answer = await call.send<Record<Kind, readonly One[]>>('GET', `/api/${listed.kind}`)
      if (isBilingual(answer)) return unable(answer, io)
      const zone = await call.zone(values.timezone)
      const shown = answer[listed.kind].filter(one => values.all === true || listed.isOpen(one))
      for (const one of shown)
        io.stdout(`${values.json === true ? JSON.stringify(one) : listed.line(one, io.lang, zone)}\n`)
      if (shown.length === 0) io.stderr(`${say(listed.none, io.lang)}\n`)
      return exit.well
    },
  }
}
