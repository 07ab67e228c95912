/** What does not tell one field name from another: separators, spaces, and what has no width. */
const ignored = /[\s_\-.]|\p{Default_Ignorable_Code_Point}|\p{Cf}/gu

/** These have no other spelling but for their case. */
const plain = /^[0-9A-Za-z\u4e00-\u9fff]*$/

/**
 * One spelling for all spellings of a field name: NFKC, case folded, without separators, spaces and zero-width
 * characters, so that `id_card`, `IDCard` and `ｉｄ－ｃａｒｄ` are one name. Case folding is by lower, upper, lower case,
 * which agrees with Unicode full case folding on all letters that field names use (`ß` and `ss` are one).
 */
export function normalizeName(name: string): string {
  if (plain.test(name)) return name.toLowerCase()
  return name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC').replace(ignored, '')
}

/** Values that a rule names compare like this: by NFKC and lower case, without the space around them. */
export function foldValue(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}
