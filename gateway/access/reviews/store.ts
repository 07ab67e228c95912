/**
 * Answers that wait, each in a file of its own, encrypted: what is in it is masked, and still nobody's until it is
 * released. After a crash there is a whole file or none.
 */
import { createHash, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReviewTerms } from '../../review-event.ts'
import { openBytes, sealBytes } from '../seal.ts'
import { sealContext } from './terms.ts'

/** An answer as it will be given, and what a record and a reviewer need to know of it. */
export type HeldAnswer = {
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly fields: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** As in records: blind indexes, never values. */
  readonly subjects: { readonly count: number; readonly index: readonly string[] }
  /** Paths of fields that nothing lists: names only. */
  readonly unlisted: readonly string[]
  readonly upstreamStatus: number | null
  readonly body: Buffer
}

export type HeldStore = {
  /** Resolves to `sha256:…` of the file once it is durable; rejects where it cannot be written: nothing is left of it then. */
  keep(terms: Omit<ReviewTerms, 'sealed'>, answer: HeldAnswer): Promise<string>
  /** null: it is not there, or not as it was kept. */
  open(terms: ReviewTerms): Promise<HeldAnswer | null>
  has(id: string): Promise<boolean>
  erase(id: string): Promise<void>
  /** Erases all files but those of these answers, and drafts, that were last written before a time. */
  sweep(kept: ReadonlySet<string>, before: number): Promise<void>
}

const idPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{21}$/
/** Beside the body: headers, names and the blind indexes of at most as many people as an answer has room for. */
const mostBeside = 64 * 1024 * 1024

/** Whether a text has the shape of an answer's number; nothing else becomes part of a path. */
export function isReviewId(text: string): boolean {
  return idPattern.test(text)
}

/** `secrets`: the first seals, all open. `most`: bytes of a body. The folder is made when it is first needed. */
export function heldStore(folder: string, secrets: () => readonly Uint8Array[], most: number): HeldStore {
  const pathOf = (id: string): string => {
    if (!isReviewId(id)) throw new TypeError('not the number of an answer')
    return join(folder, `${id}.held`)
  }
  return {
    async keep(terms, answer) {
      const bytes = sealBytes(secrets()[0]!, pack(answer), sealContext(terms))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeWhole(folder, pathOf(terms.id), bytes)
      return digestOf(bytes)
    },
    async open(terms) {
      const bytes = await readBounded(pathOf(terms.id), most + mostBeside)
      if (bytes === null || digestOf(bytes) !== terms.sealed) return null
      const plain = openBytes(secrets(), bytes, sealContext(terms))
      return plain === null ? null : unpack(plain)
    },
    has: id =>
      stat(pathOf(id)).then(
        found => found.isFile(),
        () => false,
      ),
    async erase(id) {
      await unlink(pathOf(id)).catch(unlessGone)
    },
    async sweep(kept, before) {
      for (const name of await readdir(folder).catch(() => [])) {
        const [, id] = /^(.{22})\.held(?:\.[0-9a-f]{12}\.new)?$/.exec(name) ?? []
        if (id === undefined || (kept.has(id) && name.endsWith('.held'))) continue
        const path = join(folder, name)
        const found = await stat(path).catch(() => null)
        if (found !== null && found.mtimeMs < before) await unlink(path).catch(unlessGone)
      }
    },
  }
}

/** Length of the head, head as JSON, body. */
function pack({ body, ...head }: HeldAnswer): Buffer {
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(json.length)
  return Buffer.concat([length, json, body])
}

/** What was authenticated is what `pack` made. */
function unpack(bytes: Buffer): HeldAnswer {
  const end = 4 + bytes.readUInt32BE(0)
  return { ...(JSON.parse(bytes.toString('utf8', 4, end)) as Omit<HeldAnswer, 'body'>), body: bytes.subarray(end) }
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

async function writeWhole(folder: string, path: string, bytes: Buffer): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
    const directory = await open(folder, 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  } catch (error) {
    for (const left of [draft, path]) await unlink(left).catch(() => {})
    throw error
  }
}

/** null: there is none, it is no plain file, or it is too large. */
async function readBounded(path: string, most: number): Promise<Buffer | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null)
  if (file === null) return null
  try {
    const found = await file.stat()
    return found.isFile() && found.size <= most ? await file.readFile() : null
  } catch {
    return null
  } finally {
    await file.close()
  }
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
