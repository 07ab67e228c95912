import { parseArgs } from 'node:util'
import { reviewVerdictText } from '../../access/reviews/terms.ts'
import { signatureOf } from '../../console/people.ts'
import type { ReviewBody, ReviewOutline } from '../../console/reviews-api.ts'
import { callOptions, callUsage, isBilingual, openCall } from '../admin/call.ts'
import { type Command, exit, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'
import { describeReview } from './text.ts'

const options = { ...callOptions, body: { type: 'boolean' }, timezone: { type: 'string' } } as const

export const command: Command = {
  name: 'reviews show',
  summary: { zh: '显示一个等待审核的应答', en: 'show an answer that waits for review' },
  usage: `ID --key SECRET [--body > FILE]
    --body           the answer itself, masked, to standard output; that you read it is put on record
    --timezone ZONE  of times; the gateway's, if left out
${callUsage}`,
  async run(args, io) {
    const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
    const [id, ...more] = positionals
    if (id === undefined || more.length > 0) throw new UsageError(words.usage)
    const call = await openCall(values, io)
    const path = `/api/reviews/${encodeURIComponent(id)}`
    const review = await call.send<ReviewOutline>('GET', path)
    if (isBilingual(review)) return unable(review, io)
    const zone = await call.zone(values.timezone)
    const described = values.json === true ? `${JSON.stringify(review)}\n` : describeReview(review, io.lang, zone)
    if (values.body !== true) {
      io.stdout(described)
      return exit.well
    }
    io.stderr(described)
    const signed = new Date().toISOString()
    const signature = signatureOf(call.signer, reviewVerdictText('read', review.terms, signed))
    const read = await call.send<ReviewBody>('POST', `${path}/body`, { signed, signature })
    if (isBilingual(read)) return unable(read, io)
    io.stdout(Buffer.from(read.body, 'base64'))
    io.stderr(`${say(words.read, io.lang)}\n`)
    return exit.well
  },
}

const words = {
  usage: { zh: '请给出应答编号。', en: 'Give the number of an answer.' },
  read: { zh: '已记录您读取了该应答。', en: 'That you have read it is on record.' },
}
