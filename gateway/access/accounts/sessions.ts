/**
 * Who has signed in, for as long as this process lives. A session is a random word of 256 bits that the browser has and
 * the gateway keeps the hash of; it is bound to one account, its duty, and what the account was when it began.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Duty } from '../../config/config.ts'

/** Milliseconds without a call, and altogether. */
export const [idle, absolute] = [15 * 60_000, 8 * 3_600_000] as const
/** Of one account, and of all; the oldest end first. */
const [mostOfOne, mostOfAll] = [5, 1000]

export type Session = {
  /** The hash of its word. */
  readonly id: string
  readonly account: string
  readonly duty: Duty
  /** Of the account (`revisionOf`); null: it is somebody else's, an OpenID provider's. */
  readonly revision: string | null
  /** Whether nothing but a new password is taken from it. */
  readonly initial: boolean
  /** From where it began (`addressGroup`): it counts nowhere else. */
  readonly from: string
  readonly began: number
  last: number
  /** What it was refused once already. */
  readonly denied: Set<string>
}

export type Sessions = {
  /** `word`: for the browser alone. */
  begin(who: Pick<Session, 'account' | 'duty' | 'revision' | 'initial' | 'from'>): { session: Session; word: string }
  /** The session of a word; null: there is none, or it is over. */
  find(word: string): Session | null
  /** It is idle from now on. */
  used(session: Session): void
  end(session: Session): void
  /** Ends all sessions of an account. */
  endOf(account: string): void
}

export function createSessions(now: () => number): Sessions {
  /** Oldest first. */
  const byId = new Map<string, Session>()
  const isOver = ({ began, last }: Session) => now() - began >= absolute || now() - last >= idle
  const endOldest = (all: readonly Session[], most: number) => {
    for (const one of all.slice(0, Math.max(0, all.length - most))) byId.delete(one.id)
  }
  return {
    begin(who) {
      for (const one of byId.values()) if (isOver(one)) byId.delete(one.id)
      endOldest([...byId.values()], mostOfAll - 1)
      endOldest(
        [...byId.values()].filter(({ account }) => account === who.account),
        mostOfOne - 1,
      )
      const word = randomBytes(32).toString('base64url')
      const session = { ...who, id: idOf(word), began: now(), last: now(), denied: new Set<string>() }
      byId.set(session.id, session)
      return { session, word }
    },
    find(word) {
      if (!/^[A-Za-z0-9_-]{43}$/.test(word)) return null
      // looked up by hash: how long that takes says nothing about the word
      const session = byId.get(idOf(word))
      if (session === undefined) return null
      if (isOver(session)) {
        byId.delete(session.id)
        return null
      }
      return session
    },
    used(session) {
      session.last = now()
    },
    end: ({ id }) => void byId.delete(id),
    endOf(account) {
      for (const one of byId.values()) if (one.account === account) byId.delete(one.id)
    },
  }
}

/** What a page of ours sends beside the cookie when it changes something: another site has the one and not the other. */
export function csrfOf(word: string): string {
  return createHmac('sha256', word).update('veilgate csrf').digest('base64url')
}

function idOf(word: string): string {
  return createHash('sha256').update(word).digest('base64url')
}
