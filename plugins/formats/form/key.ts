/** Names of form fields as PHP, Rails, Spring and others nest them: `rows[0][tel]`, `guardian.tel`. */

/** One step of a name: the name itself, or a number or nothing in brackets for the element of a list. */
export type KeyStep = { readonly name: string } | { readonly index: number | null }

const maxIndex = 1_000_000

/** The steps of a decoded name, and the pieces of it that are not names, so that it can be put together again. */
export function keySteps(key: string): { steps: readonly KeyStep[]; texts: string[] } {
  const texts = key.split(/([[\].]+)/)
  const steps: KeyStep[] = []
  for (const [at, part] of texts.entries()) {
    if (at % 2 === 1) {
      for (let i = 0; i < (part.match(/\[\]/g)?.length ?? 0); i++) steps.push({ index: null })
      continue
    }
    if (part === '') continue
    const inBrackets = texts[at - 1]?.endsWith('[') === true
    const index = inBrackets && /^\d{1,7}$/.test(part) ? Number(part) : -1
    steps.push(index >= 0 && index <= maxIndex ? { index } : { name: part })
  }
  return { steps, texts }
}

/** A name or value without percent-encoding, as UTF-8; null where it is not well-formed. */
export function decodeForm(written: string): string | null {
  try {
    return decodeURIComponent(written.replaceAll('+', ' '))
  } catch {
    return null
  }
}

/** As forms write it (WHATWG URL, 5.2). */
export function encodeForm(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
