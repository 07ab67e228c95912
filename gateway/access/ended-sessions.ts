/**
 * Sessions that were ended before their time. Those of callers are sealed cookies, which nobody can take back: what is over
 * stands in a file of the keys folder, one for each day, to which every process of the gateway appends, and `veilgate
 * accounts sign-out`; all look there before a session counts. No session is longer than a day, so that two files will do.
 */
import { createHmac } from 'node:crypto'
import { closeSync, openSync, readdirSync, readSync, statSync, unlinkSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { EndedSessions, KeyRing, SessionMark } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import { personName } from '../person-name.ts'

/** Bytes of a day: some sixty thousand ends. With more nobody can be signed out any more, and is told so. */
const largest = 4 * 1_048_576
const day = 86_400_000
const fileName = /^sessions-ended\.(\d{4}-\d\d-\d\d)$/

export type EndingSessions = EndedSessions & {
  /** All that this person has begun so far; durable when it resolves. */
  endAllOf(person: string): Promise<void>
}

/** Of a keys folder that is open. */
export function endedSessionsOf(directory: string, keys: KeyRing): EndingSessions {
  return endedSessions(directory, keys.secret('ended sessions'), Date.now)
}

/** What one file says, as far as it was read. */
type Page = { readonly inode: number; read: number; readonly ids: Set<string>; readonly people: Map<string, number> }

/** `key`: of the hashes that stand there in the place of logins. `now`: milliseconds since 1970. */
function endedSessions(directory: string, key: Uint8Array, now: () => number): EndingSessions {
  let pages = new Map<string, Page>()
  const hash = (kind: 'session' | 'person', text: string) =>
    createHmac('sha256', key).update(`${kind} ${text}`).digest('base64url')
  const pathOf = (at: number) => join(directory, `sessions-ended.${new Date(at).toISOString().slice(0, 10)}`)
  const current = (): Page[] => {
    const paths = [pathOf(now() - day), pathOf(now())]
    pages = new Map(
      paths.flatMap(path => {
        const page = pageOf(path, pages.get(path))
        return page === null ? [] : [[path, page] as const]
      }),
    )
    return [...pages.values()]
  }
  const append = async (line: string): Promise<void> => {
    dropOlder(directory, now() - 2 * day)
    const file = await open(pathOf(now()), 'a', 0o600)
    try {
      if ((await file.stat()).size > largest) throw new Error('full')
      // after one that a full disk has cut off, a line of its own
      await file.appendFile(`\n${line}`)
      await file.datasync()
    } finally {
      await file.close()
    }
  }
  const has = ({ id, person, began }: SessionMark): boolean => {
    const [session, who] = [hash('session', id), hash('person', personName(person))]
    return current().some(({ ids, people }) => ids.has(session) || began <= (people.get(who) ?? -1))
  }
  return {
    has,
    end: async session => {
      if (!has(session)) await append(`session ${hash('session', session.id)} ${now()}\n`)
    },
    endAllOf: person => append(`person ${hash('person', personName(person))} ${now()}\n`),
  }
}

/** A page with what was added since; null: there is no such file. Throws Refusal IDENTITY_UNAVAILABLE where nobody can know what it says. */
function pageOf(path: string, known: Page | undefined): Page | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return null
    const isSame = known !== undefined && known.inode === found.ino && known.read <= found.size
    const page = isSame
      ? known
      : { inode: found.ino, read: 0, ids: new Set<string>(), people: new Map<string, number>() }
    if (found.size > page.read) page.read += take(page, textFrom(path, page.read, found.size))
    return page
  } catch {
    throw new Refusal('IDENTITY_UNAVAILABLE', { retryAfter: 5 })
  }
}

/** Whole lines only; returns their bytes. Throws on one that is none of these. */
function take(page: Page, text: string): number {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  for (const line of whole.split('\n').slice(0, -1)) {
    const [, kind, hash, time] = /^(session|person) ([\w-]{43}) (\d{1,15})$/.exec(line) ?? []
    if (hash === undefined && !isTorn(line)) throw new Error('damaged')
    if (hash === undefined) continue
    if (kind === 'session') page.ids.add(hash)
    else page.people.set(hash, Math.max(Number(time), page.people.get(hash) ?? 0))
  }
  return whole.length
}

/** The beginning of a line: nobody was told that it counts. */
function isTorn(line: string): boolean {
  const isWord = ['session', 'person'].some(kind => kind.startsWith(line))
  return isWord || /^(?:session|person) [\w-]{0,43} ?$/.test(line)
}

function textFrom(path: string, from: number, to: number): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(to - from)
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, from))
  } finally {
    closeSync(file)
  }
}

function dropOlder(directory: string, than: number): void {
  for (const name of readdirSync(directory)) {
    const [, written] = fileName.exec(name) ?? []
    if (written !== undefined && Date.parse(written) < than) unlinkSync(join(directory, name))
  }
}
