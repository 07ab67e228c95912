/** Documents of an identity provider: small JSON, fetched over https, or from this machine itself. */

/** What a URL of a provider looks like: https, or plain http to this machine. */
export const providerUrl =
  '^(?:https://[^\\s/?#@]{1,253}|http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::\\d{1,5})?)(?:/[^\\s?#]{0,500})?$'

const isProviderUrl = new RegExp(providerUrl)
const longest = 256 * 1024
const timeout = 5000

/** The object at a URL; `form` is posted to it. Rejects on anything but a JSON object: see `fetchText`. */
export async function fetchJson(
  url: string,
  form?: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  const value: unknown = JSON.parse(await fetchText(url, form))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object')
  return value as Readonly<Record<string, unknown>>
}

/** The text at a URL of a provider. Follows no redirect. Rejects on any other status than 200, and on more than 256 KiB or 5 s. */
export async function fetchText(url: string, form?: Readonly<Record<string, string>>): Promise<string> {
  if (!isProviderUrl.test(url.split('?', 1)[0]!)) throw new Error('not an address of a provider')
  const answer = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json, */*;q=0.1' },
    signal: AbortSignal.timeout(timeout),
    ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
  })
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.length
    if (size > longest) throw new Error('too large')
    pieces.push(piece)
  }
  if (answer.status !== 200) throw new Error('not found')
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
}
