import { parseArgs } from 'node:util'
import type { Terms } from '../../access/grants/terms.ts'
import { parseBasis } from '../../access/statement.ts'
import type { Wanted } from '../../console/grant-draft.ts'
import type { GrantView } from '../../console/grants-api.ts'
import { signatureOf } from '../../console/people.ts'
import { parseTime } from '../../records/query/when.ts'
import { callOptions, callUsage, isBilingual, openCall } from '../admin/call.ts'
import { bodyOptions, bodyUsage, postedIn } from '../admin/posted-body.ts'
import { type Command, exit, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'

const text = { type: 'string' } as const
const many = { type: 'string', multiple: true } as const
const options = {
  ...callOptions,
  ...{
    operator: text,
    consumer: text,
    audience: text,
    purpose: text,
    basis: text,
    system: text,
    target: text,
    ...bodyOptions,
  },
  ...{ sees: many, rows: text, format: text, 'from-terminal': many, from: text, until: text, timezone: text },
  emergency: { type: 'boolean' },
} as const

export const command: Command = {
  name: 'grants ask',
  summary: { zh: '申请一次性授权（导出或查看原文）', en: 'ask for a grant: to see or export more, once' },
  usage: `--operator LOGIN --consumer NAME --basis BASIS --system NAME --target PATH --from-terminal ADDRESS ... --until WHEN --key SECRET
    --operator LOGIN, --consumer NAME   who will ask, through which consumer of gateway.yaml
    --audience NAME  where the consumer can be in several
    --purpose NAME   as the request will state it
    --basis BASIS    as the request will state it: 'work_order;ref="WO-2026-12"'
    --system NAME, --target PATH        the one request: /api/students/7; it is not written down
    ${bodyUsage}
    --sees TYPE[:FORM]                  shown in this form, clear if left out; again for each type; none: masked
    --rows N         rows at the most; 1 if left out
    --format NAME    of the answer: json, csv, xlsx ...; any, if left out
    --from-terminal ADDRESS             a network, or cert:SHA256 of a client certificate; again for each
    --from, --until WHEN                2026-11-21, or with a time; --timezone ZONE (the gateway's); from now, if left out
    --emergency      one approval will do; a review is due within 24 hours of its use
${callUsage}`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const call = await openCall(values, io)
    const wanted = { ...wantedOf(values, await call.zone(values.timezone)), ...postedIn(values, io) }
    const draft = await call.send<{ terms: Terms; text: string }>('POST', '/api/grants/drafts', wanted)
    if (isBilingual(draft)) return unable(draft, io)
    const signature = signatureOf(call.signer, draft.text)
    const asked = await call.send<GrantView>('POST', '/api/grants', { id: draft.terms.id, signature })
    if (isBilingual(asked)) return unable(asked, io)
    io.stdout(values.json === true ? `${JSON.stringify(asked)}\n` : `${asked.id}\n`)
    io.stderr(`${say(words.asked(asked), io.lang)}\n`)
    return exit.well
  },
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

function wantedOf(values: Values, timezone: string): Wanted {
  const { operator, consumer, audience, purpose, basis, system, target, format } = values
  if (!operator || !consumer || !basis || !system || !target || values.until === undefined)
    throw new UsageError(words.usage)
  const time = (given: string, edge: 'start' | 'end'): string => {
    const parsed = parseTime(given, timezone, edge)
    if (parsed === null) throw new UsageError(words.time)
    return parsed
  }
  return {
    ...{ operator, consumer, system, target, format: format ?? null, purpose: purpose ?? null },
    ...(audience !== undefined && { audience }),
    basis: basisOf(basis),
    sees: values.sees ?? [],
    rows: Number(values.rows ?? 1),
    terminals: values['from-terminal'] ?? [],
    ...(values.from !== undefined && { from: time(values.from, 'start') }),
    until: time(values.until, 'end'),
    emergency: values.emergency === true,
  }
}

function basisOf(given: string): Wanted['basis'] {
  try {
    const { word, ref } = parseBasis(given)
    return { kind: word, ref }
  } catch {
    throw new UsageError(words.basis)
  }
}

const words = {
  usage: {
    zh: '请写明操作人、调用方、依据、系统、地址和到期时间。',
    en: 'Say operator, consumer, basis, system, target and until when.',
  },
  time: { zh: '时间写法如 2026-11-21 或 2026-11-21T09:30。', en: 'Write times as 2026-11-21 or 2026-11-21T09:30.' },
  basis: { zh: '--basis 写作 work_order;ref="WO-2026-12"。', en: 'Write --basis as work_order;ref="WO-2026-12".' },
  asked: ({ id, needed }: GrantView) => ({
    zh: `已申请，记录在案。需 ${needed} 名批准人（不同组）：veilgate grants approve ${id} --key 其私钥\n批准后请求须带 Veilgate-Grant: ${id}，只能用一次。`,
    en: `Asked for, on record. It takes ${needed} approver(s), of different groups: veilgate grants approve ${id} --key THEIR-KEY\nThe request then says Veilgate-Grant: ${id}, once.`,
  }),
}
