/** A report as one HTML page with everything in it: it can be mailed, archived and printed. */
import type { Bilingual } from '../../contracts.ts'
import { localTime } from '../query/when.ts'
import { type Attention, attentionOf } from './attention.ts'
import { escapeText } from './escape.ts'
import { type Facts, Figures } from './figures.ts'
import { isRunning, type Period, type Stretch } from './period.ts'
import * as access from './sections.ts'
import { style } from './style.ts'
import * as upkeep from './upkeep-sections.ts'
import { noteLines, periodWords, words } from './words.ts'

/** The whole page. Nothing in it is loaded from elsewhere, and nothing in it runs. */
export function reportPage(facts: Facts): string {
  const figures = new Figures(facts.lang, !facts.before.isEmpty)
  const { period } = facts
  const title = `${words.title[facts.lang]} · ${nameOf(period)[facts.lang]}`
  return `<!doctype html>
<html lang="${facts.lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeText(title)}</title><style>${style}</style></head><body>
${head(facts, figures)}
<main>
${leadOf(facts, figures)}
${tiles(facts, figures)}
${attention(attentionOf(facts.now, facts.before, facts.verified, endOf(facts)), figures)}
${facts.now.exchanges === 0 ? '' : accessOf(facts, figures)}
${upkeep.codes(facts, figures)}
${upkeep.alerts(facts, figures)}
${upkeep.changes(facts, figures)}
${both(upkeep.integrity(facts, figures), upkeep.readings(facts, figures) + upkeep.grants(facts, figures) + upkeep.reviews(facts, figures))}
</main>
<footer><b>${figures.say(words.notes)}</b><ul>${noteLines.map(line => `<li>${figures.say(line)}</li>`).join('')}</ul></footer>
</body></html>
`
}

function accessOf(facts: Facts, figures: Figures): string {
  return [
    access.overTime(facts, figures),
    access.systems(facts, figures),
    access.consumers(facts, figures),
    access.levels(facts, figures),
    access.types(facts, figures),
    both(access.operators(facts, figures), access.reasons(facts, figures)),
    access.hours(facts, figures),
    access.biggest(facts, figures),
  ].join('\n')
}

/** Of the period; when the report is made, where that is not over. */
function endOf({ period, made }: Facts): number {
  return Math.min(Date.parse(period.until), made.getTime())
}

function both(one: string, other: string): string {
  return `<div class="two">${one}${other}</div>`
}

function daysOf({ first, last }: Stretch): string {
  return first === last ? first : `${first} – ${last}`
}

function head({ period, before, made, lang }: Facts, figures: Figures): string {
  const said = periodWords[period.name]
  const earlier = `${said.before[lang]}${lang === 'zh' ? '（' : ' ('}${daysOf(period.before)}${lang === 'zh' ? '）' : ')'}`
  const compared = lang === 'zh' ? `与${earlier}相比` : `compared with ${earlier}`
  const when = `${figures.say(words.made)} ${localTime(made.toISOString(), period.timezone).slice(0, 16)}`
  const zone = `${figures.say(words.times)} ${escapeText(period.timezone)}`
  const running = isRunning(period, made) ? ` · <b>${figures.say(words.running)}</b>` : ''
  const stop = lang === 'zh' ? '，' : '; '
  const days = period.first === period.last ? '' : `${daysOf(period)} · `
  return `<header><h1><small>${figures.say(words.title)} · ${figures.say(said.name)}</small> ${figures.say(nameOf(period))}</h1>
<p>${days}${before.isEmpty ? figures.say(words.noBefore) : escapeText(compared)} · ${when}${stop}${zone}${running}</p></header>`
}

function leadOf({ now, before }: Facts, figures: Figures): string {
  if (now.exchanges === 0) return ''
  return `<p class="lead">${figures.say(lead(now.exchanges, before.exchanges, now, figures))}</p>`
}

/** What people call it: a month and a quarter have a name. */
function nameOf({ name, first, last }: Period): Bilingual {
  const [year = '', month = ''] = first.split('-')
  if (name === 'month') {
    const english = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(
      new Date(`${first}T00:00Z`),
    )
    return { zh: `${year} 年 ${Number(month)} 月`, en: `${english} ${year}` }
  }
  const quarter = Math.ceil(Number(month) / 3)
  if (name === 'quarter') return { zh: `${year} 年第 ${quarter} 季度`, en: `Q${quarter} ${year}` }
  return name === 'day' ? { zh: first, en: first } : { zh: `${first} 至 ${last}`, en: `${first} to ${last}` }
}

