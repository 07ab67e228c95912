import type { X509Certificate } from 'node:crypto'
import type { Bilingual, KeyRing, PluginOf } from './words.ts'

/** A request as an identity sees it: names in lower case; a name that came more than once has all its values. */
export type RequestHead = {
  readonly method: string
  readonly headers: Readonly<Record<string, readonly string[]>>
  /** As it was sent (RFC 9112 3.2). */
  readonly target: string
}

/** The other end of the connection. */
export type Peer = {
  /** The caller's, after the trusted hops. Normal form, as is `socket`. */
  readonly address: string
  /** Of the connection's other end: a proxy's, where one stands in front. */
  readonly socket: string
  /** The caller's port; null where a proxy stands in front. */
  readonly port: number | null
  /** Whether callers reach the gateway by https. */
  readonly secure: boolean
  /** The certificate the connection was made with, its chain checked; null: none. The same object for one connection. */
  certificate(): X509Certificate | null
}

/** Who an identity has found. What it says beyond the consumer comes from whoever vouches for the caller. */
export type Caller = {
  readonly consumer: string
  /** The login of the person behind the request. */
  readonly operator?: string
  /** Groups or roles the caller has; `audiences` of the consumer makes an audience of one. */
  readonly roles?: readonly string[]
  /** Whether more than something copied was shown: a key was used, or a second factor. */
  readonly strong?: boolean
  /** What the request's body must hash to. */
  readonly bodyDigest?: BodyDigest
  /** What this caller must not have shown before: the core sees to it, for ten minutes, in all processes of the gateway. */
  readonly once?: string
}

export type BodyDigest = { readonly algorithm: 'sha256' | 'sha512'; readonly value: Uint8Array }

/** Credentials were looked for and are missing: how to present them (the value of WWW-Authenticate, RFC 9110 11.6.1). */
export type Challenge = { readonly challenge: string }

/** Whoever vouches for callers cannot be asked now; try again after so many seconds. */
export type Unavailable = { readonly unavailable: number }

/** A browser has to go somewhere before it can be known, or has just come back; values of Set-Cookie with it. */
export type Elsewhere = { readonly location: string; readonly cookies: readonly string[] }

export type IdentityAnswer = Caller | Challenge | Unavailable | Elsewhere

/**
 * null: this identity sees no credentials of its kind. A throw: credentials there are, and they are refused. A promise
 * only where something has to be waited for: most requests come with what is known already.
 */
export type Identify = (request: RequestHead, peer: Peer) => IdentityAnswer | null | Promise<IdentityAnswer | null>

/** A request to a system, by a consumer that is known already. */
export type SystemRequest = {
  readonly consumer: string
  readonly system: string
  readonly method: string
  /** Under the system, in the one normal form. */
  readonly path: string
  /** Values of the Cookie header as they came. */
  readonly sent: readonly string[]
  /** The value of a cookie as the system has it; null: the caller did not send it. */
  cookie(name: string): string | null
  /** Whether callers reach the gateway by https. */
  readonly secure: boolean
}

/** What the system says to it. */
export type SystemAnswer = {
  readonly status: number
  readonly location: string | null
  /** Cookies that it sets, as it has them; null: it takes that one away. */
  readonly cookies: ReadonlyMap<string, string | null>
}

export type Learner = {
  /** The login of the person behind a request; null: nobody knows. */
  operator(request: SystemRequest): string | null
  /** The field of the form with the login, where this request is a try to sign in; else null. */
  field(request: SystemRequest): string | null
  /** `login`: of that form, in the shape of a login; null: there is none. Returns values of Set-Cookie to go with the answer. */
  answered(request: SystemRequest, login: string | null, answer: SystemAnswer): readonly string[]
}

/** A session that an identity keeps. `began`: milliseconds since 1970. */
export type SessionMark = { readonly id: string; readonly person: string; readonly began: number }

/** Sessions that were ended before their time: in all processes of the gateway, and after a restart. */
export type EndedSessions = {
  /** Whether this one is over. Throws where nobody can know. */
  has(session: SessionMark): boolean
  /** Durable when it resolves. */
  end(session: SessionMark): Promise<void>
}

/** `options.consumers` holds what each consumer declares under the plugin's name; of one that nobody declares, nothing is asked. */
// biome-ignore lint/suspicious/noExplicitAny: as for masks
export type IdentityPlugin<Options = any> = PluginOf<'identity'> & {
  /** `ended`: left out where no session is ever asked about. */
  create(options: Options, keys: KeyRing, ended?: EndedSessions): Identify
  /** Of an identity that learns who the person is from a system's answers: it tells that alone, and never which consumer calls. */
  learn?(options: Options, keys: KeyRing): Learner
  /** What is wrong with the declarations beyond their shape, and in whose; null: nothing. */
  check?(options: Options): { readonly consumer: string; readonly words: Bilingual } | null
  /** Headers it reads beyond Authorization and Cookie, in lower case: they may come once, and not as hop-by-hop ones. */
  headers?(options: Options): readonly string[]
}
