import type { Span } from '../../gateway/contracts.ts'

/** Words of ASCII capitals and digits of a length within bounds, where no letter or digit stands beside them. */
export function capitalRuns(text: string, least: number, most: number): Span[] {
  const runs: Span[] = []
  for (let at = 0; at < text.length; ) {
    if (!isAlphanumeric(text.charCodeAt(at))) {
      at++
      continue
    }
    const start = at
    let capitals = true
    for (; at < text.length && isAlphanumeric(text.charCodeAt(at)); at++) {
      if (text.charCodeAt(at) > 0x5a) capitals = false
    }
    if (capitals && at - start >= least && at - start <= most) runs.push({ start, end: at })
  }
  return runs
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
}
