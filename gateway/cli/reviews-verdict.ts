/** What people do to an answer that waits: the commands that differ in one word. */
import { parseArgs } from 'node:util'
import { reviewVerdictText } from '../access/reviews/terms.ts'
import { signatureOf } from '../console/people.ts'
import type { ReviewOutline, ReviewView } from '../console/reviews-api.ts'
import type { Bilingual } from '../contracts.ts'
import type { ReviewVerdict } from '../review-event.ts'
import { callOptions, callUsage, isBilingual, openCall } from './admin-call.ts'
import { type Command, exit, say, UsageError, unable } from './command.ts'
import { parse } from './options.ts'
import { describeReview, reviewLine } from './reviews-text.ts'

/** `done`: said once it is on record. */
export function reviewCommand(verdict: Exclude<ReviewVerdict, 'read'>, summary: Bilingual, done: Bilingual): Command {
  return {
    name: `reviews ${verdict}`,
    summary,
    usage: `ID --key SECRET\n${callUsage}`,
    async run(args, io) {
      const { values, positionals } = parse(() =>
        parseArgs({ args: [...args], options: callOptions, allowPositionals: true }),
      )
      const [id, ...more] = positionals
      if (id === undefined || more.length > 0) throw new UsageError(words.usage)
      const call = await openCall(values, io)
      const path = `/api/reviews/${encodeURIComponent(id)}`
      const review = await call.send<ReviewOutline>('GET', path)
      if (isBilingual(review)) return unable(review, io)
      const zone = await call.zone(undefined)
      // what is shown here is what is signed: the gateway makes the same text of the terms that are on record
      io.stdout(values.json === true ? '' : describeReview(review, io.lang, zone))
      const signed = new Date().toISOString()
      const signature = signatureOf(call.signer, reviewVerdictText(verdict, review.terms, signed))
      const said = await call.send<ReviewView>('POST', `${path}/verdicts`, { verdict, signed, signature })
      if (isBilingual(said)) return unable(said, io)
      if (values.json === true) io.stdout(`${JSON.stringify(said)}\n`)
      io.stderr(`${say(done, io.lang)} ${reviewLine(said, io.lang, zone)}\n`)
      return exit.well
    },
  }
}

const words = { usage: { zh: '请给出应答编号。', en: 'Give the number of an answer.' } }
