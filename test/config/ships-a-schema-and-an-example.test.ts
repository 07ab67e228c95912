import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../gateway/config/load.ts'
import { configSchema } from '../../gateway/config/schema.ts'
import { renderFaults } from '../../gateway/policy/fault.ts'
import { plugins } from '../../plugins/index.ts'

const root = join(import.meta.dirname, '../..')

test('the schema that editors read is the one the loader validates with (UPDATE=1 writes it)', async () => {
  const file = join(root, 'gateway/config/gateway.schema.json')
  const fresh = configSchema(plugins.identities)
  if (process.env['UPDATE'] === '1') await writeFile(file, `${JSON.stringify(fresh, null, 2)}\n`)
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), JSON.parse(JSON.stringify(fresh)))
})

test('the example gateway.yaml loads without a fault or a warning', async () => {
  const result = await loadConfig(join(root, 'gateway.yaml'), { identities: plugins.identities, now: Date.now() })
  assert.equal(renderFaults('faults' in result ? result.faults : result.warnings, 'en'), '')
})
