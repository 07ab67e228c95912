/** The words of tell.ts, in both languages. */
import type { Bilingual } from '../../contracts.ts'
import { basisWords } from '../basis-words.ts'
import type { GapCause } from '../drafts.ts'
import { gapCauses } from '../kinds/log.ts'

export type AskedWords = {
  readonly consumer: string | null
  readonly operator: string | null
  readonly address: string | null
  readonly purpose: string | null
  readonly basis: string | null
  readonly reference: string | null
  readonly verified: boolean
  readonly system: string | null
  readonly request: string | null
}

const forms: ReadonlyMap<string, Bilingual> = new Map([
  ['clear', { zh: '明文', en: 'in clear' }],
  ['partial', { zh: '部分遮盖', en: 'partly masked' }],
  ['generalize', { zh: '概化', en: 'generalised' }],
  ['token', { zh: '令牌', en: 'as tokens' }],
  ['digest', { zh: '摘要', en: 'as digests' }],
  ['redact', { zh: '全部遮盖', en: 'fully masked' }],
  ['remove', { zh: '删除', en: 'removed' }],
])

const outcomes: ReadonlyMap<string, Bilingual> = new Map([
  ['released', { zh: '应答经脱敏后放行', en: 'The answer was masked and released' }],
  ['withheld', { zh: '应答被扣留', en: 'The answer was withheld' }],
  ['refused', { zh: '请求被拒绝', en: 'The request was refused' }],
  ['aborted', { zh: '应答中途被切断', en: 'The answer was cut off' }],
  ['held', { zh: '应答须等待审核，尚未给出', en: 'The answer waits for review, and was not given yet' }],
])

export const form = (name: string): Bilingual => forms.get(name) ?? { zh: name, en: name }

export function asked(a: AskedWords): Bilingual {
  const isUnnamed = a.consumer !== null && a.operator === null
  const zhAside = [isUnnamed ? '未说明操作人' : '', a.address === null ? '' : `地址 ${a.address}`].filter(Boolean)
  const at = {
    zh: zhAside.length === 0 ? '' : `（${zhAside.join('，')}）`,
    en: a.address === null ? '' : ` (from ${a.address})`,
  }
  const zhWho = a.consumer === null ? '未表明身份的调用方' : [a.consumer, a.operator].filter(Boolean).join(' 的 ')
  const enWho =
    a.consumer === null ? 'an unidentified caller' : `${a.operator ?? 'an unnamed operator'} of ${a.consumer}`
  const basis = a.basis === null ? null : (basisWords.get(a.basis) ?? { zh: a.basis, en: a.basis })
  const reference = a.reference === null ? '' : ` ${a.reference}`
  const why = {
    zh: `${a.purpose === null ? '' : `为 ${a.purpose}`}${basis === null ? '' : `，依据${basis.zh}${reference}（${a.verified ? '已核实' : '未核实'}）`}`,
    en: `${a.purpose === null ? '' : `, purpose ${a.purpose}`}${basis === null ? '' : `, by ${basis.en}${reference} (${a.verified ? 'verified' : 'not verified'})`}`,
  }
  const request = a.request ?? ''
  return {
    zh: `${zhWho}${at.zh}${why.zh}${why.zh === '' ? '' : '，'}访问 ${a.system ?? '（未匹配系统）'} 的 ${request || '接口'}`
      .trimEnd()
      .concat('。'),
    en: `${enWho}${at.en} asked ${a.system ?? '(no system)'} for ${request || 'something'}${why.en}.`,
  }
}

export const searched = (types: Bilingual): Bilingual => ({
  zh: `按 ${types.zh} 查询。`,
  en: `It was a search by ${types.en}.`,
})

export const outcome = (name: string, status: string): Bilingual => {
  const known = outcomes.get(name) ?? { zh: name, en: name }
  return { zh: `${known.zh}（HTTP ${status}）。`, en: `${known.en} (HTTP ${status}).` }
}

export const reason = (code: string, title: Bilingual): Bilingual => ({
  zh: `原因：${title.zh}（${code}）。`,
  en: `Reason: ${title.en} (${code}).`,
})

export const noFields: Bilingual = { zh: '其中没有个人信息字段。', en: 'No field of it held personal information.' }

export const fields = (rows: number, people: number, list: Bilingual): Bilingual => ({
  zh: `共 ${rows} 行、${people} 人：${list.zh}。`,
  en: `${rows} ${rows === 1 ? 'row' : 'rows'}, ${people} ${people === 1 ? 'person' : 'people'}: ${list.en}.`,
})

export const longAnswer: Bilingual = {
  zh: '应答较长，分段放行，各段另有记录。',
  en: 'The answer is long and was released in pieces, each with a record of its own.',
}
export const piece: Bilingual = { zh: '这是应答的一段。', en: 'This is one piece of the answer.' }
export const intended: Bilingual = {
  zh: '请求将查看明文或导出，先记录后转发。',
  en: 'It would show data in clear or export it; recorded before it was forwarded.',
}
export const wholeSent = (rows: number): Bilingual => ({
  zh: `应答已全部放行，共 ${rows} 行。`,
  en: `The whole answer was released, ${rows} rows.`,
})
export const cutOff = (rows: number): Bilingual => ({
  zh: `应答在放行 ${rows} 行后被切断。`,
  en: `The answer was cut off after ${rows} rows.`,
})
export const refused = (count: number): Bilingual =>
  count > 1
    ? { zh: `请求被拒绝，一分钟内同类共 ${count} 次。`, en: `Refused, ${count} times within a minute.` }
    : { zh: '请求被拒绝。', en: 'The request was refused.' }

