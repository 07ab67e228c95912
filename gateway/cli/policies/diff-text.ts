import type { Wider } from './wider.ts'

/** One line for each, in a fixed order, the same in every language: it is what people sign. */
export function widerLines(wider: readonly Wider[]): string[] {
  return wider
    .map(({ audience, with: presented, system, route, field, subject, from, to }) => {
      const place = [system, route, field].filter(one => one !== null).join(' ')
      const who = `${audience ?? '*'}${presented.length > 0 ? ` + ${[...presented].sort().join(' + ')}` : ''}`
      return `${who}: ${place === '' ? '' : `${place}: `}${subject}: ${from} -> ${to}`
    })
    .sort()
}

/** What records hold of it: who sees more of which type, in which form; without repetition, and without the places. */
export function widerWords(wider: readonly Wider[]): string[] {
  const word = (text: string) => text.replace(/[^\p{L}\p{N}._@+/-]+/gu, '-').slice(0, 30)
  const words = wider.map(
    ({ audience, system, subject, from, to }) =>
      `${word(audience ?? 'everyone')}:${word(system ?? 'all')}:${word(subject)}:${word(from)}:${word(to)}`,
  )
  return [...new Set(words)].sort().slice(0, 64)
}
