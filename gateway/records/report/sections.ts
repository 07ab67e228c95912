/** The parts of a report that are charts and tables of access. Each returns HTML; names in it are escaped. */
import type { Form } from '../../contracts.ts'
import { basisWords } from '../basis-words.ts'
import { outcomes } from '../kinds/exchange.ts'
import { textOf } from '../query/query.ts'
import { localTime } from '../query/when.ts'
import { bar, columns, heat, legend, parts, type Series } from './charts.ts'
import { escapeText } from './escape.ts'
import type { Facts, Figures } from './figures.ts'
import { weekdayOf } from './period.ts'
import { colors } from './style.ts'
import { exchangesOf, type Sum, type Totals } from './totals.ts'
import { formWords, outcomeWords, weekdays, words } from './words.ts'

/** Lines of a table. */
const mostLines = 12

export function section(title: string, content: string): string {
  return `<section><h2>${title}</h2>${content}</section>`
}

export function overTime({ period, now }: Facts, figures: Figures): string {
  const labels = columnLabels(period.columns)
  const number = (value: number): string => figures.number(value)
  const series: Series[] = outcomes.map(outcome => ({
    name: outcomeWords[outcome][figures.lang],
    color: colors.outcome[outcome],
    values: now.columns.map(column => column[outcome]),
  }))
  const title = figures.say(words.overTime)
  const chart = columns(series, labels, { height: 190, number, title })
  const reveals = [{ name: '', color: colors.form.clear, values: now.revealColumns }]
  const second = columns(reveals, labels, { height: 110, number, title: figures.say(words.revealsOverTime) })
  return (
    section(title, legend(series.filter(({ values }) => values.some(value => value > 0))) + chart) +
    section(figures.say(words.revealsOverTime), now.all.reveals === 0 ? nothing(figures.say(words.noReveals)) : second)
  )
}

/** Days by their number, the first of a month with it; few enough not to touch. */
function columnLabels(names: readonly string[]): string[] {
  if (names[0]!.length === 2) return names.map((hour, at) => (at % 2 === 0 ? String(Number(hour)) : ''))
  const often = names.length > 40 ? 7 : names.length > 10 ? 2 : 1
  return names.map((day, at) => {
    const [, month, date] = day.split('-').map(Number) as [number, number, number]
    if (names.length > 40) return weekdayOf(day) === 1 ? `${month}-${date}` : ''
    return at === 0 ? `${month}-${date}` : at % often === 0 ? String(date) : ''
  })
}

export function levels({ now }: Facts, figures: Figures): string {
  const order = (Object.keys(colors.form) as Form[]).toReversed()
  const seen = order.filter(form => now.levels.some(level => (level.get(form) ?? 0) > 0))
  const rows = now.levels.map((level, at) => {
    const all = [...level.values()].reduce((sum, value) => sum + value, 0)
    const name = figures.lang === 'zh' ? `${['四', '三', '二', '一'][at]}级` : `Level ${4 - at}`
    const values = order.map(form => ({ value: level.get(form) ?? 0, color: colors.form[form] }))
    const clear = `<br><span class="muted">${figures.say(formWords.clear)} ${figures.share(level.get('clear') ?? 0, all)}</span>`
    const figure = `${figures.number(all)} ${figures.say(words.valuesOf)}${all === 0 ? '' : clear}`
    return `<div><b>${name}</b></div><div>${parts(values, name)}</div><div class="n">${figure}</div>`
  })
  const key = legend(seen.map(form => ({ name: formWords[form][figures.lang], color: colors.form[form] })))
  return section(figures.say(words.levels), `${key}<div class="levels">${rows.join('')}</div>`)
}

export function types({ now, titleOf }: Facts, figures: Figures): string {
  const all = [...now.types].sort(([, one], [, other]) => other.values - one.values).slice(0, mostLines)
  const most = all[0]?.[1].values ?? 0
  const rows = all.map(
    ([key, { values, clear }]) =>
      `<tr><td>${typeName(key, figures, titleOf)}</td><td class="chart">${bar(values, most, colors.outcome.released)}</td><td class="n">${figures.number(values)}</td><td class="n">${clear === 0 ? '–' : figures.share(clear, values)}</td></tr>`,
  )
  const head = headOf(
    figures.say(words.type),
    '',
    right(figures.say(words.values)),
    right(figures.say(words.clearShare)),
  )
  return section(figures.say(words.types), `<table>${head}${rows.join('')}</table>`)
}

/** Its title, and `cn_mobile A3`. */
function typeName(key: string, figures: Figures, titleOf: Facts['titleOf']): string {
  const [type = '', cell = ''] = key.split('@')
  const title = titleOf?.(type) ?? null
  if (title === null) return `${escapeText(type)} <span class="muted">${escapeText(cell)}</span>`
  return `${figures.say(title)} <span class="muted">${escapeText(`${type} ${cell}`)}</span>`
}

export function systems({ now, before }: Facts, figures: Figures): string {
  const name = (key: string): string => (key === '' ? figures.say(words.unknownSystem) : escapeText(key))
  return section(
    figures.say(words.systems),
    sums(now.bySystem, before.bySystem, words.system[figures.lang], name, figures),
  )
}

export function consumers({ now, before }: Facts, figures: Figures): string {
  const name = (key: string): string => (key === '' ? figures.say(words.unknownConsumer) : escapeText(key))
  const head = words.consumer[figures.lang]
  return section(figures.say(words.consumers), sums(now.byConsumer, before.byConsumer, head, name, figures))
}

type Sums = ReadonlyMap<string, Sum>

