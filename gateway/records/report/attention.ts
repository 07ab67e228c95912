/** What of a period somebody should look at, by rules that are written here and nowhere else. Pure. */
import type { Bilingual } from '../../contracts.ts'
import { exchangesOf, type Totals } from './totals.ts'

export type Attention = {
  /** Something may be wrong now, and not only worth a look. */
  readonly isGrave: boolean
  readonly words: Bilingual
  /** What shows the records behind it; null: nothing does. */
  readonly ask: string | null
}

/** Grouped by thousands, which reads the same in both languages. */
const grouped = new Intl.NumberFormat('en')
const n = (value: number): string => grouped.format(value)
const many = (count: number, noun: string): string => `${n(count)} ${noun}${count === 1 ? '' : 's'}`

/** Of a check of the whole folder; null: it was not made. */
export type Verified = { readonly wrong: number; readonly provedBy: 'witness' | 'key' | 'self' } | null

/** Times more than in the period before that are worth a word, and how many there must be at least. */
const [growth, least] = [2, 50]
const manyFailures = 100
/** Refusals of one consumer that are worth a word where they are most of its requests. */
const manyRefused = 100

/** `end`: of the period, or when the report is made in it; milliseconds since 1970. */
export function attentionOf(now: Totals, before: Totals, verified: Verified, end: number): Attention[] {
  const nothing = when(now.isEmpty, false, nothingWords, null)
  return [...nothing, ...ofRecords(now, verified, end), ...ofMasking(now), ...ofReveals(now), ...ofCallers(now, before)]
}

function ofRecords({ upkeep }: Totals, verified: Verified, end: number): Attention[] {
  const { gaps, refusedLoads, heldLoads, lastHeartbeat, expiring, dueReviews } = upkeep
  const isOver = [...expiring.values()].some(entry => entry['state'] === 'over')
  const alerts = [...upkeep.alerts.values()].reduce((sum, count) => sum + count, 0)
  const unwitnessed = [...lastHeartbeat.values()].some(entry => typeof entry['witnessed'] !== 'number')
  return [
    when(verified !== null && verified.wrong > 0, true, wrongWords(verified?.wrong ?? 0), 'records verify'),
    when(gaps.count > 0, true, gapWords(gaps.count, gaps.seconds, gaps.dropped), 'records query --kind gap'),
    when(alerts > 0, true, alertWords(alerts), 'records query --kind alert'),
    when(refusedLoads > 0, false, loadWords(refusedLoads), 'records query --kind policy --kind config'),
    when(heldLoads > 0, false, heldWords(heldLoads), 'records query --kind policy'),
    when(expiring.size > 0, isOver, expiringWords([...expiring.keys()]), 'records query --kind expiry'),
    when(dueReviews.open > 0, true, dueReviewWords(dueReviews.open, dueReviews.overdue(end)), 'grants list'),
    when(unwitnessed, false, unwitnessedWords, null),
  ].flat()
}

function ofMasking({ all }: Totals): Attention[] {
  return when(all.withheld > 0, false, withheldWords(all.withheld), 'records query --outcome withheld --by system,code')
}

function ofReveals(now: Totals): Attention[] {
  const unfounded = [...now.reasons].reduce((sum, [key, count]) => sum + (key.endsWith('\0') ? count : 0), 0)
  const emergencies = [...now.reasons].reduce((sum, [key, count]) => sum + (key.endsWith('\0emergency') ? count : 0), 0)
  return [
    when(unfounded > 0, false, unfoundedWords(unfounded), null),
    when(emergencies > 0, true, emergencyWords(emergencies), null),
    when(now.oddHours > 0, false, oddWords(now.oddHours, now.all.reveals), null),
  ].flat()
}

function ofCallers(now: Totals, before: Totals): Attention[] {
  const failures = ['CREDENTIALS_WRONG', 'CREDENTIALS_MISSING'].reduce(
    (sum, code) => sum + (now.codes.get(code) ?? 0),
    0,
  )
  const grown = [...now.byConsumer].flatMap(([consumer, sum]) => {
    const then = before.byConsumer.get(consumer)
    const [more, few] = [exchangesOf(sum), then === undefined ? 0 : exchangesOf(then)]
    if (consumer === '' || more < least || few === 0 || more < few * growth) return []
    return when(true, false, grownWords(consumer, more, few), `records query --consumer ${consumer} --by operator`)
  })
  const refused = [...now.byConsumer].flatMap(([consumer, sum]) => {
    const all = exchangesOf(sum)
    if (consumer === '' || sum.refused < manyRefused || sum.refused * 2 <= all) return []
    const ask = `records query --consumer ${consumer} --outcome refused --by code,route`
    return when(true, false, refusedWords(consumer, sum.refused, all), ask)
  })
  const revealing = [...now.byOperator].flatMap(([key, sum]) => {
    const few = before.byOperator.get(key)?.reveals ?? 0
    const [operator] = key.split('\0') as [string]
    if (sum.reveals < least || few === 0 || sum.reveals < few * growth) return []
    return when(true, true, revealingWords(operator, sum.reveals, few), `records query --operator ${operator}`)
  })
  return [
    ...revealing,
    ...grown,
    ...refused,
    ...when(failures >= manyFailures, false, failureWords(failures), 'records query --code CREDENTIALS_WRONG'),
  ]
}