export const policyNoun: Bilingual = { zh: '策略', en: 'policy' }
export const configNoun: Bilingual = { zh: '配置', en: 'configuration' }
export const certificatesNoun: Bilingual = { zh: '证书与私钥', en: 'set of certificates and keys' }
export const alertRulesNoun: Bilingual = { zh: '告警规则', en: 'set of alert rules' }
export const rulesHeld: Bilingual = {
  zh: '新的告警规则会少发现一些情况，须第二人批准，暂缓启用，原有的继续有效。',
  en: "a new set of alert rules notices less and waits for a second person's approval; the old one stays in force.",
}
export const noticeLess = (changes: readonly unknown[]): Bilingual => ({
  zh: `少发现：${changes.map(String).join('、')}。`,
  en: `Less is noticed by: ${changes.map(String).join(', ')}.`,
})
export const takenUp = (noun: Bilingual): Bilingual => ({
  zh: `网关启用了新的${noun.zh}。`,
  en: `the gateway took up a new ${noun.en}.`,
})
export const held = (noun: Bilingual): Bilingual => ({
  zh: `新的${noun.zh}会显示更多，须第二人批准，暂缓启用，原有的继续有效。`,
  en: `a new ${noun.en} shows more and waits for a second person's approval; the old one stays in force.`,
})
export const notTakenUp = (noun: Bilingual, faults: number): Bilingual => ({
  zh: `新的${noun.zh}有 ${faults} 处错误，未启用，原有的继续有效。`,
  en: `a new ${noun.en} had ${faults} faults and was not taken up; the old one stays in force.`,
})

const keyActions: ReadonlyMap<string, Bilingual> = new Map([
  ['made', { zh: '生成', en: 'made' }],
  ['rotated', { zh: '轮换', en: 'rotated' }],
  ['retired', { zh: '停用', en: 'retired' }],
  ['destroyed', { zh: '销毁', en: 'destroyed' }],
  ['exported', { zh: '加密导出', en: 'exported, encrypted' }],
  ['imported', { zh: '导入', en: 'imported' }],
  ['sealed', { zh: '封存给溯源保管人', en: 'sealed to the trace authority' }],
])
export const key = (action: string, purpose: string, name: string): Bilingual => {
  const did = keyActions.get(action) ?? { zh: action, en: action }
  return { zh: `密钥（${purpose}，${name}）被${did.zh}。`, en: `the ${purpose} key ${name} was ${did.en}.` }
}

export const readRecords = (
  operator: string | null,
  command: string | null,
  filters: readonly string[],
  shown: string | null,
): Bilingual => {
  const tool = command === null ? { zh: '', en: '' } : { zh: `用 records ${command} `, en: ` with records ${command}` }
  const by =
    filters.length === 0 ? { zh: '', en: '' } : { zh: `按 ${filters.join('、')} `, en: ` by ${filters.join(', ')}` }
  const many = shown === null ? { zh: '', en: '' } : { zh: `，看到 ${shown} 条`, en: ` and saw ${shown}` }
  return {
    zh: `${operator === null ? '某系统用户' : `${operator} `}${tool.zh}${by.zh}查阅了访问记录${many.zh}。`,
    en: `${operator ?? 'a system user'} read the access records${tool.en}${by.en}${many.en}.`,
  }
}

export const resumed = (found: number, cut: number): Bilingual => ({
  zh: `网关启动，日志已有 ${found} 条记录${cut === 0 ? '' : `；截去上次中断留下的 ${cut} 字节未确认内容`}。`,
  en: `a writer started; the log had ${found} records${cut === 0 ? '' : `; ${cut} unacknowledged bytes left by a crash were cut off`}.`,
})

export const gap = (cause: Bilingual, seconds: number, dropped: number, lost: readonly string[] | null): Bilingual => ({
  zh: `此前约 ${seconds} 秒无法写入记录（${cause.zh}），期间网关停止服务，${dropped} 条未写入的记录所涉请求均以 503 答复${lost === null ? '' : `；${lost.join(' 至 ')} 随文件丢失`}。`,
  en: `for about ${seconds} s records could not be written (${cause.en}) and nothing was served; ${dropped} records were not written and their requests answered with 503${lost === null ? '' : `; ${lost.join(' to ')} were lost with their file`}.`,
})

export const clockBack = (seconds: number): Bilingual => ({
  zh: `系统时钟倒退了 ${seconds} 秒；在追上之前，记录时间保持不变。`,
  en: `the clock went back by ${seconds} s; the time of records stands still until it has caught up.`,
})

export const subjects = (id: string): Bilingual => ({
  zh: `这是记录 ${id} 所涉人员的盲索引。`,
  en: `these are the blind indexes of the people in record ${id}.`,
})

export const otherKind = (kind: string): Bilingual => ({ zh: `一条 ${kind} 记录。`, en: `a record of kind ${kind}.` })

const causes: ReadonlySet<string> = new Set(gapCauses)

export function isCause(text: string): text is GapCause {
  return causes.has(text)
}
