/**
 * Names of form fields as PHP, Rails, Spring and others nest them: `rows[0][tel]`, `guardian.tel`; and as ASP.NET and JSF put those
 * of controls together: `ctl00$main$tel`, `form:tel`.
 */

/** One step of a name: the name itself, or a number or nothing in brackets for the element of a list. */
export type KeyStep = { readonly name: string } | { readonly index: number | null }

const maxIndex = 1_000_000
const [opening, closing] = [0x5b, 0x5d]

/** The steps of a decoded name. */
export function keySteps(key: string): readonly KeyStep[] {
  const steps: KeyStep[] = []
  for (let at = 0; at < key.length; ) {
    const from = at
    while (at < key.length && !parts(key.charCodeAt(at))) at++
    if (at > from) steps.push(stepOf(key.slice(from, at), key.charCodeAt(from - 1) === opening))
    for (; at < key.length && parts(key.charCodeAt(at)); at++) {
      if (key.charCodeAt(at) !== opening || key.charCodeAt(at + 1) !== closing) continue
      steps.push({ index: null })
      at++
    }
  }
  return steps
}

/** What steps are made of and what stands between them, so that a name can be put together again. */
export function keyTexts(key: string): string[] {
  return key.match(/[[\].$:]+|[^[\].$:]+/g) ?? []
}

/** Signs that part names. */
function parts(code: number): boolean {
  return code === opening || code === closing || code === 0x2e || code === 0x24 || code === 0x3a
}

function stepOf(part: string, inBrackets: boolean): KeyStep {
  const index = inBrackets ? indexOf(part) : -1
  return index >= 0 ? { index } : { name: part }
}

/** -1: it is none. */
function indexOf(part: string): number {
  if (part.length > 7) return -1
  let index = 0
  for (let at = 0; at < part.length; at++) {
    const digit = part.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return -1
    index = index * 10 + digit
  }
  return index <= maxIndex ? index : -1
}

/** A name or value without percent-encoding, as UTF-8; null where it is not well-formed. */
export function decodeForm(written: string): string | null {
  const spaced = written.includes('+') ? written.replaceAll('+', ' ') : written
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return null
  }
}

/** What stands for itself. */
const plain = /^[0-9A-Za-z*._-]*$/

/** As forms write it (WHATWG URL, 5.2). */
export function encodeForm(text: string): string {
  if (plain.test(text)) return text
  return new URLSearchParams([['', text]]).toString().slice(1)
}
