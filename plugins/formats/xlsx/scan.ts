/** Where names and blanks end in XML, by the codes of characters. */

export const code = {
  exclamation: 0x21,
  quote: 0x22,
  apostrophe: 0x27,
  slash: 0x2f,
  colon: 0x3a,
  less: 0x3c,
  equals: 0x3d,
  greater: 0x3e,
}

/** So many digits in a row are in no name and in no address of a vocabulary; in these nobody would look for a number. */
export const number = /\d{7}/

/** By code: 1 where a name may go on with the character, 2 where it may also begin with it. */
const nameClass = new Uint8Array(128)
for (let at = 0; at < 128; at++) {
  const character = String.fromCharCode(at)
  nameClass[at] = /[A-Za-z_]/.test(character) ? 2 : /[\d.-]/.test(character) ? 1 : 0
}

/** Where the name that begins at `from` ends, with one prefix or none; `from`: there is none. */
export function nameEnd(text: string, from: number): number {
  const to = wordEnd(text, from)
  if (to === from || text.charCodeAt(to) !== code.colon) return to
  const end = wordEnd(text, to + 1)
  return end > to + 1 ? end : to
}

function wordEnd(text: string, from: number): number {
  const first = text.charCodeAt(from)
  if (!(first < 128 && nameClass[first] === 2)) return from
  let at = from + 1
  for (let next = text.charCodeAt(at); next < 128 && nameClass[next]! > 0; next = text.charCodeAt(at)) at++
  return at
}

export function blanksEnd(text: string, from: number): number {
  let at = from
  for (;;) {
    const next = text.charCodeAt(at)
    if (next !== 0x20 && next !== 0x0a && next !== 0x0d && next !== 0x09) return at
    at++
  }
}

/** Most names are shorter than a number. */
export function hasNumber(name: string): boolean {
  return name.length >= 7 && number.test(name)
}
