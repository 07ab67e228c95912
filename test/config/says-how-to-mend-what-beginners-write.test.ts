import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderFaults } from '../../gateway/policy/fault.ts'
import { load } from './load.ts'

async function said(yaml: string): Promise<string> {
  const loaded = await load(yaml)
  return 'faults' in loaded ? renderFaults(loaded.faults, 'en') : ''
}

test('a value in the quotes of a word processor', async () => {
  const found = await said('listen: “127.0.0.1:8080”\nsystems:\n  a:\n    upstream: ‘http://u’\n')
  assert.match(found, /:1:9 CONFIG_VALUE .*; it is in typographic quotes/)
  assert.match(found, /:4:15 CONFIG_UPSTREAM .*; it is in typographic quotes/)
})

test('a system whose keys stand beside its name', async () => {
  const found = await said('systems:\n  a:\n  upstream: http://u\n')
  assert.match(
    found,
    /:2:3 CONFIG_TYPE .*if `upstream` below belongs under `a`, indent it by two spaces more than that/,
  )
})
