/** Sentences for what people allow and stop, and what is noticed: grants, reviews, lockdowns, alerts. */
import type { Bilingual } from '../../contracts.ts'
import type { Entry } from '../files/read.ts'
import { localTime } from '../query/when.ts'

export const leave: readonly (readonly [kind: string, tell: (entry: Entry, timezone: string) => Bilingual])[] = [
  ['grant', grant],
  ['review', review],
  ['lockdown', lockdown],
  ['alert', alert],
  ['expiry', expiry],
]

const grantActions: ReadonlyMap<string, Bilingual> = new Map([
  ['asked', { zh: '申请了授权', en: 'asked for the grant' }],
  ['approved', { zh: '批准了授权', en: 'approved the grant' }],
  ['refused', { zh: '拒绝了授权', en: 'refused the grant' }],
  ['revoked', { zh: '撤销了授权', en: 'revoked the grant' }],
  ['reviewed', { zh: '复核了紧急授权', en: 'reviewed the emergency grant' }],
  ['used', { zh: '授权被使用：', en: 'a request used the grant' }],
  ['expired', { zh: '授权到期未用：', en: 'unused, there ended the grant' }],
  [
    'turned_away',
    {
      zh: '的批准不算数（此类依据另有批准人）：',
      en: 'is no approver for this kind of basis, and approved in vain the grant',
    },
  ],
  ['compared', { zh: '查问了某地址是否为此授权所指：', en: 'asked whether a target is that of the grant' }],
  ['voided', { zh: '因人员或角色变动，授权作废：', en: 'as roles have changed, void is the grant' }],
])

function grant(entry: Entry, timezone: string): Bilingual {
  const did = grantActions.get(String(entry['action'])) ?? { zh: '授权', en: 'the grant' }
  const id = typeof entry['grant'] === 'string' ? entry['grant'] : '-'
  const who = whoSigned(entry)
  const terms = termsOf(entry['terms'], timezone)
  const at = decidedAt(entry)
  return {
    zh: `${who.zh}${did.zh}${did.zh.endsWith('：') ? '' : ' '}${id}${terms.zh}${at.zh}。`,
    en: `${who.en}${did.en} ${id}${terms.en}${at.en}.`,
  }
}

const reviewActions: ReadonlyMap<string, Bilingual> = new Map([
  ['held', { zh: '应答开始等待审核：', en: 'there began to wait for review the answer' }],
  ['read', { zh: '读取了等待审核的应答', en: 'read the answer that waits for review,' }],
  ['passed', { zh: '初审通过应答', en: 'passed in first review the answer' }],
  ['checked', { zh: '复核通过应答', en: 'checked the answer' }],
  ['released', { zh: '签发了应答', en: 'released the answer' }],
  ['refused', { zh: '未通过并清除应答', en: 'refused, and so erased, the answer' }],
  ['fetched', { zh: '调用方领取了应答', en: 'its caller fetched the answer' }],
  ['expired', { zh: '到期未领取，已清除应答', en: 'as nobody fetched it in time, erased was the answer' }],
  ['overtaken', { zh: '策略已收紧，已清除应答', en: 'as the policy is stricter now, erased was the answer' }],
  [
    'voided',
    {
      zh: '因人员变动、记录缺失或内容被改，作废应答',
      en: 'as roles, records or its file have changed, void is the answer',
    },
  ],
])

function review(entry: Entry): Bilingual {
  const did = reviewActions.get(String(entry['action'])) ?? { zh: '应答', en: 'the answer' }
  const id = typeof entry['review'] === 'string' ? entry['review'] : '-'
  const who = whoSigned(entry)
  const { consumer, system, route } = (entry['terms'] ?? {}) as Record<string, unknown>
  const place = typeof system === 'string' ? ` ${system} ${String(route)}` : ''
  const whom = typeof consumer === 'string' ? { zh: `，给 ${consumer}`, en: ` for ${consumer}` } : { zh: '', en: '' }
  return { zh: `${who.zh}${did.zh} ${id}${place}${whom.zh}。`, en: `${who.en}${did.en} ${id}${place}${whom.en}.` }
}

/** The person with the group that counted; nothing: the gateway itself. */
function whoSigned(entry: Entry): Bilingual {
  const group = typeof entry['group'] === 'string' ? entry['group'] : null
  const person = typeof entry['person'] === 'string' ? entry['person'] : null
  return {
    zh: person === null ? '' : group === null ? `${person} ` : `${person}（${group}）`,
    en: person === null ? '' : `${person}${group === null ? '' : ` (${group})`} `,
  }
}

/** By which of several gateways; nothing where this one decides alone. */
function decidedAt(entry: Entry): Bilingual {
  const { gateway } = (entry['order'] ?? {}) as { gateway?: unknown }
  return typeof gateway === 'string' ? { zh: `（网关 ${gateway}）`, en: `, at gateway ${gateway}` } : { zh: '', en: '' }
}

const effects: ReadonlyMap<unknown, Bilingual> = new Map([
  ['slow_down', { zh: '限速了', en: 'slowed down' }],
  ['mask_harder', { zh: '加强脱敏了', en: 'masked harder' }],
])