function when(holds: boolean, isGrave: boolean, words: Bilingual, ask: string | null): Attention[] {
  return holds ? [{ isGrave, words, ask: ask === null ? null : `veilgate ${ask}` }] : []
}

const nothingWords: Bilingual = {
  zh: '本期没有任何记录：网关可能没有运行，或这不是它的记录。',
  en: 'Nothing is on record of this period: the gateway may not have run, or these are not its records.',
}
const wrongWords = (wrong: number): Bilingual => ({
  zh: `核验发现 ${n(wrong)} 处问题：记录可能被改动或损坏。请保留记录目录原样。`,
  en: `Verifying found ${many(wrong, 'problem')}: records may have been changed or damaged. Keep their folder as it is.`,
})
const gapWords = (count: number, seconds: number, dropped: number): Bilingual => ({
  zh: `记录曾 ${n(count)} 次无法写入，共约 ${n(seconds)} 秒，期间网关停止服务；${n(dropped)} 条记录未写入。`,
  en: `Records could not be written ${many(count, 'time')}, for about ${n(seconds)} s, and nothing was served meanwhile; not written: ${many(dropped, 'record')}.`,
})
const alertWords = (count: number): Bilingual => ({
  zh: `发生 ${n(count)} 次告警。`,
  en: `Alerts: ${n(count)}.`,
})
const loadWords = (count: number): Bilingual => ({
  zh: `${n(count)} 次策略或配置变更因有错误未启用；原有的继续有效。`,
  en: `Of policy or configuration, ${many(count, 'change')} had faults and did not count; what was there stayed in force.`,
})
const heldWords = (count: number): Bilingual => ({
  zh: `${n(count)} 次策略变更因会显示更多内容，须第二人批准后才启用。`,
  en: `Held until a second person approved, as it shows more: ${many(count, 'change')} of policy.`,
})
const expiringWords = (names: readonly string[]): Bilingual => {
  const more = names.length > 5 ? ' …' : ''
  const list = names.slice(0, 5).join(', ') + more
  return {
    zh: `即将到期或已到期 ${n(names.length)} 项：${list}。`,
    en: `Ends soon, or has ended (${n(names.length)}): ${list}.`,
  }
}
const dueReviewWords = (open: number, overdue: number): Bilingual => ({
  zh: `${n(open)} 次使用的紧急授权在期末尚未复核，其中 ${n(overdue)} 次已超过 24 小时。`,
  en: `Waiting for its review at the end: ${many(open, 'emergency grant')} that somebody used; overdue after 24 hours: ${n(overdue)}.`,
})
const unwitnessedWords: Bilingual = {
  zh: '没有外部见证方保存检查点：能写入记录目录的人可以重写全部记录而不被发现。',
  en: 'No witness keeps checkpoints: whoever can write to the folder of records could write all of them anew unnoticed.',
}
const withheldWords = (count: number): Bilingual => ({
  zh: `${n(count)} 个应答无法安全脱敏而被扣留：使用者没有得到所需内容，可能需要补充策略或格式。`,
  en: `Withheld, as masking them safely was not possible: ${many(count, 'answer')}. Somebody did not get what they asked for; a policy or format may be missing.`,
})
const unfoundedWords = (count: number): Bilingual => ({
  zh: `${n(count)} 次明文查看没有说明依据。若该受众应有依据才能查看，请修改 audiences.yaml 的 clear_with。`,
  en: `Without a basis: ${many(count, 'reveal')}. Where these callers should need one, see clear_with in audiences.yaml.`,
})
const emergencyWords = (count: number): Bilingual => ({
  zh: `${n(count)} 次明文查看以紧急情况为由，需要事后逐一复核。`,
  en: `Called an emergency: ${many(count, 'reveal')}. Each needs to be reviewed.`,
})
const oddWords = (count: number, all: number): Bilingual => ({
  zh: `${n(all)} 次明文查看中有 ${n(count)} 次发生在工作日 7 时至 21 时以外。`,
  en: `${n(count)} of ${n(all)} reveals were outside Monday to Friday, 7:00 to 21:00.`,
})
const grownWords = (consumer: string, more: number, few: number): Bilingual => ({
  zh: `调用方 ${consumer} 的访问从 ${n(few)} 次增加到 ${n(more)} 次。`,
  en: `Requests of ${consumer} went from ${n(few)} to ${n(more)}.`,
})
const refusedWords = (consumer: string, refused: number, all: number): Bilingual => ({
  zh: `调用方 ${consumer} 的 ${n(all)} 次请求中有 ${n(refused)} 次被拒绝：可能是配置有误，也可能有人在试探。`,
  en: `${n(refused)} of ${n(all)} requests of ${consumer} were refused. Something is set up wrongly, or somebody may be trying.`,
})
const revealingWords = (operator: string, more: number, few: number): Bilingual => ({
  zh: `操作人 ${operator} 的明文查看从 ${n(few)} 次增加到 ${n(more)} 次。`,
  en: `Reveals by ${operator} went from ${n(few)} to ${n(more)}.`,
})
const failureWords = (count: number): Bilingual => ({
  zh: `${n(count)} 次请求缺少凭据或凭据无效：可能有人在试探，也可能有系统配置有误。`,
  en: `With no credentials or wrong ones: ${many(count, 'request')}. Somebody may be trying, or a system is set up wrongly.`,
})
