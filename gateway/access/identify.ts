import { networksOf } from '../address.ts'
import type { Consumer } from '../config/config.ts'
import type { Identify, IdentityPlugin, KeyRing, Peer, RequestHead } from '../contracts.ts'
import { Refusal } from '../errors.ts'

/** An identity that does not answer within this time refuses. */
const identityTimeout = 10_000

const realm = 'realm="veilgate"'

export type IdentifyParts = {
  readonly consumers: ReadonlyMap<string, Consumer>
  readonly anonymous: Consumer | null
  readonly identities: readonly IdentityPlugin[]
  readonly keys: KeyRing
  /** Milliseconds since 1970. */
  readonly now: () => number
}

type Known = { readonly consumer: Consumer; readonly from: { has(address: string): boolean } | null }

/**
 * Makes the step that says which consumer calls. Every identity is asked; all that the consumer declares must hold
 * (each kind of credential, its addresses, its period); credentials that are there and not right are refused, never
 * taken for anonymous. `peer.address` is in normal form.
 *
 * Throws Refusal CREDENTIALS_MISSING, CREDENTIALS_WRONG, HEADER_MALFORMED (credentials sent twice),
 * ADDRESS_NOT_ALLOWED, CONSUMER_EXPIRED.
 */
export function createIdentify(parts: IdentifyParts): (head: RequestHead, peer: Peer) => Promise<Consumer> {
  const identities = parts.identities.map(plugin => ({ name: plugin.name, identify: prepare(plugin, parts) }))
  const known = new Map([...parts.consumers].map(([name, consumer]) => [name, know(consumer)]))
  const byAddress = [...known.values()].filter(({ consumer }) => consumer.credentials.size === 0)
  const anonymous = parts.anonymous === null ? null : know(parts.anonymous)

  return async (head, peer) => {
    if ((head.headers['authorization'] ?? []).length > 1) throw new Refusal('HEADER_MALFORMED')
    const claims = new Map<string, string>()
    const challenges: string[] = []
    for (const { name, identify } of identities) {
      const answer = await ask(identify, head, peer)
      if (answer === null) continue
      if ('challenge' in answer) challenges.push(answer.challenge)
      else claims.set(name, answer.consumer)
    }
    const wrong = () => new Refusal('CREDENTIALS_WRONG', { challenge: challenges.join(', ') || `Bearer ${realm}` })
    if (claims.size === 0 && head.headers['authorization'] !== undefined) throw wrong()
    const found = claims.size > 0 ? claimed(claims, known, wrong) : (fromAddress(byAddress, peer) ?? anonymous)
    if (found === null)
      throw new Refusal('CREDENTIALS_MISSING', { challenge: challenges.join(', ') || `Bearer ${realm}` })
    holdTo(found, peer, parts.now())
    return found.consumer
  }
}

/** An identity's options are what the consumers declare under its name. */
function prepare(plugin: IdentityPlugin, parts: IdentifyParts): Identify {
  const consumers = Object.create(null) as Record<string, unknown>
  for (const consumer of parts.consumers.values()) {
    const declared = consumer.credentials.get(plugin.name)
    if (declared !== undefined) consumers[consumer.name] = declared
  }
  return plugin.create({ consumers }, parts.keys)
}

function know(consumer: Consumer): Known {
  return { consumer, from: consumer.addresses.length === 0 ? null : networksOf(consumer.addresses) }
}

/** Whatever an identity throws means that there are credentials and they are refused; its words may quote them. */
async function ask(identify: Identify, head: RequestHead, peer: Peer): ReturnType<typeof orRefuse> {
  try {
    const answer = identify(head, peer)
    return answer instanceof Promise ? await orRefuse(answer) : answer
  } catch {
    throw new Refusal('CREDENTIALS_WRONG', { challenge: `Bearer ${realm}` })
  }
}

async function orRefuse(answer: Promise<Awaited<ReturnType<Identify>>>): Promise<Awaited<ReturnType<Identify>>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), identityTimeout)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The one consumer that all claims name, provided that none of the kinds it declares is missing. */
function claimed(claims: ReadonlyMap<string, string>, known: ReadonlyMap<string, Known>, wrong: () => Refusal): Known {
  const names = new Set(claims.values())
  const [name] = names
  const found = names.size === 1 ? known.get(name!) : undefined
  if (found === undefined) throw wrong()
  for (const kind of found.consumer.credentials.keys()) if (!claims.has(kind)) throw wrong()
  return found
}

/** Consumers without credentials are known by where they call from; config/ makes sure that no two share an address. */
function fromAddress(candidates: readonly Known[], peer: Peer): Known | null {
  return candidates.find(({ from }) => from?.has(peer.address)) ?? null
}

function holdTo({ consumer, from }: Known, peer: Peer, now: number): void {
  if (from !== null && !from.has(peer.address)) throw new Refusal('ADDRESS_NOT_ALLOWED')
  if (consumer.from !== null && now < consumer.from) throw new Refusal('CONSUMER_EXPIRED')
  if (consumer.until !== null && now >= consumer.until) throw new Refusal('CONSUMER_EXPIRED')
}
