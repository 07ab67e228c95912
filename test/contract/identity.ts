import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Caller, Identify, IdentityPlugin, Peer, RequestHead } from '../../gateway/contracts.ts'
import { testKeys } from './key-ring.ts'
import { isAPlugin } from './plugin.ts'

/** How one identity is tried: what consumers declare under its name, and requests that show it, by consumer. */
export type Presented = {
  readonly declared: Readonly<Record<string, unknown>>
  readonly right: Readonly<Record<string, Shown>>
}

export type Shown = {
  /** Header values, in lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly target?: string
  readonly peer?: Partial<Peer>
  /** What is found beyond the consumer. */
  readonly says?: Omit<Caller, 'consumer'>
  /** The headers are a proxy's word, and any word will do: it counts from that peer alone. */
  readonly byPeer?: true
}

/** What every identity keeps to. */
export function identityContract(plugin: IdentityPlugin, { declared, right }: Presented): void {
  describe(`identity ${plugin.name}`, () => {
    isAPlugin(plugin, 'identity')
    const identify: Identify = plugin.create({ consumers: declared }, testKeys)
    const names = new Set(Object.keys(declared))

    test('names each consumer by what it shows', async () => {
      for (const [consumer, shown] of Object.entries(right)) {
        assert.deepEqual(await identify(head(shown), peer(shown)), { consumer, ...shown.says })
      }
    })

    test('says nobody, or how to present credentials, where there are none', async () => {
      const answer = await identify(head({ headers: {} }), peer({}))
      assert.ok(answer === null || ('challenge' in answer && /^[A-Za-z]+ /.test(answer.challenge)))
    })

    test('takes no credentials that come twice', async () => {
      const declaredHeaders = plugin.headers?.({ consumers: declared }) ?? []
      for (const shown of Object.values(right)) {
        for (const [name, value] of Object.entries(shown.headers)) {
          // the core refuses these before anybody is asked
          if (declaredHeaders.includes(name)) continue
          assert.equal(await named(identify, head(shown, { [name]: [value, value] }), shown), null)
        }
      }
    })

    test('takes no credentials that are longer, shorter or changed by a character', async () => {
      for (const shown of Object.values(right)) {
        for (const [name, value] of Object.entries(shown.headers)) {
          const wrong = [`${value}x`, value.slice(0, -1), `${value}${'x'.repeat(1_000_000)}`, '']
          for (const one of shown.byPeer ? [value] : wrong) {
            const from = shown.byPeer ? { ...shown, peer: {} } : shown
            assert.equal(await named(identify, head(shown, { [name]: [one] }), from), null, one.slice(0, 80))
          }
        }
      }
    })

    test('answers or throws whatever a header holds, and names nobody but declared consumers', async () => {
      const shown = Object.values(right)
      const values = shown.flatMap(({ headers }) => Object.values(headers))
      const shownBy = [...new Set(shown.flatMap(({ headers }) => Object.keys(headers)))]
      if (shownBy.length === 0) return
      const near = fc.oneof(
        fc.string(),
        fc.constantFrom(...values).chain(value => fc.string().map(text => value + text)),
      )
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...shown),
          fc.constantFrom(...shownBy),
          fc.array(near, { maxLength: 3 }),
          async (one, name, given) => {
            const found = await named(identify, head(one, { [name]: given }), one)
            assert.ok(found === null || names.has(found))
          },
        ),
        { numRuns: 60 },
      )
    })

    test('knows nobody where no consumer declares it', async () => {
      const nobody = plugin.create({ consumers: {} }, testKeys)
      for (const shown of Object.values(right)) assert.equal(await named(nobody, head(shown), shown), null)
    })
  })
}

/** The consumer named; null where it is nobody, or refused. */
async function named(identify: Identify, request: RequestHead, shown: Pick<Shown, 'peer'>): Promise<string | null> {
  try {
    const answer = await identify(request, peer(shown))
    return answer !== null && 'consumer' in answer ? answer.consumer : null
  } catch {
    return null
  }
}

function peer({ peer: given }: Pick<Shown, 'peer'>): Peer {
  const address = '192.0.2.1'
  return { address, socket: address, port: 40_000, secure: true, certificate: () => null, ...given }
}

function head(
  { headers, target = '/' }: Pick<Shown, 'headers' | 'target'>,
  changed: Readonly<Record<string, readonly string[]>> = {},
): RequestHead {
  const single = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
  return { method: 'GET', target, headers: Object.assign(Object.create(null), single, changed) }
}