function sums(now: Sums, before: Sums, head: string, name: (key: string) => string, figures: Figures): string {
  const all = [...now].sort(([, one], [, other]) => exchangesOf(other) - exchangesOf(one)).slice(0, mostLines)
  const most = all[0] === undefined ? 0 : exchangesOf(all[0][1])
  const rows = all.map(([key, sum]) => {
    const many = exchangesOf(sum)
    const then = before.get(key)
    const change = figures.change(many, then === undefined ? 0 : exchangesOf(then))
    const counts = [sum.people, sum.reveals, sum.exports, sum.refused + sum.withheld]
    return `<tr><td>${name(key)}</td><td class="chart">${bar(many, most, colors.outcome.released)}</td><td class="n">${figures.number(many)}</td><td class="n muted">${change}</td>${counts.map(count => `<td class="n">${count === 0 ? '–' : figures.number(count)}</td>`).join('')}</tr>`
  })
  const columnsOf = [words.exchanges, words.change, words.peopleTimes, words.reveals, words.exports]
  const both = `${outcomeWords.refused[figures.lang]}${figures.lang === 'zh' ? '、' : ', '}${outcomeWords.withheld[figures.lang]}`
  return `<table>${headOf(escapeText(head), '', ...columnsOf.map(one => right(figures.say(one))), right(escapeText(both)))}${rows.join('')}</table>`
}

/** By how many values they were shown: who reads lists sees more in one answer than others in a hundred. */
export function operators({ now, before }: Facts, figures: Figures): string {
  const all = [...now.byOperator].filter(([, { reveals }]) => reveals > 0)
  const first = all.sort(([, one], [, other]) => other.clear - one.clear).slice(0, 10)
  if (first.length === 0) return section(figures.say(words.operators), nothing(figures.say(words.noReveals)))
  const most = first[0]![1].clear
  const rows = first.map(([key, sum]) => {
    const [operator = '', consumer = ''] = key.split('\0')
    const change = figures.change(sum.clear, before.byOperator.get(key)?.clear ?? 0)
    return `<tr><td>${escapeText(operator)} <span class="muted">${escapeText(consumer)}</span></td><td class="chart">${bar(sum.clear, most, colors.form.clear)}</td><td class="n">${figures.number(sum.reveals)}</td><td class="n">${figures.number(sum.clear)}</td><td class="n muted">${change}</td></tr>`
  })
  const head = headOf(
    figures.say(words.operator),
    '',
    right(figures.say(words.reveals)),
    right(figures.say(words.clearValues)),
    right(figures.say(words.change)),
  )
  return section(figures.say(words.operators), `<table>${head}${rows.join('')}</table>`)
}

export function reasons({ now }: Facts, figures: Figures): string {
  const all = [...now.reasons].sort(([, one], [, other]) => other - one).slice(0, mostLines)
  if (all.length === 0) return section(figures.say(words.reasons), nothing(figures.say(words.noReveals)))
  const rows = all.map(([key, count]) => {
    const [purpose = '', basis = ''] = key.split('\0')
    const why = purpose === '' ? `<span class="muted">${figures.say(words.noPurpose)}</span>` : escapeText(purpose)
    const by =
      basis === '' ? figures.say(words.noBasis) : figures.say(basisWords.get(basis) ?? { zh: basis, en: basis })
    return `<tr><td>${why}</td><td${basis === '' ? ' class="more"' : ''}>${by}</td><td class="n">${figures.number(count)}</td></tr>`
  })
  const head = headOf(figures.say(words.purpose), figures.say(words.basis), right(figures.say(words.reveals)))
  return section(figures.say(words.reasons), `<table>${head}${rows.join('')}</table>`)
}

export function hours({ now }: Facts, figures: Figures): string {
  if (now.all.reveals === 0) return ''
  const names = weekdays.map(day => day[figures.lang])
  const title = figures.say(words.hours)
  const map = heat(
    now.week.map(day => day.map(({ reveals }) => reveals)),
    names,
    { color: colors.form.clear, title },
  )
  return section(title, `${map}<p class="note">${figures.say(words.hoursNote)}</p>`)
}

export function biggest({ now, period }: Facts, figures: Figures): string {
  if (now.exports.length === 0) return section(figures.say(words.biggest), nothing(figures.say(words.noExports)))
  const rows = now.exports.map(({ entry, rows: many, format }) => {
    const text = (key: string): string => escapeText(textOf(entry, key) ?? '–')
    const who = `${text('operator')} <span class="muted">${text('consumer')}</span>`
    const where = `${text('system')} <code>${text('route')}</code>`
    return `<tr><td class="n">${figures.number(many)}</td><td>${escapeText(format)}</td><td>${who}</td><td>${where}</td><td class="n">${localTime(entry.time, period.timezone).slice(0, 16)}</td><td class="n"><code>${escapeText(`${entry.log}:${entry.seq}`)}</code></td></tr>`
  })
  const names = [words.format, words.operator, words.system].map(one => figures.say(one))
  const head = headOf(
    right(figures.say(words.rows)),
    ...names,
    right(figures.say(words.time)),
    right(figures.say(words.record)),
  )
  return section(figures.say(words.biggest), `<table>${head}${rows.join('')}</table>`)
}

export function headOf(...cells: string[]): string {
  return `<tr>${cells.map(cell => (cell.startsWith('<th') ? cell : `<th scope="col">${cell}</th>`)).join('')}</tr>`
}

export function right(cell: string): string {
  return `<th scope="col" class="n">${cell}</th>`
}

export function nothing(text: string): string {
  return `<p class="muted">${text}</p>`
}

export function sensitive({ levels: all }: Totals): { values: number; clear: number } {
  const first = all.slice(0, 2)
  const values = first.reduce((sum, level) => sum + [...level.values()].reduce((one, other) => one + other, 0), 0)
  return { values, clear: first.reduce((sum, level) => sum + (level.get('clear') ?? 0), 0) }
}
