import type { Consumer } from '../config/config.ts'
import type {
  BodyDigest,
  Caller,
  Elsewhere,
  EndedSessions,
  Identify,
  IdentityAnswer,
  IdentityPlugin,
  KeyRing,
  Peer,
  RequestHead,
} from '../contracts.ts'
import { Refusal } from '../errors.ts'
import { createBindings } from './bindings.ts'
import { checkHeaders } from './hop-by-hop.ts'

/** An identity that does not answer within this time refuses. */
const identityTimeout = 10_000

const challenge = 'Bearer realm="veilgate"'

export type IdentifyParts = {
  readonly consumers: ReadonlyMap<string, Consumer>
  readonly anonymous: Consumer | null
  readonly identities: readonly IdentityPlugin[]
  readonly keys: KeyRing
  /** Left out: sessions end in their time alone. */
  readonly ended?: EndedSessions
  /** IANA name; where the hours of consumers are counted. */
  readonly timezone: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Who is asking: the consumer, in the audience it has now, and what those who vouch for it say besides. */
export type Identified = {
  readonly consumer: Consumer
  /** The login of the person behind the request, from a signed source; null: nobody but the consumer can say. */
  readonly operator: string | null
  /** The identity that names the operator; left out where there is none. */
  readonly source?: string
  /** Whether a key was used, a second factor, or two kinds of credentials. */
  readonly strong: boolean
  /** What the body must hash to; it was signed. */
  readonly bodyDigest: BodyDigest | null
  /** What the consumer must not have shown before; null: it may show the same again. */
  readonly once: string | null
}

type Known = {
  readonly consumer: Consumer
  /** The same object for all callers of whom nothing else is said. */
  readonly plain: Identified
  readonly byAudience: Map<string, Consumer>
}

/** What the identities have said of one request so far. */
type Said = {
  readonly kinds: string[]
  readonly callers: Caller[]
  readonly challenges: string[]
  unavailable: number | null
  elsewhere: Elsewhere | null
}

type Used = { readonly name: string; readonly identify: Identify; readonly headers: readonly string[] }

/**
 * Makes the step that says which consumer calls. Every identity that a consumer declares is asked; all that the consumer
 * declares must hold (each kind of credential, its bindings, its period); credentials that are there and not right are
 * refused, never taken for anonymous. `peer.address` is in normal form. A promise is returned only where an identity
 * has to wait for somebody.
 *
 * Throws, or rejects with, Refusal SIGN_IN (where a browser has to go first), CREDENTIALS_MISSING, CREDENTIALS_WRONG, IDENTITY_UNAVAILABLE, HEADER_MALFORMED
 * (credentials sent twice, or as hop-by-hop headers), ADDRESS_NOT_ALLOWED, TIME_NOT_ALLOWED, CONSUMER_EXPIRED.
 */
export function createIdentify(
  parts: IdentifyParts,
): (head: RequestHead, peer: Peer) => Identified | Promise<Identified> {
  const used = parts.identities.flatMap(plugin => (plugin.learn === undefined ? (prepare(plugin, parts) ?? []) : []))
  const headers = new Set(used.flatMap(one => one.headers))
  const everybody = [...parts.consumers.values(), ...(parts.anonymous === null ? [] : [parts.anonymous])]
  const known = new Map([...parts.consumers].map(([name, consumer]) => [name, know(consumer)]))
  const byAddress = [...known.values()].filter(({ consumer }) => consumer.credentials.size === 0)
  const anonymous = parts.anonymous === null ? null : know(parts.anonymous)
  const bindings = createBindings(everybody, parts)

  const conclude = (said: Said, head: RequestHead, peer: Peer): Identified => {
    const given = { challenge: said.challenges.join(', ') || challenge }
    const found = said.callers.length > 0 ? claimed(said, known) : null
    if (found === null) {
      if (said.unavailable !== null) throw new Refusal('IDENTITY_UNAVAILABLE', { retryAfter: said.unavailable })
      if (said.callers.length > 0 || head.headers['authorization'] !== undefined)
        throw new Refusal('CREDENTIALS_WRONG', given)
    }
    const byPlace = found === null ? byAddress.find(({ consumer }) => bindings.isFrom(consumer, peer)) : undefined
    if (found === null && byPlace === undefined && said.elsewhere !== null) throw new Refusal('SIGN_IN', said.elsewhere)
    const caller = found ?? (byPlace ?? anonymous)?.plain
    if (caller === undefined) throw new Refusal('CREDENTIALS_MISSING', given)
    try {
      bindings.hold(caller.consumer, peer)
    } catch (error) {
      if (!(error instanceof Refusal) || caller === anonymous?.plain) throw error
      // a stolen key, or a consumer that is over, is on record by its name
      throw new Refusal(error.code, { ...error.details, consumer: caller.consumer.name })
    }
    return caller
  }

  const askRest = async (
    first: Promise<IdentityAnswer | null>,
    at: number,
    said: Said,
    head: RequestHead,
    peer: Peer,
  ): Promise<Identified> => {
    note(said, used[at]!.name, await inTime(first))
    for (const { name, identify } of used.slice(at + 1)) note(said, name, await inTime(ask(identify, head, peer)))
    return conclude(said, head, peer)
  }

  return (head, peer) => {
    checkHeaders(head, headers)
    const said: Said = { kinds: [], callers: [], challenges: [], unavailable: null, elsewhere: null }
    for (let at = 0; at < used.length; at++) {
      const answer = ask(used[at]!.identify, head, peer)
      if (answer instanceof Promise) return askRest(answer, at, said, head, peer)
      note(said, used[at]!.name, answer)
    }
    return conclude(said, head, peer)
  }
}

/** An identity's options are what the consumers declare under its name; null where none does. */
function prepare(plugin: IdentityPlugin, parts: IdentifyParts): Used | null {
  const consumers = Object.create(null) as Record<string, unknown>
  for (const consumer of parts.consumers.values()) {
    const declared = consumer.credentials.get(plugin.name)
    if (declared !== undefined) consumers[consumer.name] = declared
  }
  if (Object.keys(consumers).length === 0) return null
  const options = { consumers }
  const identify = plugin.create(options, parts.keys, parts.ended)
  return { name: plugin.name, identify, headers: plugin.headers?.(options) ?? [] }
}

function know(consumer: Consumer): Known {
  const plain = Object.freeze({ consumer, operator: null, strong: false, bodyDigest: null, once: null })
  return { consumer, plain, byAudience: new Map() }
}

/** Whatever an identity throws means that there are credentials and they are refused; its words may quote them. */
function ask(identify: Identify, head: RequestHead, peer: Peer): ReturnType<Identify> {
  try {
    return identify(head, peer)
  } catch (error) {
    // that of the connection: nobody can tell now whether its certificate counts
    throw error instanceof Refusal && error.code === 'IDENTITY_UNAVAILABLE' ? error : wrong()
  }
}

function wrong(): Refusal {
  return new Refusal('CREDENTIALS_WRONG', { challenge })
}

async function inTime(answer: ReturnType<Identify>): Promise<IdentityAnswer | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), identityTimeout)
  })
  try {
    return await Promise.race([answer, late])
  } catch {
    throw wrong()
  } finally {
    clearTimeout(timer)
  }
}

