import { parseArgs } from 'node:util'
import type { Bilingual } from '../../contracts.ts'
import type { Plan, Presentable } from '../../policy/plan.ts'
import type { Audience, RoutePolicy, SystemPolicy } from '../../policy/policy.ts'
import { type Command, exit, type Io, say, UsageError } from '../command.ts'
import { parse } from '../options.ts'
import { audienceNamed, charsetHint, presentedBy, systemNamed } from './asked.ts'
import { explainBody } from './explain-body.ts'
import { explainPlan } from './explain-plan.ts'
import { bodyLimits, engine, openPolicies, policyFolder, refusalFor } from './policies.ts'

export const command: Command = {
  name: 'explain',
  summary: { zh: '说明每个字段为何显示成这样', en: 'say why each field is shown as it is' },
  usage: `--system S --path P --audience A [options] [< body]
    --system S     the system's name in its policy file
    --path P       path and query of a request: /api/students/7
    --audience A   who asks
    --with LIST    what is presented: operator,purpose,basis,grant,terminal ...
    --method M     GET if left out
    --type MEDIA   the content-type of the body; if left out, what it looks like
    --policies DIR ./policies if left out
    With a body on standard input: each field that stands in it. Without: each field the policy names.`,
  async run(args, io) {
    const asked = readArguments(args)
    const opened = openPolicies(asked.policies, io)
    if ('status' in opened) return opened.status
    const { policy } = opened
    const system = systemNamed(policy, asked.system)
    const audience = audienceNamed(policy, asked.audience)
    const target = engine.target(asked.path)
    const match = 'refused' in target ? target : system.match(asked.method, target.path)
    if ('refused' in match) {
      io.stdout(`${asked.method} ${asked.path}: ${match.refused}\n`)
      return exit.wrong
    }
    const plan = policy.plan(system, match.route, audience.name, asked.presented)
    io.stdout(heading(system, match.route, audience, asked.presented, io))
    io.stdout(parameterLines(plan, match.route, asked.path, io))
    const body = await readBody(io)
    if (body === null) {
      io.stdout(explainPlan(policy, plan, audience, asked.presented, io))
      return exit.well
    }
    const fields = await engine.explain(plan, asked.type, body)
    if ('refused' in fields) {
      const hint = charsetHint(fields.refused, plan) ?? words.unreadable(fields.refused)
      io.stderr(`${say(hint, io.lang)}\n`)
    } else io.stdout(explainBody(fields, policy, audience, asked.presented, io))
    return 'refused' in fields ? exit.wrong : exit.well
  },
}

const words = {
  options: { zh: '须写 --system、--path 和 --audience。', en: 'Give --system, --path and --audience.' },
  unreadable: (code: string): Bilingual => ({
    zh: `标准输入的内容会被扣留（${code}），无法逐字段说明；类型不对时请用 --type 写明。`,
    en: `What came on standard input would be withheld (${code}), so its fields cannot be explained; say what it is by --type.`,
  }),
  nothingPresented: { zh: '未出示任何依据', en: 'nothing presented' },
  presented: (list: string) => ({ zh: `出示 ${list}`, en: `presenting ${list}` }),
  unlisted: {
    scan: { zh: '未列出的值：由检测器读', en: 'unlisted values: read by the detectors' },
    remove: { zh: '未列出的值：删除', en: 'unlisted values: removed' },
    hold: {
      zh: '未列出的值：由检测器读，且应答须等待审核',
      en: 'unlisted values: read by the detectors, and the answer waits for review',
    },
    keep: {
      zh: '未列出的值：保留，只由带校验的检测器读',
      en: 'unlisted values: kept, and read by the detectors with a check only',
    },
  },
  review: { zh: '每个应答须经三人审核', en: 'every answer waits for review by three people' },
  refused: (name: string, code: string) => ({ zh: `参数 ${name}：${code}`, en: `parameter ${name}: ${code}` }),
}

type Asked = {
  readonly system: string
  readonly path: string
  readonly audience: string
  readonly method: string
  readonly type: string | null
  readonly policies: string
  readonly presented: ReadonlySet<Presentable>
}

function readArguments(args: readonly string[]): Asked {
  const text = { type: 'string' } as const
  const options = { system: text, path: text, audience: text, with: text, method: text, type: text, policies: text }
  const { values } = parse(() => parseArgs({ args: [...args], options }))
  const { system, path, audience, method = 'GET', type = null, policies = policyFolder } = values
  if (system === undefined || path === undefined || audience === undefined) throw new UsageError(words.options)
  return { system, path, audience, method, type, policies, presented: presentedBy(values.with) }
}

function heading(
  system: SystemPolicy,
  route: RoutePolicy,
  audience: Audience,
  presented: ReadonlySet<Presentable>,
  { lang }: Io,
): string {
  const shown = presented.size === 0 ? words.nothingPresented : words.presented([...presented].join(', '))
  const first = `${system.name} ${route.methods.join(',')} ${route.template.text} (${route.source})`
  const review = route.review === undefined ? '' : `; ${say(words.review, lang)}`
  return `${first}\n${audience.name}, ${say(shown, lang)}; ${say(words.unlisted[route.unlisted], lang)}${review}\n\n`
}

/** The parameters that would be refused. */
function parameterLines(plan: Plan, route: RoutePolicy, path: string, { lang }: Io): string {
  const query = path.indexOf('?')
  const parameters = query < 0 ? [] : new URLSearchParams(path.slice(query))
  const lines: string[] = []
  for (const [name, value] of parameters) {
    const code = refusalFor([{ name, value }], route, plan)
    if (code !== null) lines.push(`${say(words.refused(name, code), lang)}\n`)
  }
  return lines.length === 0 ? '' : `${lines.join('')}\n`
}

/** Standard input, or null where nothing comes by it: a terminal, or nothing at all. */
async function readBody(io: Io): Promise<Buffer | null> {
  if ('isTTY' in io.stdin && io.stdin.isTTY === true) return null
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of io.stdin) {
    size += piece.length
    if (size > bodyLimits.scalar * 16) break
    pieces.push(piece)
  }
  return size === 0 ? null : Buffer.concat(pieces)
}
