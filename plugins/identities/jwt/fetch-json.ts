/** Documents of an identity provider: small JSON, fetched over https, or from this machine itself. */

/** What a URL of a provider looks like: https, or plain http to this machine. */
export const providerUrl =
  '^(?:https://[^\\s/?#@]{1,253}|http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::\\d{1,5})?)(?:/[^\\s?#]{0,500})?$'

const isProviderUrl = new RegExp(providerUrl)
const longest = 256 * 1024
const timeout = 5000

/** The object at a URL. Follows no redirect. Rejects on anything but a JSON object of at most 256 KiB within 5 s. */
export async function fetchJson(url: string): Promise<Readonly<Record<string, unknown>>> {
  if (!isProviderUrl.test(url)) throw new Error('not an address of a provider')
  const answer = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeout),
  })
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.length
    if (size > longest) throw new Error('too large')
    pieces.push(piece)
  }
  if (answer.status !== 200) throw new Error('not found')
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces)))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object')
  return value as Readonly<Record<string, unknown>>
}
