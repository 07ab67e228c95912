/** Watermarks of pages: who looks at one, and when, faintly all over it, so that a photograph or a print says whose it was. Pure. */
import type { RequestHead } from '../../contracts.ts'
import { type Ahead, wallOf } from '../../timezone.ts'

/** Whose screen it is, in words of the records: there the rest is found. */
export type Viewer = {
  readonly operator: string | null
  readonly consumer: string | null
  readonly address: string
  /** Milliseconds since 1970. */
  readonly time: number
}

/** What a browser says it wants a document for (Fetch Metadata): a part that a script puts into a page is marked with the page. */
const shown: ReadonlySet<string> = new Set(['document', 'iframe', 'frame', 'embed', 'object'])

/** Whether an answer would be a page of its own. Without TLS browsers do not say; then by what they accept. */
export function asksForPage({ headers }: RequestHead): boolean {
  const destination = headers['sec-fetch-dest']?.[0]
  if (destination !== undefined) return shown.has(destination)
  return headers['x-requested-with'] === undefined && /text\/html/i.test(headers['accept']?.join() ?? '')
}

/**
 * What is written behind the end of a page; what stands there counts to its body (HTML Standard, "after after body"), so that nothing
 * ahead of it is touched. In ASCII, which all charsets that leave have in common.
 *
 * It lies above everything, takes no clicks, is in no text that is selected or read aloud, and is printed on each sheet.
 */
export function watermark({ operator, consumer, address, time }: Viewer, ahead: Ahead): Buffer {
  const clock = wallOf(time, ahead).toISOString().slice(0, 16).replace('T', ' ')
  const lines = [operator ?? consumer ?? '', `${operator === null ? '' : (consumer ?? '')} ${address}`.trim(), clock]
  const texts = lines.map((line, at) => `<text x="20" y="${80 + at * 20}">${escapeXml(line)}</text>`)
  // between black and white, to be seen on both
  const style = 'transform="rotate(-20 150 95)" font-family="sans-serif" font-size="15" fill="#808080" opacity=".28"'
  const tile = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="190"><g ${style}>${texts.join('')}</g></svg>`
  const sheet = [
    'position:fixed;top:0;right:0;bottom:0;left:0;margin:0;z-index:2147483647;pointer-events:none',
    '-webkit-print-color-adjust:exact;print-color-adjust:exact',
    `background:url(&quot;data:image/svg+xml,${encodeURIComponent(tile).replaceAll("'", '%27')}&quot;)`,
  ]
  return Buffer.from(`<div aria-hidden="true" style="${sheet.join(';')}"></div>`, 'latin1')
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, character => `&#${character.charCodeAt(0)};`)
}
