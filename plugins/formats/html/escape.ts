/** Text as it stands in a page. */

const special = /[&<>\u00a0]/

export function escapeText(text: string): string {
  return !special.test(text)
    ? text
    : text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\u00a0', '&nbsp;')
}

/** Between double quotes. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;')
}

/** Where references are not read: an end tag or the start of a comment would be taken for one. */
export function defuse(text: string): string {
  return text.replace(/<(?=[/!a-z])/gi, '‹')
}
