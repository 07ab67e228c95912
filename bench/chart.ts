/** Bars in an SVG, without a library: what the pages of results show first. */

export type Chart = {
  readonly title: string
  readonly unit: string
  /** Each group has a bar for each series that has a value. */
  readonly groups: readonly { readonly label: string; readonly values: readonly (number | null)[] }[]
  readonly series: readonly string[]
}

const left = 150
const right = 90
const bar = 16
const width = 820
const colours = ['#9aa5b1', '#c3a469', '#8f8f4f', '#b07d9c', '#5b8db8', '#7a6fb0', '#6d8a8a', '#2f6f4f', '#d1603d']

export function drawChart({ title, unit, groups, series }: Chart): string {
  const most = Math.max(...groups.flatMap(({ values }) => values.map(value => value ?? 0)))
  const parts: string[] = []
  let y = 44
  for (const { label, values } of groups) {
    const rows = values.filter(value => value !== null).length
    parts.push(text(left - 10, y + (rows * bar) / 2 + 4, label, 'end', 'bold'))
    for (const [at, value] of values.entries()) {
      if (value === null) continue
      const length = Math.max(1, ((width - left - right) * value) / most)
      parts.push(
        `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${bar - 3}" fill="${colours[at % colours.length]}"/>`,
      )
      parts.push(text(left + length + 5, y + bar - 6, `${Math.round(value)}`))
      y += bar
    }
    y += 14
  }
  let x = left
  for (const [at, name] of series.entries()) {
    const needed = 36 + name.length * 6.6
    if (x > left && x + needed > width) {
      x = left
      y += 18
    }
    parts.push(`<rect x="${x}" y="${y}" width="11" height="11" fill="${colours[at % colours.length]}"/>`)
    parts.push(text(x + 16, y + 10, name))
    x += needed
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 26}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${text(14, 24, `${title} (${unit})`, 'start', 'bold')}
${parts.join('\n')}
</svg>
`
}

function text(x: number, y: number, content: string, anchor = 'start', weight = 'normal'): string {
  const escaped = content.replace(/[&<>"]/g, one => `&#${one.charCodeAt(0)};`)
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-weight="${weight}" fill="#222">${escaped}</text>`
}
