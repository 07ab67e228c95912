import { parseArgs } from 'node:util'
import type { GrantView } from '../console/grants-api.ts'
import { callOptions, callUsage, isBilingual, openCall } from './admin-call.ts'
import { type Command, exit, say } from './command.ts'
import { lineOf } from './grants-text.ts'
import { parse } from './options.ts'
import { unable } from './records-verify.ts'

const options = { ...callOptions, all: { type: 'boolean' }, timezone: { type: 'string' } } as const

export const command: Command = {
  name: 'grants list',
  summary: { zh: '列出授权', en: 'list grants' },
  usage: `--key SECRET [--all]
    --all            also those that have come to their end, of the last month
    --timezone ZONE  of times; the gateway's, if left out
${callUsage}`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const call = await openCall(values, io)
    const answer = await call.send<{ grants: GrantView[] }>('GET', '/api/grants')
    if (isBilingual(answer)) return unable(answer, io)
    const zone = await call.zone(values.timezone)
    const shown = answer.grants.filter(
      grant => values.all === true || ['asked', 'ready'].includes(grant.status) || grant.review_due !== null,
    )
    for (const grant of shown)
      io.stdout(`${values.json === true ? JSON.stringify(grant) : lineOf(grant, io.lang, zone)}\n`)
    if (shown.length === 0) io.stderr(`${say({ zh: '没有待办的授权。', en: 'No grant is open.' }, io.lang)}\n`)
    return exit.well
  },
}
