/** Commands by which people say something of what is on record (a grant, an answer that waits): shown, signed, sent, told. */
import { parseArgs } from 'node:util'
import { signatureOf } from '../../console/people.ts'
import type { Bilingual } from '../../contracts.ts'
import { type Command, exit, type Io, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'
import { callOptions, callUsage, isBilingual, openCall } from './call.ts'

/** `View`: as the gateway shows it; `After`: as it answers to what was said. */
export type Signing<View, After> = {
  /** `grants approve`. */
  readonly name: string
  readonly summary: Bilingual
  /** Where the gateway has them: `grants`. */
  readonly collection: string
  readonly verdict: string
  /** Said where no id is given, or more than one. */
  readonly which: Bilingual
  describe(view: View, lang: Io['lang'], zone: string): string
  /** What is signed, of a view and a time. */
  text(view: View, signed: string): string
  /** Said once it is on record. */
  done(after: After, lang: Io['lang'], zone: string): string
}

export function signingCommand<View, After>(signing: Signing<View, After>): Command {
  const { name, summary, collection, verdict, which } = signing
  return {
    name,
    summary,
    usage: `ID --key SECRET\n${callUsage}`,
    async run(args, io) {
      const { values, positionals } = parse(() =>
        parseArgs({ args: [...args], options: callOptions, allowPositionals: true }),
      )
      const [id, ...more] = positionals
      if (id === undefined || more.length > 0) throw new UsageError(which)
      const call = await openCall(values, io)
      const path = `/api/${collection}/${encodeURIComponent(id)}`
      const view = await call.send<View>('GET', path)
      if (isBilingual(view)) return unable(view, io)
      const zone = await call.zone(undefined)
      // what is shown here is what is signed: the gateway makes the same text of the terms that are on record
      if (values.json !== true) io.stdout(signing.describe(view, io.lang, zone))
      const signed = new Date().toISOString()
      const signature = signatureOf(call.signer, signing.text(view, signed))
      const after = await call.send<After>('POST', `${path}/verdicts`, { verdict, signed, signature })
      if (isBilingual(after)) return unable(after, io)
      if (values.json === true) io.stdout(`${JSON.stringify(after)}\n`)
      io.stderr(`${signing.done(after, io.lang, zone)}\n`)
      return exit.well
    },
  }
}
