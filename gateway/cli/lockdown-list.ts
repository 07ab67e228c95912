import { parseArgs } from 'node:util'
import type { LockdownView } from '../console/lockdown-api.ts'
import { callOptions, callUsage, isBilingual, openCall } from './admin-call.ts'
import { type Command, exit, say } from './command.ts'
import { lockdownLine } from './lockdown-text.ts'
import { parse } from './options.ts'
import { unable } from './records-verify.ts'

const options = { ...callOptions, all: { type: 'boolean' }, timezone: { type: 'string' } } as const

export const command: Command = {
  name: 'lockdown list',
  summary: { zh: '列出封锁', en: 'list lockdowns' },
  usage: `--key SECRET [--all]
    --all            also those that were lifted
    --timezone ZONE  of times; the gateway's, if left out
${callUsage}`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const call = await openCall(values, io)
    const answer = await call.send<{ lockdowns: LockdownView[] }>('GET', '/api/lockdowns')
    if (isBilingual(answer)) return unable(answer, io)
    const zone = await call.zone(values.timezone)
    const shown = answer.lockdowns.filter(one => values.all === true || one.lifted === null)
    for (const one of shown)
      io.stdout(`${values.json === true ? JSON.stringify(one) : lockdownLine(one, io.lang, zone)}\n`)
    if (shown.length === 0) io.stderr(`${say({ zh: '没有封锁。', en: 'Nothing is locked down.' }, io.lang)}\n`)
    return exit.well
  },
}
