/** The parts of a report about refusals, changes and the records themselves. Each returns HTML; names in it are escaped. */
import type { Bilingual } from '../../contracts.ts'
import { problems } from '../../errors.ts'
import { localTime } from '../query/when.ts'
import { tellWhat } from '../tell/tell.ts'
import { bar } from './charts.ts'
import { escapeText } from './escape.ts'
import type { Facts, Figures } from './figures.ts'
import { headOf, nothing, right, section } from './sections.ts'
import { colors } from './style.ts'
import { words } from './words.ts'

export function codes({ now, before }: Facts, figures: Figures): string {
  const all = [...now.codes].sort(([, one], [, other]) => other - one).slice(0, 12)
  if (all.length === 0) return section(figures.say(words.codes), nothing(figures.say(words.noCodes)))
  const most = all[0]![1]
  const rows = all.map(([code, count]) => {
    const known = Object.hasOwn(problems, code) ? problems[code as keyof typeof problems].title : null
    const title = known === null ? '' : `${figures.say(known)}<br>`
    return `<tr><td>${title}<code>${escapeText(code)}</code></td><td class="chart">${bar(count, most, colors.outcome.refused)}</td><td class="n">${figures.number(count)}</td><td class="n muted">${figures.change(count, before.codes.get(code) ?? 0)}</td></tr>`
  })
  const head = headOf(figures.say(words.reason), '', right(figures.say(words.times_)), right(figures.say(words.change)))
  return section(figures.say(words.codes), `<table>${head}${rows.join('')}</table>`)
}

export function alerts({ now, before }: Facts, figures: Figures): string {
  const all = [...now.upkeep.alerts].sort(([, one], [, other]) => other - one)
  if (all.length === 0) return section(figures.say(words.alerts), nothing(figures.say(words.noAlerts)))
  const most = all[0]![1]
  const rows = all.map(([rule, count]) => {
    const change = figures.change(count, before.upkeep.alerts.get(rule) ?? 0)
    return `<tr><td>${escapeText(rule)}</td><td class="chart">${bar(count, most, colors.warm)}</td><td class="n">${figures.number(count)}</td><td class="n muted">${change}</td></tr>`
  })
  const head = headOf(figures.say(words.rule), '', right(figures.say(words.times_)), right(figures.say(words.change)))
  return section(figures.say(words.alerts), `<table>${head}${rows.join('')}</table>`)
}

export function changes({ now, period }: Facts, figures: Figures): string {
  const { changed, changes: all } = now.upkeep
  if (all === 0) return section(figures.say(words.changes), nothing(figures.say(words.noChanges)))
  const rows = changed.toReversed().map(entry => {
    const told = figures.say(tellWhat(entry, period.timezone))
    return `<tr><td class="time">${localTime(entry.time, period.timezone).slice(0, 16)}</td><td>${told}</td><td class="n"><code>${escapeText(`${entry.log}:${entry.seq}`)}</code></td></tr>`
  })
  const more = all - changed.length
  const note = more > 0 ? `<p class="note">${figures.say(moreChanges(more))}</p>` : ''
  const head = headOf(figures.say(words.time), figures.say(words.what), right(figures.say(words.record)))
  return section(figures.say(words.changes), `<table>${head}${rows.join('')}</table>${note}`)
}

const moreChanges = (count: number): Bilingual => ({
  zh: `另有更早的 ${count} 项变更。`,
  en: `${count} earlier ones are not listed.`,
})

export function integrity({ now, verified, period }: Facts, figures: Figures): string {
  const { gaps, starts, seals, heartbeats, lastHeartbeat } = now.upkeep
  const checked =
    verified === null
      ? integrityWords.unchecked
      : verified.wrong > 0
        ? integrityWords.wrong(verified.wrong)
        : wholeWords[verified.provedBy]
  const beats = [...lastHeartbeat.values()]
  const witnessed = beats.filter(entry => typeof entry['witnessed'] === 'number')
  const last = beats
    .map(({ time }) => time)
    .sort()
    .at(-1)
  const lines: [Bilingual, Bilingual][] = [
    [integrityWords.verified, checked],
    [
      integrityWords.witness,
      witnessed.length === 0 ? integrityWords.none : integrityWords.witnessed(witnessed.length, beats.length),
    ],
    [
      integrityWords.gaps,
      gaps.count === 0 ? integrityWords.noGaps : integrityWords.gap(gaps.count, gaps.seconds, gaps.dropped),
    ],
    [integrityWords.starts, same(figures.number(starts))],
    [
      integrityWords.beats,
      same(last === undefined ? '–' : `${figures.number(heartbeats)} (${localTime(last, period.timezone)})`),
    ],
    [integrityWords.seals, same(figures.number(seals))],
  ]
  const list = lines.map(([name, said]) => `<dt>${figures.say(name)}</dt><dd>${figures.say(said)}</dd>`).join('')
  return section(figures.say(words.integrity), `<dl>${list}</dl>`)
}

