/** Patterns that people write into gateway.yaml, and that callers' texts are held against. Pure. */

/** An escape, a class, the beginning of a group, or any other character. */
const tokens = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<[^>]*>))?|[\s\S]/y
const varied = /[*+?]|\{\d+,\d*\}/y
const repeated = /[*+]|\{\d+(?:,\d*)?\}/y
const quantifier = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y

/**
 * Whether a valid pattern repeats a group that has choices or repetitions of its own, or refers back to one: such a one can
 * be read in so many ways that a text of 64 characters takes hours. Some that would be quick are among them.
 */
export function mayBeSlow(pattern: string): boolean {
  const lengthAt = (what: RegExp, at: number): number => {
    what.lastIndex = at
    return what.exec(pattern)?.[0].length ?? 0
  }
  /** Of each group that is open, whether there are several ways to read it; the first is the whole. */
  const ways = [false]
  for (let at = 0; at < pattern.length; ) {
    const token = pattern.slice(at, at + lengthAt(tokens, at))
    at += token.length
    if (/^\\[1-9k]/.test(token)) return true
    if (token.startsWith('(')) ways.push(false)
    else {
      const isVaried = (token === ')' && ways.pop()!) || token === '|'
      if (isVaried && token === ')' && lengthAt(repeated, at) > 0) return true
      ways[ways.length - 1] ||= isVaried || lengthAt(varied, at) > 0
      at += lengthAt(quantifier, at)
    }
  }
  return false
}
