/** Charts as SVG, drawn for paper as much as for a screen: no script, and nothing that only a pointer would find. */
import { escapeText } from './escape.ts'

/** Room for the numbers beside a chart: the same for all, so that their columns stand one under the other. */
const left = 44
/** Of charts, in units of about a pixel: as wide as the page. */
const width = 720

export type Series = { readonly name: string; readonly color: string; readonly values: readonly number[] }

/** Columns, one series on top of the other. `labels`: below a column; empty where it has none. */
export function columns(
  series: readonly Series[],
  labels: readonly string[],
  { height, number, title }: { height: number; number: (value: number) => string; title: string },
): string {
  const sums = labels.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
  const steps = stepsTo(Math.max(1, ...sums))
  const top = steps.at(-1)!
  const bottom = 20
  const [plotWidth, plotHeight] = [width - left, height - bottom - 8]
  const y = (value: number): number => 8 + plotHeight * (1 - value / top)
  const pitch = plotWidth / labels.length
  const lines = steps.map(step => {
    const at = round(y(step))
    return `<line x1="${left}" x2="${width}" y1="${at}" y2="${at}" class="${step === 0 ? 'axis' : 'grid'}"/><text x="${left - 6}" y="${at + 3.5}" text-anchor="end">${number(step)}</text>`
  })
  const bars = labels.map((_, at) => {
    let from = 0
    return series
      .map(({ values, color }) => {
        const value = values[at] ?? 0
        if (value === 0) return ''
        const [low, high] = [y(from), y(from + value)]
        from += value
        const gap = Math.min(6, pitch * 0.22)
        return `<rect x="${round(left + at * pitch + gap / 2)}" y="${round(high)}" width="${round(pitch - gap)}" height="${round(Math.max(0.6, low - high))}" fill="${color}"/>`
      })
      .join('')
  })
  const names = labels.map((label, at) =>
    label === ''
      ? ''
      : `<text x="${round(left + (at + 0.5) * pitch)}" y="${height - 4}" text-anchor="middle">${escapeText(label)}</text>`,
  )
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(title)}">${lines.join('')}${bars.join('')}${names.join('')}</svg>`
}

/** What the colours of a chart stand for. */
export function legend(series: readonly Pick<Series, 'name' | 'color'>[]): string {
  return `<ul class="legend">${series.map(({ name, color }) => `<li><i style="background:${color}"></i>${escapeText(name)}</li>`).join('')}</ul>`
}

/** One bar of parts that make a whole. */
export function parts(values: readonly { readonly value: number; readonly color: string }[], title: string): string {
  const sum = values.reduce((all, { value }) => all + value, 0)
  let from = 0
  const rects = values.map(({ value, color }) => {
    if (value === 0 || sum === 0) return ''
    const part = (100 * value) / sum
    const rect = `<rect x="${round(from)}" width="${round(Math.max(0.4, part - 0.25))}" height="10" fill="${color}"/>`
    from += part
    return rect
  })
  return `<svg class="parts" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${escapeText(title)}">${rects.join('')}</svg>`
}

/** A bar in a table's cell, as long as the value is of the most. */
export function bar(value: number, most: number, color: string): string {
  const long = most === 0 ? 0 : (100 * value) / most
  return `<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${round(long)}" height="10" fill="${color}"/></svg>`
}

/** Weekdays down, hours across; the frame is the time in which people are usually at work. */
export function heat(
  rows: readonly (readonly number[])[],
  names: readonly string[],
  { color, title }: { color: string; title: string },
): string {
  const most = Math.max(1, ...rows.flat())
  const [side, tall] = [(width - left) / 24, 20]
  const cells = rows.flatMap((row, day) =>
    row.map((value, hour) => {
      // half of the most is not half as dark: small counts are to be seen as well
      const shade = value === 0 ? 0 : 0.12 + 0.88 * Math.sqrt(value / most)
      return `<rect x="${round(left + hour * side + 1)}" y="${day * tall + 1}" width="${round(side - 2)}" height="${tall - 2}" rx="2" fill="${value === 0 ? '#eef1f4' : color}"${value === 0 ? '' : ` fill-opacity="${round(shade)}"`}/>`
    }),
  )
  const days = names.map((name, day) => `<text x="0" y="${day * tall + 14}">${escapeText(name)}</text>`)
  const hours = Array.from({ length: 24 }, (_, hour) =>
    hour % 3 === 0
      ? `<text x="${round(left + hour * side + side / 2)}" y="${7 * tall + 14}" text-anchor="middle">${hour}</text>`
      : '',
  )
  const frame = `<rect x="${round(left + 7 * side)}" y="0" width="${round(14 * side)}" height="${5 * tall}" class="frame"/>`
  return `<svg viewBox="0 0 ${width} ${7 * tall + 20}" role="img" aria-label="${escapeText(title)}">${cells.join('')}${frame}${days.join('')}${hours.join('')}</svg>`
}

/** 0 and a few round numbers up to one that is no less than the most. */
function stepsTo(most: number): number[] {
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, ([1, 2, 2.5, 5, 10].find(factor => factor * power >= rough) ?? 10) * power)
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, at) => at * step)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
