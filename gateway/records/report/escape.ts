/** A text as it stands in HTML, between tags or in a quoted attribute: names come from configurations and requests. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, found => `&#${found.charCodeAt(0)};`)
}