function lockdown(entry: Entry, timezone: string): Bilingual {
  const person = typeof entry['person'] === 'string' ? entry['person'] : null
  const scope = (entry['scope'] ?? {}) as Record<string, unknown>
  const named = ['consumer', 'operator', 'system', 'route'].filter(key => typeof scope[key] === 'string')
  const what = named.map(key => `${key} ${String(scope[key])}`).join(' ')
  const effect = entry['effect']
  const drill = entry['drill'] === true ? { zh: '（演练）', en: ' (a drill)' } : { zh: '', en: '' }
  if (entry['action'] === 'lifting')
    return {
      zh: `${person ?? '-'} 同意解除封锁${drill.zh}：${what || '全部'}。`,
      en: `${person ?? '-'} signed that the lockdown of ${what || 'everything'} may end${drill.en}.`,
    }
  const did = effects.get(effect) ?? { zh: '封锁了', en: 'locked down' }
  if (entry['action'] === 'ended')
    return {
      zh: `到期结束：${did.zh}${drill.zh}${what || '全部'}。`,
      en: `as its time was over, this ended: ${did.en} ${what || 'everything'}${drill.en}.`,
    }
  const rate = typeof entry['rate'] === 'number' ? String(entry['rate']) : null
  const slow = rate === null ? { zh: '', en: '' } : { zh: `，每分钟 ${rate} 次`, en: ` to ${rate} requests a minute` }
  const until = typeof entry['until'] === 'string' ? localTime(entry['until'], timezone) : null
  const end = until === null ? { zh: '', en: '' } : { zh: `，至 ${until}`, en: `, until ${until}` }
  return {
    zh: `${person === null ? '网关按告警规则' : `${person} `}${did.zh}${drill.zh}：${what || '全部'}${slow.zh}${end.zh}。`,
    en: `${person ?? 'the gateway, by an alert,'} ${did.en} ${what || 'everything'}${slow.en}${end.en}${drill.en}.`,
  }
}

const actions: ReadonlyMap<string, Bilingual> = new Map([
  ['block', { zh: '已封锁', en: 'locked down' }],
  ['slow_down', { zh: '已限速', en: 'slowed down' }],
  ['mask_harder', { zh: '已加强脱敏', en: 'masked harder' }],
])

function alert(entry: Entry): Bilingual {
  const text = (key: string): string => (typeof entry[key] === 'string' ? entry[key] : '-')
  const known = ['operator', 'consumer', 'address'].map(text).find(one => one !== '-')
  const who = { zh: known ?? '未归于某人', en: known ?? 'nobody in particular' }
  const [amount, limit] = [Number(entry['amount'] ?? 0), Number(entry['limit'] ?? 0)]
  const acts = Array.isArray(entry['actions']) ? entry['actions'] : []
  const done = ([...actions] as const).filter(([action]) => acts.includes(action)).map(([, said]) => said)
  const [zh, en] = [done.map(said => `；${said.zh}`).join(''), done.map(said => `; ${said.en}`).join('')]
  return {
    zh: `告警 ${text('rule')}：${who.zh}，${amount}（上限 ${limit}），见记录 ${text('of')}${zh}。`,
    en: `alert ${text('rule')}: ${who.en}, ${amount} (at most ${limit}), at record ${text('of')}${en}.`,
  }
}

const expirables: ReadonlyMap<string, Bilingual> = new Map([
  ['consumer', { zh: '调用方', en: 'the consumer' }],
  ['system', { zh: '系统', en: 'the system' }],
  ['route', { zh: '接口', en: 'a route of' }],
  ['key', { zh: '密钥', en: 'the key' }],
  ['certificate', { zh: '证书', en: 'the certificate' }],
  ['revocations', { zh: '证书吊销列表', en: 'the list of revoked certificates' }],
  ['grant', { zh: '授权', en: 'the grant' }],
])

function expiry(entry: Entry, timezone: string): Bilingual {
  const text = (key: string): string => (typeof entry[key] === 'string' ? entry[key] : '')
  const what = expirables.get(text('what')) ?? { zh: '', en: '' }
  const until = localTime(text('until'), timezone)
  const name = `${text('name')} ${text('route')}`.trim()
  return entry['state'] === 'over'
    ? { zh: `${what.zh} ${name} 已于 ${until} 到期。`, en: `${what.en} ${name} ended at ${until}.` }
    : { zh: `${what.zh} ${name} 将于 ${until} 到期。`, en: `${what.en} ${name} will end at ${until}.` }
}

function termsOf(value: unknown, timezone: string): Bilingual {
  if (typeof value !== 'object' || value === null) return { zh: '', en: '' }
  const terms = value as Record<string, unknown>
  const sees = Array.isArray(terms['sees']) ? terms['sees'].map(String).join(', ') : ''
  const [operator, consumer, system, route] = ['operator', 'consumer', 'system', 'route'].map(key => String(terms[key]))
  const [rows, until] = [String(terms['rows']), localTime(String(terms['until']), timezone)]
  return {
    zh: `：${consumer} 的 ${operator} 访问 ${system} 的 ${route}，最多 ${rows} 行${sees === '' ? '，脱敏' : `，可见 ${sees}`}，至 ${until}`,
    en: ` for ${operator} of ${consumer} to ask ${system} for ${route}, at most ${rows} rows${sees === '' ? ', masked' : `, showing ${sees}`}, until ${until}`,
  }
}
