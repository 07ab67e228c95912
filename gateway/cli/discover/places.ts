/** Where `discover` looks: files, folders, and addresses of pages or interfaces. */
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { request } from 'undici'
import { codeIn } from '../../error-code.ts'
import type { Sample } from './discovering.ts'

/** Why there is nothing to read. */
export type Unreadable = {
  readonly place: string
  readonly why: 'missing' | 'large' | 'unreachable' | 'status'
  /** What the answer had. */
  readonly status?: number
  /** What a library calls it: CERT_HAS_EXPIRED. */
  readonly cause?: string
}

/** One file or answer; longer ones are told and not read. */
const mostBytes = 64 * 1024 * 1024

const patience = 30_000

/** Everything a place has, one after the other. Links are not followed, names that begin with a dot are left out. `path`: absolute. */
export async function* samplesIn(place: string, path: string): AsyncGenerator<Sample | Unreadable> {
  const found = await lstat(path).catch(() => null)
  if (found?.isFile() === true) yield await fileSample(place, path)
  else if (found?.isDirectory() === true) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => null)
    if (entries === null) yield { place, why: 'missing' }
    for (const entry of (entries ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)))
      if (!entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()))
        yield* samplesIn(join(place, entry.name), join(path, entry.name))
  } else yield { place, why: 'missing' }
}

async function fileSample(place: string, path: string): Promise<Sample | Unreadable> {
  try {
    await using file = await open(path)
    if ((await file.stat()).size > mostBytes) return { place, why: 'large' }
    return { place, headers: null, bytes: await file.readFile() }
  } catch {
    return { place, why: 'missing' }
  }
}

/** What GET of an address answers; redirects are not followed. `headers`: with the request, as a cookie. */
export async function answerOf(url: string, headers: Readonly<Record<string, string>>): Promise<Sample | Unreadable> {
  try {
    const options = { headers, headersTimeout: patience, bodyTimeout: patience }
    const { statusCode, headers: told, body } = await request(url, options)
    if (statusCode !== 200) {
      body.on('error', () => {}).destroy()
      return { place: url, why: 'status', status: statusCode }
    }
    const pieces: Uint8Array[] = []
    let size = 0
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      size += piece.length
      if (size > mostBytes) return { place: url, why: 'large' }
      pieces.push(piece)
    }
    const kept = ['content-type', 'content-encoding'].flatMap(name =>
      typeof told[name] === 'string' ? [[name, told[name]] as const] : [],
    )
    return { place: url, headers: Object.fromEntries(kept), bytes: Buffer.concat(pieces) }
  } catch (error) {
    const cause = codeIn(error)
    return { place: url, why: 'unreachable', ...(cause !== undefined && { cause }) }
  }
}
