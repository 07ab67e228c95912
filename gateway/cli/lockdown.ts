import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Order, orderText, type Scope } from '../access/lockdown/scope.ts'
import { randomId } from '../access/random-id.ts'
import type { LockdownView } from '../console/lockdown-api.ts'
import { signatureOf } from '../console/people.ts'
import type { Bilingual } from '../contracts.ts'
import { callOptions, callUsage, isBilingual, openCall } from './admin-call.ts'
import { type Command, exit, say, UsageError } from './command.ts'
import { drillReport, scopeText } from './lockdown-text.ts'
import { parse, unable } from './records-verify.ts'

const text = { type: 'string' } as const
const options = {
  ...callOptions,
  ...{ consumer: text, operator: text, system: text, route: text, report: text },
  all: { type: 'boolean' },
  drill: { type: 'boolean' },
} as const

export const command: Command = {
  name: 'lockdown',
  summary: { zh: '立即封锁（两人方可解除）', en: 'stop something at once; it takes two people to lift it' },
  usage: `--consumer NAME | --operator LOGIN | --system NAME [--route TEMPLATE] | --all   --key SECRET
    --consumer NAME, --operator LOGIN, --system NAME, --all   what is stopped; answers under way are cut
    --route TEMPLATE of the system, as the policy writes it: /api/students/{id}
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
    const order: Order = { id, scope, drill: values.drill === true, made: new Date().toISOString() }
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

const words = {
  scope: {
    zh: '请指明封锁什么：--consumer、--operator、--system（及 --route）或 --all，只能一个。',
    en: 'Say what to stop: --consumer, --operator, --system (with --route), or --all; one of them.',
  },
  done: ({ id, scope, drill, spread = [] }: LockdownView, took: number): Bilingual => {
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
          zh: `已封锁：${what.zh}，记录在案，${took} 毫秒。${zhLate}两名不同组的批准人可解除：veilgate lockdown lift ${id} --key 其私钥`,
          en: `Locked down: ${what.en}; on record, in ${took} ms.${enLate} Two approvers of two groups lift it: veilgate lockdown lift ${id} --key THEIR-KEY`,
        }
  },
}