function note(said: Said, kind: string, answer: IdentityAnswer | null): void {
  if (answer === null) return
  if ('consumer' in answer) {
    said.kinds.push(kind)
    said.callers.push(answer)
  } else if ('challenge' in answer) said.challenges.push(answer.challenge)
  else if ('location' in answer) said.elsewhere = answer
  else said.unavailable = answer.unavailable
}

/** The one consumer that all name, provided that none of the kinds it declares is missing and all agree on the person. */
function claimed({ kinds, callers }: Said, all: ReadonlyMap<string, Known>): Identified | null {
  const [first, ...others] = callers as [Caller, ...Caller[]]
  const known = all.get(first.consumer)
  if (known === undefined || others.some(({ consumer }) => consumer !== first.consumer)) return null
  for (const kind of known.consumer.credentials.keys()) if (!kinds.includes(kind)) return null
  const { operator, roles, strong } = first
  if (others.length === 0 && !(operator || roles || strong)) return known.plain
  const operators = new Set(callers.flatMap(caller => caller.operator ?? []))
  if (operators.size > 1) return null
  const [named = null] = operators
  return {
    consumer: inAudience(known, new Set(callers.flatMap(caller => caller.roles ?? []))),
    operator: named,
    ...(named !== null && { source: kinds[callers.findIndex(({ operator }) => operator === named)]! }),
    strong: others.length > 0 || strong === true,
    bodyDigest: callers.find(caller => caller.bodyDigest !== undefined)?.bodyDigest ?? null,
    once: callers.find(caller => caller.once !== undefined)?.once ?? null,
  }
}

/** The consumer in the audience of the first of its roles that the caller has; the same object for the same audience. */
function inAudience({ consumer, byAudience }: Known, roles: ReadonlySet<string>): Consumer {
  const [, audience] = [...consumer.audiences].find(([role]) => roles.has(role)) ?? [null, consumer.audience]
  if (audience === consumer.audience) return consumer
  let made = byAudience.get(audience)
  if (made === undefined) byAudience.set(audience, (made = Object.freeze({ ...consumer, audience })))
  return made
}