export function readings({ now }: Facts, figures: Figures): string {
  const all = [...now.upkeep.readings].sort(([, one], [, other]) => other - one).slice(0, 10)
  const name = (key: string): string => (key === '' ? figures.say(words.someone) : escapeText(key))
  const rows = all.map(([key, count]) => `<tr><td>${name(key)}</td><td class="n">${figures.number(count)}</td></tr>`)
  const list = rows.length === 0 ? nothing(figures.say(words.noReadings)) : `<table>${rows.join('')}</table>`
  return section(figures.say(words.readings), list)
}

export function grants({ now }: Facts, figures: Figures): string {
  const { grants: all } = now.upkeep
  if (all.size === 0) return ''
  const list = [...all].map(
    ([action, count]) =>
      `<dt>${figures.say(grantWords.get(action) ?? same(action))}</dt><dd>${figures.number(count)}</dd>`,
  )
  return section(figures.say(words.grants), `<dl>${list.join('')}</dl>`)
}

export function reviews({ now, period }: Facts, figures: Figures): string {
  const { reviews: all, openReviews } = now.upkeep
  if (all.size === 0) return ''
  const item = (name: string, value: string) => `<dt>${name}</dt><dd>${value}</dd>`
  const list = [...all].map(([action, times]) =>
    item(figures.say(reviewWords.get(action) ?? same(action)), figures.number(times)),
  )
  list.push(item(figures.say(words.openReviews), figures.number(openReviews.size)))
  const [oldest] = [...openReviews.values()].sort()
  if (oldest !== undefined)
    list.push(item(figures.say(words.oldestReview), localTime(oldest, period.timezone).slice(0, 16)))
  return section(figures.say(words.reviews), `<dl>${list.join('')}</dl>`)
}

const reviewWords: ReadonlyMap<string, Bilingual> = new Map([
  ['held', { zh: '开始等待', en: 'began to wait' }],
  ['read', { zh: '被读取', en: 'read' }],
  ['passed', { zh: '初审', en: 'passed' }],
  ['checked', { zh: '复核', en: 'checked' }],
  ['released', { zh: '签发', en: 'released' }],
  ['refused', { zh: '未通过', en: 'refused' }],
  ['fetched', { zh: '领取', en: 'fetched' }],
  ['expired', { zh: '过期', en: 'expired' }],
  ['overtaken', { zh: '因策略收紧清除', en: 'erased under a stricter policy' }],
  ['voided', { zh: '作废', en: 'voided' }],
])

const same = (text: string): Bilingual => ({ zh: text, en: text })

const grantWords: ReadonlyMap<string, Bilingual> = new Map([
  ['asked', { zh: '申请', en: 'asked for' }],
  ['approved', { zh: '批准', en: 'approved' }],
  ['refused', { zh: '驳回', en: 'refused' }],
  ['revoked', { zh: '撤销', en: 'revoked' }],
  ['reviewed', { zh: '复核', en: 'reviewed' }],
  ['used', { zh: '使用', en: 'used' }],
  ['expired', { zh: '过期', en: 'expired' }],
  ['turned_away', { zh: '批准无效', en: 'approvals that do not count' }],
  ['compared', { zh: '查问所指', en: 'targets asked about' }],
  ['voided', { zh: '作废', en: 'voided' }],
])

const wholeWords = {
  self: {
    zh: '完整；由日志自身证明（未给出外部密钥或见证方）',
    en: 'whole, by its own word: no key or witness was given',
  },
  key: { zh: '完整；由所给密钥证明', en: 'whole, and signed by the key that was given' },
  witness: { zh: '完整；与见证方所见一致', en: 'whole, and what the witness has seen' },
}

const integrityWords = {
  verified: { zh: '核验', en: 'Verified' },
  unchecked: { zh: '生成本报告时未核验', en: 'not for this report' },
  wrong: (count: number): Bilingual => ({ zh: `发现 ${count} 处问题`, en: `${count} problems found` }),
  witness: { zh: '外部见证', en: 'Witnesses' },
  none: { zh: '无', en: 'none' },
  witnessed: (count: number, all: number): Bilingual => ({
    zh: `${all} 份日志中有 ${count} 份的检查点由外部保存`,
    en: `checkpoints of ${count} of ${all} logs are kept elsewhere`,
  }),
  gaps: { zh: '中断', en: 'Outages' },
  noGaps: { zh: '无', en: 'none' },
  gap: (count: number, seconds: number, dropped: number): Bilingual => ({
    zh: `${count} 次，约 ${seconds} 秒，${dropped} 条记录未写入`,
    en: `${count}, about ${seconds} s; ${dropped} records not written`,
  }),
  starts: { zh: '启动次数', en: 'Starts' },
  beats: { zh: '心跳记录（最近一次）', en: 'Heartbeats (the last)' },
  seals: { zh: '封存的记录文件', en: 'Files sealed' },
}
