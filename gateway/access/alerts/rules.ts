/** What an alert rule says. Plain data, made from policies/alerts.yaml by cli/alerts/file.ts. */
import type { Hours } from '../../config/config.ts'
import type { Effect } from '../../lockdown-event.ts'

/** What is counted of the records. */
export const watches = {
  people: { zh: '答复中的不同的人', en: 'different people in answers' },
  clear: { zh: '以明文显示的 3、4 级值', en: 'values of level 3 and 4 shown clear' },
  rows: { zh: '答复中的行', en: 'rows of answers' },
  lookups: { zh: '逐个查询：一人或查无此人的答复', en: 'single lookups: answers of one person, or of none' },
  off_hours: { zh: '工作时间以外答复中的人', en: 'people in answers outside working hours' },
  new_address: { zh: '此前从未用过的网络', en: 'networks never used before' },
  refusals: { zh: '被拒绝的请求', en: 'refused requests' },
  searches: { zh: '按 3、4 级或已脱敏字段的查询', en: 'searches by level 3 and 4, or by masked fields' },
  grant: { zh: '授权被用于别处', en: 'grants used for something else' },
  reference: { zh: '使用同一依据编号的不同操作人', en: 'different operators with one reference of a basis' },
  canary: { zh: '无人应当查看的人', en: 'people whom nobody should look at' },
  gap: { zh: '记录中断', en: 'gaps in the records' },
} as const
export type Watch = keyof typeof watches

export type Per = 'operator' | 'consumer' | 'address'
export type Action = 'notify' | Effect

export type Rule = {
  readonly name: string
  readonly watch: Watch
  readonly per: Per
  /** Milliseconds. */
  readonly within: number
  /** More than this raises the alert, where it is also more than so many times what is usual. */
  readonly over: number
  /** Of the same one's own days; null: not asked. */
  readonly timesOwn: number | null
  /** Of the others' days. */
  readonly timesPeers: number | null
  /** Of `off_hours`: when nothing is counted. */
  readonly hours: readonly Hours[]
  /** Milliseconds for which it says nothing more of the same one. */
  readonly quiet: number
  readonly actions: readonly Action[]
  /** Milliseconds after which `slow_down` and `mask_harder` end by themselves. */
  readonly lasts: number
  /** Requests a minute that `slow_down` lets through. */
  readonly slowTo: number
}

/** An alert: which rule, of whom, how much. Names and numbers only. */
export type Alarm = {
  readonly rule: string
  readonly watch: Watch
  readonly consumer: string | null
  readonly operator: string | null
  readonly address: string | null
  readonly amount: number
  /** What was not to be passed. */
  readonly limit: number
  /** `log:seq` of the record that passed it. */
  readonly of: string
  /** Milliseconds since 1970, of that record. */
  readonly time: number
}