/** The whole of it in a sentence or two. */
function lead(many: number, few: number, now: Facts['now'], figures: Figures): Bilingual {
  const { all } = now
  const hidden = access.sensitive(now)
  const [n, released] = [figures.number(many), figures.share(all.released, many)]
  const change = few === 0 || many === few ? null : figures.change(many, few).replace(/^[▲▼] /, '')
  const zhChange = change === null ? '' : `，比上期${many > few ? '多' : '少'} ${change}`
  const enChange = change === null ? '' : `, ${change} ${many > few ? 'more' : 'fewer'} than before`
  const share = figures.share(hidden.values - hidden.clear, hidden.values)
  const zhHidden =
    hidden.values === 0 ? '' : `应答中 ${figures.number(hidden.values)} 个四级、三级个人信息有 ${share} 被遮盖；`
  const enHidden =
    hidden.values === 0
      ? ''
      : `Of ${figures.number(hidden.values)} values of levels 4 and 3 in answers, ${share} were hidden. `
  return {
    zh: `本期共 ${n} 次访问${zhChange}，${released} 经脱敏后放行，涉及 ${figures.number(now.people)} 人。${zhHidden}${figures.number(all.reveals)} 个应答给出了其明文，${figures.number(all.exports)} 次导出。`,
    en: `${n} requests${enChange}; ${released} were masked and released, with ${figures.number(now.people)} people in them. ${enHidden}Answers that showed some of these in clear: ${figures.number(all.reveals)}; exports: ${figures.number(all.exports)}.`,
  }
}

function tiles({ now, before }: Facts, figures: Figures): string {
  const [shown, shownBefore] = [access.sensitive(now), access.sensitive(before)]
  const share = (part: { values: number; clear: number }): string =>
    figures.share(part.values - part.clear, part.values)
  const { all } = now
  const tile = (name: Bilingual, value: string, change: string, note: Bilingual | null): string =>
    `<div class="tile"><span>${figures.say(name)}</span><b>${value}</b>${change}${note === null ? '' : `<em>${figures.say(note)}</em>`}</div>`
  /** `isWatched`: more of it is worth a look. */
  const counted = (
    name: Bilingual,
    value: number,
    then: number,
    note: Bilingual | null,
    isWatched: boolean,
  ): string => {
    const grows = isWatched && value > then
    return tile(
      name,
      figures.number(value),
      `<em class="delta${grows ? ' more' : ''}">${figures.change(value, then)}</em>`,
      note,
    )
  }
  const outage = tile(
    words.outage,
    `${figures.number(now.upkeep.gaps.seconds)} ${figures.say(words.seconds)}`,
    `<em class="delta">${figures.change(now.upkeep.gaps.seconds, before.upkeep.gaps.seconds)}</em>`,
    words.outageNote,
  )
  return `<div class="tiles">${[
    counted(words.exchanges, now.exchanges, before.exchanges, null, false),
    counted(words.people, now.people, before.people, null, false),
    tile(
      words.hidden,
      share(shown),
      `<em class="delta">${shownBefore.values === 0 ? '–' : `${figures.say(words.earlier)} ${share(shownBefore)}`}</em>`,
      words.hiddenNote,
    ),
    counted(words.reveals, all.reveals, before.all.reveals, words.revealsNote, true),
    counted(words.exports, all.exports, before.all.exports, words.exportsNote, true),
    counted(words.refused, all.refused, before.all.refused, words.refusedNote, true),
    counted(words.withheld, all.withheld, before.all.withheld, words.withheldNote, true),
    outage,
  ].join('')}</div>`
}

function attention(found: readonly Attention[], figures: Figures): string {
  const grave = [...found].sort((one, other) => Number(other.isGrave) - Number(one.isGrave))
  const lines = grave.map(
    ({ isGrave, words: said, ask }) =>
      `<li${isGrave ? ' class="grave"' : ''}>${figures.say(said)}${ask === null ? '' : `<code>${escapeText(ask)}</code>`}</li>`,
  )
  const list = lines.length === 0 ? `<li class="none">${figures.say(words.nothing)}</li>` : lines.join('')
  return access.section(figures.say(words.attention), `<ul class="attention">${list}</ul>`)
}
