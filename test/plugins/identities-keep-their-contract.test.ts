import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashApiKey, makeApiKey } from '../../plugins/identities/api-key.ts'
import { plugins } from '../../plugins/index.ts'
import { identityContract, type Presented } from '../contract/identity.ts'

const keys = { portal: makeApiKey(), oa: makeApiKey() }

/** How each identity is shown; one that is new is tried by adding it here. */
const presented: ReadonlyMap<string, Presented> = new Map([
  [
    'api_key',
    {
      declared: { portal: hashApiKey(keys.portal), oa: [hashApiKey(makeApiKey()), hashApiKey(keys.oa)] },
      right: {
        portal: { headers: { authorization: `Bearer ${keys.portal}` } },
        oa: { headers: { authorization: `bearer ${keys.oa}` } },
      },
    },
  ],
])

test('every identity is tried', () => {
  assert.deepEqual([...presented.keys()].sort(), plugins.identities.map(({ name }) => name).sort())
})

for (const plugin of plugins.identities) identityContract(plugin, presented.get(plugin.name)!)
