import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Caller, Challenge, Identify, IdentityPlugin, RequestHead } from '../../gateway/contracts.ts'
import { testKeys } from './key-ring.ts'
import { isAPlugin } from './plugin.ts'

/** How one identity is tried: what consumers declare under its name, and headers that show it. */
export type Presented = {
  readonly declared: Readonly<Record<string, unknown>>
  /** By consumer: header values, in lower-case names. */
  readonly right: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const peer = { address: '192.0.2.1' }

/** What every identity keeps to. */
export function identityContract(plugin: IdentityPlugin, { declared, right }: Presented): void {
  describe(`identity ${plugin.name}`, () => {
    isAPlugin(plugin, 'identity')
    const identify: Identify = plugin.create({ consumers: declared }, testKeys)
    const names = new Set(Object.keys(declared))

    test('names each consumer by what it shows', async () => {
      for (const [consumer, headers] of Object.entries(right)) {
        assert.deepEqual(await identify(head(single(headers)), peer), { consumer })
      }
    })

    test('says nobody, or how to present credentials, where there are none', async () => {
      const answer = await identify(head({}), peer)
      assert.ok(answer === null || ('challenge' in answer && /^[A-Za-z]+ /.test(answer.challenge)))
    })

    test('takes no credentials that come twice', async () => {
      for (const headers of Object.values(right)) {
        const twice = Object.entries(headers).map(([name, value]) => [name, [value, value]] as const)
        assert.equal(await named(identify, head(Object.fromEntries(twice))), null)
      }
    })

    test('takes no credentials that are longer, shorter or changed by a character', async () => {
      for (const headers of Object.values(right)) {
        for (const [name, value] of Object.entries(headers)) {
          const wrong = [`${value}x`, value.slice(0, -1), `${value}${'x'.repeat(1_000_000)}`, '']
          for (const one of wrong) {
            assert.equal(await named(identify, head(single({ ...headers, [name]: one }))), null, one.slice(0, 80))
          }
        }
      }
    })

    test('answers or throws whatever a header holds, and names nobody but declared consumers', async () => {
      const values = Object.values(right).flatMap(headers => Object.values(headers))
      const shownBy = [...new Set(Object.values(right).flatMap(headers => Object.keys(headers)))]
      const near = fc.oneof(
        fc.string(),
        fc.constantFrom(...values).chain(value => fc.string().map(text => value + text)),
      )
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...shownBy), fc.array(near, { maxLength: 3 }), async (name, given) => {
          const found = await named(identify, head({ [name]: given }))
          assert.ok(found === null || names.has(found))
          assert.ok(found === null || given.length === 1)
        }),
      )
    })

    test('knows nobody where no consumer declares it', async () => {
      const nobody = plugin.create({ consumers: {} }, testKeys)
      for (const headers of Object.values(right)) assert.equal(await named(nobody, head(single(headers))), null)
    })
  })
}

/** The consumer named; null where it is nobody, or refused. */
async function named(identify: Identify, request: RequestHead): Promise<string | null> {
  let answer: Caller | Challenge | null
  try {
    answer = await identify(request, peer)
  } catch {
    return null
  }
  return answer !== null && 'consumer' in answer ? answer.consumer : null
}

function single(headers: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
}

function head(headers: Readonly<Record<string, readonly string[]>>): RequestHead {
  return { method: 'GET', headers: Object.assign(Object.create(null), headers) }
}
