/** What a value says besides itself: texts that are encoded in it, and what it becomes where it was escaped more often than it had to be. */
import { encodedParts } from '../../masking/encoded.ts'
import { maxNesting } from '../../masking/nested-text.ts'

/**
 * The texts that stand in a text in base64, hexadecimal and their like, one in the other; null: too much, or too deep, to be read. What was a
 * plus may have come as a blank. Nothing is unpacked: a megabyte of questions could be gigabytes then.
 */
export function encodedIn(text: string, depth = 0): readonly string[] | null {
  const blank = depth === 0 && text.includes(' ')
  const inside = (blank ? [text, text.replaceAll(' ', '+')] : [text]).flatMap(one =>
    encodedParts(one, null).map(part => part.text),
  )
  const found: string[] = []
  for (const one of new Set(inside)) {
    const deeper = one === null || depth === maxNesting ? null : encodedIn(one, depth + 1)
    if (deeper === null) return null
    found.push(one!, ...deeper)
  }
  return found
}

/** The readings of a text that was encoded once or twice more than it had to be, also by `escape`. A percent sign may stand for itself. */
export function decodings(text: string): string[] {
  const readings: string[] = []
  let last = text
  for (let depth = 0; depth < 3 && anEscape.test(last); depth++) {
    last = last.replace(escapes, decoded)
    if (last === readings.at(-1)) break
    readings.push(last)
  }
  return readings
}

const anEscape = /%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i
const escapes = /%u([0-9a-f]{4})|(?:%[0-9a-f]{2})+/gi

function decoded(escaped: string, unit: string | undefined): string {
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16))
  try {
    return decodeURIComponent(escaped)
  } catch {
    return escaped
  }
}
