/** What bytes of XML are. */

/** In bits. */
export const holds = { reference: 1, unlikeJson: 2, wide: 4, suspect: 8, opens: 16, closes: 32, quotes: 64 } as const

/**
 * By byte. `unlikeJson`: what stands in no string of JSON as it is, but for quotation marks. `suspect`: what may be no character of
 * XML, or part of `]]>`.
 */
export const holdsOf = new Uint8Array(256)
holdsOf.fill(holds.suspect | holds.unlikeJson, 0, 0x20)
for (const byte of [0x09, 0x0a, 0x0d, 0x5c]) holdsOf[byte] = holds.unlikeJson
for (const byte of [0x22, 0x27]) holdsOf[byte] = holds.quotes
holdsOf[0x26] = holds.reference
holdsOf[0x3c] = holds.opens
holdsOf[0x3e] = holds.suspect | holds.closes
holdsOf.fill(holds.wide, 0x80)
// U+FFFE and U+FFFF begin so.
holdsOf[0xef] = holds.wide | holds.suspect

/** White space of XML (production 3). */
export function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09
}

/** Where white space ends that begins at a position, or the bytes do. */
export function pastBlanks(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && isBlank(bytes[at]!)) at++
  return at
}
