/** Characters that do not tell one field name from another: separators, spaces, and what has no width. */
const ignored =
  /[\s_\-.\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]/gu

/**
 * One spelling for all spellings of a field name: NFKC, case folded, without separators, spaces and zero-width
 * characters, so that `id_card`, `IDCard` and `ｉｄ－ｃａｒｄ` are one name. Case folding is by lower, upper, lower case,
 * which agrees with Unicode full case folding on all letters that field names use (`ß` and `ss` are one).
 */
export function normalizeName(name: string): string {
  return name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC').replace(ignored, '')
}
