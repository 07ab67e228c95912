/** What a rehearsal asks: the GET requests of a list of paths, or of a HAR file (HTTP Archive 1.2) that a browser saved. */

export type Requests = {
  /** Path and query, each once, with which request of the file it is, from 1. */
  readonly targets: ReadonlyMap<string, number>
  /** Requests by other methods: they could change something, so they are not made. */
  readonly others: number
}

/**
 * Reads a file. A list has a path on each line, with GET ahead of it or without; `#` begins a comment. null: it is neither
 * that nor a HAR file. Of URLs only path and query count, whatever the host.
 */
export function readRequests(text: string): Requests | null {
  const asked = /^\s*\{/.test(text) ? ofArchive(text) : ofList(text)
  if (asked === null) return null
  const targets = new Map<string, number>()
  let others = 0
  for (const [index, { method, url }] of asked.entries()) {
    const target = targetOf(url)
    if (target === null) return null
    if (method.toUpperCase() !== 'GET') others++
    else if (!targets.has(target)) targets.set(target, index + 1)
  }
  return { targets, others }
}

type Asked = { readonly method: string; readonly url: string }

function ofList(text: string): Asked[] | null {
  const asked: Asked[] = []
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const match = /^(?:([A-Za-z]+)\s+)?((?:\/|https?:\/\/).*)$/.exec(trimmed)
    if (match === null) return null
    asked.push({ method: match[1] ?? 'GET', url: match[2]! })
  }
  return asked
}

function ofArchive(text: string): Asked[] | null {
  let archive: unknown
  try {
    archive = JSON.parse(text)
  } catch {
    return null
  }
  const entries = (archive as { log?: { entries?: unknown } } | null)?.log?.entries
  if (!Array.isArray(entries)) return null
  const asked: Asked[] = []
  for (const entry of entries as { request?: { method?: unknown; url?: unknown } }[]) {
    const { method, url } = entry?.request ?? {}
    if (typeof method !== 'string' || typeof url !== 'string') return null
    // extensions, data: and blob: have no server to ask
    if (/^https?:/.test(url)) asked.push({ method, url })
  }
  return asked
}

/** Path and query as they are sent; null where a URL cannot be read. The gateway judges what is in them. */
function targetOf(url: string): string | null {
  const path = url.replace(/^https?:\/\/[^/?#]*/, '').split('#', 1)[0]!
  const target = path.startsWith('/') ? path : `/${path}`
  try {
    return target.replace(/[^\x21-\x7e]+/g, text => encodeURIComponent(text))
  } catch {
    return null
  }
}
