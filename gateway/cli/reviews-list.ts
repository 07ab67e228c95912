import { parseArgs } from 'node:util'
import type { ReviewView } from '../console/reviews-api.ts'
import { callOptions, callUsage, isBilingual, openCall } from './admin-call.ts'
import { type Command, exit, say } from './command.ts'
import { parse } from './options.ts'
import { timezoneOf } from './records-folder.ts'
import { unable } from './records-verify.ts'
import { reviewLine } from './reviews-text.ts'

const options = { ...callOptions, all: { type: 'boolean' }, timezone: { type: 'string' } } as const

export const command: Command = {
  name: 'reviews list',
  summary: { zh: '列出等待审核的应答', en: 'list answers that wait for review' },
  usage: `--key SECRET [--all]
    --all            also those that have come to their end, of the last month
    --timezone ZONE  of times; the machine's, if left out
${callUsage}`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const zone = timezoneOf(values.timezone)
    const call = await openCall(values, io)
    const answer = await call.send<{ reviews: ReviewView[] }>('GET', '/api/reviews')
    if (isBilingual(answer)) return unable(answer, io)
    const shown = answer.reviews.filter(
      one => values.all === true || one.status === 'waiting' || one.status === 'released',
    )
    for (const one of shown)
      io.stdout(`${values.json === true ? JSON.stringify(one) : reviewLine(one, io.lang, zone)}\n`)
    if (shown.length === 0)
      io.stderr(`${say({ zh: '没有等待审核的应答。', en: 'No answer waits for review.' }, io.lang)}\n`)
    return exit.well
  },
}
