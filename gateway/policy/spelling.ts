import type { Bilingual } from '../contracts.ts'

/** The word of `known` that `written` was most likely meant to be, or null where none is near enough. */
export function nearest(written: string, known: Iterable<string>): string | null {
  const plain = written.slice(0, 64).toLowerCase()
  // A third of the word may be wrong; of a very short one nothing can be told.
  const allowed = Math.min(Math.max(1, Math.floor(plain.length / 3)), plain.length - 2)
  let best: string | null = null
  let least = allowed + 1
  for (const word of known) {
    if (Math.abs(word.length - plain.length) > allowed) continue
    const distance = editDistance(plain, word.toLowerCase())
    if (distance < least) {
      least = distance
      best = word
    }
  }
  return best
}

/** `did you mean 'x'?`, or all that is allowed where it fits on a line, or null. */
export function suggestion(written: string, known: Iterable<string>): Bilingual | null {
  const all = [...known]
  const meant = nearest(written, all)
  if (meant !== null) return { zh: `您是否想写“${meant}”？`, en: `did you mean '${meant}'?` }
  if (all.length === 0 || all.length > 24) return null
  return { zh: `可以写：${all.join('、')}`, en: `allowed: ${all.join(', ')}` }
}

/** Optimal string alignment distance: insertions, deletions, changes, and two neighbours swapped. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1)
      row.push(cost)
    }
    before = above
    above = row
  }
  return above[b.length]!
}
