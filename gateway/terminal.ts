/** How text stands on a terminal. */

/** Characters that take two columns (East Asian Width W and F of Unicode UAX 11, in the blocks people write). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const noWidth = /[\p{M}\p{Cf}]/u

/** Columns that a text takes. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += wide.test(character) ? 2 : noWidth.test(character) ? 0 : 1
  return width
}

/** The text and as many blanks as it lacks to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}
