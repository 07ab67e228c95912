import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Order, orderText, usualRate } from '../../access/lockdown/scope.ts'
import { randomId } from '../../access/random-id.ts'
import { parseTime } from '../../config/quantities.ts'
import type { LockdownView } from '../../console/lockdown-api.ts'
import { signatureOf } from '../../console/people.ts'
import type { Bilingual } from '../../contracts.ts'
import type { Effect, Scope } from '../../lockdown-event.ts'
import { callOptions, callUsage, isBilingual, openCall } from '../admin/call.ts'
import { type Command, exit, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'
import { drillReport, scopeText } from './text.ts'

const text = { type: 'string' } as const
const options = {
  ...callOptions,
  ...{ consumer: text, operator: text, system: text, route: text, report: text },
  ...{ 'slow-down': text, for: text },
  'mask-harder': { type: 'boolean' },
  all: { type: 'boolean' },
  drill: { type: 'boolean' },
} as const

export const command: Command = {
  name: 'lockdown',
  summary: {
    zh: '立即封锁、限速或加强脱敏（两人方可解除）',
    en: 'stop, slow down or mask harder at once; it takes two people to lift it',
  },
  usage: `--consumer NAME | --operator LOGIN | --system NAME [--route TEMPLATE] | --all   --key SECRET
    --consumer NAME, --operator LOGIN, --system NAME, --all   what is stopped; answers under way are cut
    --route TEMPLATE of the system, as the policy writes it: /api/students/{id}
    --slow-down N    so many requests a minute, in place of none; ${usualRate} is usual
    --mask-harder    shown as if nothing was presented, and one form stricter
    --for TIME       ends by itself after 24h, 30m ...; left out: when two people lift it
    --drill          all of it but the stopping
    --report FILE    where the report of a drill goes; printed, if left out
${callUsage}`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const scope: Scope = {
      consumer: values.consumer ?? null,
      operator: values.operator ?? null,
      system: values.system ?? null,
      route: values.route ?? null,
    }
    const isNamed = Object.values(scope).some(one => one !== null)
    if (isNamed === (values.all === true)) throw new UsageError(words.scope)
    const call = await openCall(values, io)
    const id = randomId()
    const now = Date.now()
    const order: Order = {
      ...{ id, scope, ...doesFrom(values), drill: values.drill === true },
      ...{ until: untilFrom(values.for, now), made: new Date(now).toISOString() },
    }
    const signature = signatureOf(call.signer, orderText(order))
    const began = performance.now()
    const done = await call.send<LockdownView>('POST', '/api/lockdowns', { ...order, signature })
    if (isBilingual(done)) return unable(done, io)
    const took = Math.round(performance.now() - began)
    io.stdout(values.json === true ? `${JSON.stringify(done)}\n` : `${done.id}\n`)
    io.stderr(`${say(words.done(done, took), io.lang)}\n`)
    if (order.drill) {
      const report = drillReport(done, { person: call.person, took }, io.lang)
      if (values.report === undefined) io.stdout(report)
      else writeFileSync(resolve(io.cwd, values.report), report, { mode: 0o600 })
    }
    return done.spread?.includes(null) === true ? exit.wrong : exit.well
  },
}

function doesFrom(values: { 'slow-down'?: string; 'mask-harder'?: boolean }): Pick<Order, 'effect' | 'rate'> {
  const slow = values['slow-down']
  if (slow === undefined) return { effect: values['mask-harder'] === true ? 'mask_harder' : 'block', rate: null }
  if (values['mask-harder'] === true || !/^[1-9][0-9]{0,3}$/.test(slow)) throw new UsageError(words.does)
  return { effect: 'slow_down', rate: Number(slow) }
}

function untilFrom(text: string | undefined, now: number): string | null {
  if (text === undefined) return null
  const time = parseTime(text)
  if (time === null || time === 0) throw new UsageError(words.time)
  return new Date(now + time).toISOString()
}

const did: Readonly<Record<Effect, Bilingual>> = {
  block: { zh: '已封锁', en: 'Locked down' },
  slow_down: { zh: '已限速', en: 'Slowed down' },
  mask_harder: { zh: '已加强脱敏', en: 'Masked harder' },
}

const words = {
  does: {
    zh: '--slow-down 写每分钟请求数（1 到 6000），不与 --mask-harder 同用。',
    en: '--slow-down takes requests a minute, 1 to 6000, and does not go with --mask-harder.',
  },
  time: { zh: '--for 写作 30m、24h。', en: '--for takes a time such as 30m or 24h.' },
  scope: {
    zh: '请指明封锁什么：--consumer、--operator、--system（及 --route）或 --all，只能一个。',
    en: 'Say what to stop: --consumer, --operator, --system (with --route), or --all; one of them.',
  },
  done: ({ id, scope, effect, drill, spread = [] }: LockdownView, took: number): Bilingual => {
    const late = spread.filter(one => one === null).length
    const zhLate = late === 0 ? '' : `注意：${late} 个进程一秒内未确认，请检查网关。`
    const enLate =
      late === 0 ? '' : ` Note: ${late} processes have not confirmed it within a second; look at the gateway.`
    const what = { zh: scopeText(scope, 'zh'), en: scopeText(scope, 'en') }
    return drill
      ? {
          zh: `演练：${what.zh}，记录在案，${took} 毫秒，未拦截。${zhLate}`,
          en: `A drill: ${what.en}; on record, in ${took} ms; nothing is stopped.${enLate}`,
        }
      : {
          zh: `${did[effect].zh}：${what.zh}，记录在案，${took} 毫秒。${zhLate}两名不同组的批准人可解除：veilgate lockdown lift ${id} --key 其私钥`,
          en: `${did[effect].en}: ${what.en}; on record, in ${took} ms.${enLate} Two approvers of two groups lift it: veilgate lockdown lift ${id} --key THEIR-KEY`,
        }
  },
}
