/**
 * Names of form fields as PHP, Rails, Spring and others nest them: `rows[0][tel]`, `guardian.tel`; and as ASP.NET and JSF put those
 * of controls together: `ctl00$main$tel`, `form:tel`.
 */

/** One step of a name: the name itself, or a number or nothing in brackets for the element of a list. */
export type KeyStep = { readonly name: string } | { readonly index: number | null }

const maxIndex = 1_000_000

/** The steps of a decoded name, and the pieces of it that are not names, so that it can be put together again. */
export function keySteps(key: string): { steps: readonly KeyStep[]; texts: string[] } {
  const texts: string[] = []
  const steps: KeyStep[] = []
  for (let at = 0; at < key.length; ) {
    const part = key.slice(at, endOf(key, at, false))
    const inBrackets = key[at - 1] === '['
    at += part.length
    const signs = key.slice(at, endOf(key, at, true))
    at += signs.length
    texts.push(part, signs)
    if (part !== '') steps.push(stepOf(part, inBrackets))
    for (let empty = signs.indexOf('[]'); empty >= 0; empty = signs.indexOf('[]', empty + 2))
      steps.push({ index: null })
  }
  return { steps, texts }
}

/** Where what begins there ends: signs that part names, or anything else. */
function endOf(key: string, from: number, areSigns: boolean): number {
  let at = from
  while (at < key.length && '[].$:'.includes(key[at]!) === areSigns) at++
  return at
}

function stepOf(part: string, inBrackets: boolean): KeyStep {
  const index = inBrackets && /^\d{1,7}$/.test(part) ? Number(part) : -1
  return index >= 0 && index <= maxIndex ? { index } : { name: part }
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
