import { parseArgs } from 'node:util'
import type { GrantView } from '../../console/grants-api.ts'
import { callOptions, callUsage, isBilingual, openCall } from '../admin/call.ts'
import { bodyOptions, bodyUsage, postedIn } from '../admin/posted-body.ts'
import { type Command, exit, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'
import { describeGrant } from './text.ts'

const options = { ...callOptions, ...bodyOptions, target: { type: 'string' }, timezone: { type: 'string' } } as const

export const command: Command = {
  name: 'grants show',
  summary: { zh: '显示一项授权', en: 'show one grant' },
  usage: `ID --key SECRET [--target PATH [--body FILE --type MEDIA]]
    --target PATH    says whether it is for this very request; exits with 1 where it is not
    ${bodyUsage}
    --timezone ZONE  of times; the gateway's, if left out
${callUsage}`,
  async run(args, io) {
    const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
    const [id, ...more] = positionals
    if (id === undefined || more.length > 0) throw new UsageError(words.usage)
    const call = await openCall(values, io)
    const path = `/api/grants/${encodeURIComponent(id)}`
    const grant = await call.send<GrantView>('GET', path)
    if (isBilingual(grant)) return unable(grant, io)
    const zone = await call.zone(values.timezone)
    io.stdout(values.json === true ? `${JSON.stringify(grant)}\n` : describeGrant(grant, io.lang, zone))
    if (values.target === undefined) return exit.well
    const compared = await call.send<{ same: boolean }>('POST', `${path}/target`, {
      target: values.target,
      ...postedIn(values, io),
    })
    if (isBilingual(compared)) return unable(compared, io)
    io.stderr(`${say(compared.same ? words.same : words.other, io.lang)}\n`)
    return compared.same ? exit.well : exit.wrong
  },
}

const words = {
  usage: { zh: '请给出授权编号。', en: 'Give the id of a grant.' },
  same: { zh: '该授权正是针对此地址。', en: 'It is for this very target.' },
  other: { zh: '该授权不是针对此地址。', en: 'It is for another target.' },
}
