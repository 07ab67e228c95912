import { parseArgs } from 'node:util'
import { plugins } from '../../../plugins/index.ts'
import type { Bilingual } from '../../contracts.ts'
import { problems, Refusal } from '../../errors.ts'
import { parseTarget } from '../../exchange/request/target.ts'
import { maskAnswer } from '../../exchange/response/answer.ts'
import { fill } from '../../exchange/response/masked-body.ts'
import { addTallies, nothing } from '../../exchange/response/record-of.ts'
import { BodyQueue } from '../../exchange/upstream/body.ts'
import { formOrder } from '../../forms.ts'
import { createMasking } from '../../masking/engine.ts'
import type { Tally } from '../../masking/tally.ts'
import type { Plan, Presentable } from '../../policy/plan.ts'
import type { Policy } from '../../policy/policy.ts'
import { printable } from '../../records/query/table.ts'
import { type Command, exit, type Io, say, UsageError } from '../command.ts'
import { parse } from '../options.ts'
import { audienceNamed, charsetHint, presentedBy, systemNamed } from './asked.ts'
import { bodyLimits, openPolicies, policyFolder } from './policies.ts'

const words = {
  needs: {
    zh: '需要 --system、--audience 和 --path。',
    en: 'It needs --system, --audience and --path.',
  },
  rows: { zh: '行', en: 'rows' },
  people: { zh: '人', en: 'people' },
  waits: (unlisted: readonly string[]): Bilingual => ({
    zh: `该应答会等待三人审核${unlisted.length === 0 ? '' : `；策略未列出：${unlisted.join('、')}`}`,
    en: `The answer would wait for review${unlisted.length === 0 ? '' : `; the policy does not list: ${unlisted.join(', ')}`}`,
  }),
}

/** Masks one body from stdin as the gateway would; nothing is recorded. */
export const command: Command = {
  name: 'mask',
  summary: {
    zh: '离线脱敏：按策略处理标准输入中的一份内容，统计写到标准错误',
    en: 'mask a body from stdin as the gateway would; what was done goes to stderr',
  },
  usage: `--system S --audience A --path P [--type MEDIA] [--method M] [--with LIST] [--policies DIR] < BODY
      --type MEDIA    the content-type of the body; application/json if left out
      --method M      GET if left out
      --with LIST     what the caller presents: operator,purpose,basis,grant,terminal ...
      --policies DIR  ./policies if left out`,
  async run(args, io) {
    const asked = read(args)
    const opened = openPolicies(asked.policies, io)
    if ('status' in opened) return opened.status
    let plan: Plan | null = null
    try {
      plan = planOf(opened.policy, asked)
      const { tally, unlisted } = await mask(plan, asked, io)
      io.stderr(tallyText(tally, io))
      if (plan.review !== undefined || unlisted.length > 0)
        io.stderr(`${printable(say(words.waits(unlisted), io.lang))}\n`)
      return exit.well
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      io.stderr(`${error.code}: ${say(problems[error.code].title, io.lang)}\n`)
      const hint = plan && charsetHint(error.code, plan)
      if (hint !== null) io.stderr(`${say(hint, io.lang)}\n`)
      return exit.wrong
    }
  },
}

type Asked = {
  readonly system: string
  readonly audience: string
  readonly path: string
  readonly type: string
  readonly method: string
  readonly presented: ReadonlySet<Presentable>
  readonly policies: string
}

function read(args: readonly string[]): Asked {
  const text = { type: 'string' } as const
  const options = { system: text, audience: text, path: text, type: text, method: text, with: text, policies: text }
  const { values } = parse(() => parseArgs({ args: [...args], options }))
  const { system, audience, path } = values
  if (system === undefined || audience === undefined || path === undefined) throw new UsageError(words.needs)
  return {
    system,
    audience,
    path,
    type: values.type ?? 'application/json',
    method: values.method ?? 'GET',
    presented: presentedBy(values.with),
    policies: values.policies ?? policyFolder,
  }
}

function planOf(policy: Policy, asked: Asked): Plan {
  const system = systemNamed(policy, asked.system)
  const audience = audienceNamed(policy, asked.audience)
  const match = system.match(asked.method, parseTarget(asked.path, undefined).path)
  if ('refused' in match) throw new Refusal(match.refused)
  return policy.plan(system, match.route, audience.name, asked.presented)
}

/** Whole where it is short, as it comes where it is long: what the gateway would have withheld never comes out. */
async function mask(
  plan: Plan,
  asked: Asked,
  io: Io,
): Promise<{ readonly tally: Tally; readonly unlisted: readonly string[] }> {
  const queue = new BodyQueue({ pause() {}, resume() {}, cancel() {} })
  const parts = {
    masking: createMasking(plugins),
    limits: bodyLimits,
    plan,
    scope: { consumer: 'offline', purpose: 'offline', now: Date.now() },
  }
  const answer = { status: 200, headers: { 'content-type': asked.type }, body: queue }
  const masked = Promise.resolve(maskAnswer(answer, asked.method, parts))
  masked.catch(() => {})
  for await (const chunk of io.stdin) {
    queue.push(chunk)
    await nextTurn()
  }
  queue.end()
  const body = await masked
  let tally = nothing
  for (;;) {
    for (const piece of body.blocks.take()) io.stdout(piece)
    body.size = 0
    if (body.masker !== null) tally = addTallies(tally, body.masker.takeTally())
    if (body.ended) return { tally, unlisted: body.masker?.unlisted() ?? [] }
    await fill(body, bodyLimits.answerWindow)
  }
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

function tallyText({ rows, fields, subjects }: Tally, io: Io): string {
  const width = Math.max(0, ...Object.keys(fields).map(name => name.length))
  const lines = Object.entries(fields).map(([name, counts]) => {
    const forms = formOrder.filter(form => counts[form] !== undefined).map(form => `${form} ${counts[form]}`)
    return `${name.padEnd(width)}  ${forms.join(', ')}\n`
  })
  return `${lines.join('')}${say(words.rows, io.lang)} ${rows}, ${say(words.people, io.lang)} ${subjects.length}\n`
}
