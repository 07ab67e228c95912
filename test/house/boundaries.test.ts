import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourcesIn } from './imports.ts'
import { breaches, impurities } from './layers.ts'

test('every import keeps to the layers', async () => {
  assert.deepEqual(breaches(await sourcesIn('gateway', 'plugins')), [])
})

test('policy, masking and the verifying of records are free of time, chance, files and network', async () => {
  assert.deepEqual(impurities(await sourcesIn('gateway', 'plugins')), [])
})

test('every planted breach of the layers is found', () => {
  const planted: [file: string, text: string][] = [
    ['gateway/masking/planted.ts', "import { chooseRoute } from '../exchange/server.ts'"],
    ['gateway/masking/planted.ts', "import { compile } from '../policy/compile.ts'"],
    ['gateway/masking/planted.ts', "import {\n  type Plan,\n  compile,\n} from '../policy/compile.ts'"],
    ['gateway/policy/planted.ts', "import type { Masking } from '../masking/engine.ts'"],
    ['gateway/policy/planted.ts', "export * from '../records/entry.ts'"],
    ['gateway/records/planted.ts', "const { x } = await import('../access/keys.ts')"],
    ['gateway/records/planted.ts', 'const x = await import(name)'],
    ['gateway/exchange/planted.ts', "import { json } from '../../plugins/formats/json.ts'"],
    ['gateway/exchange/planted.ts', "import '../cli/serve/serve.ts'"],
    ['gateway/access/planted.ts', "import type { FastifyRequest } from 'fastify'"],
    ['gateway/masking/planted.ts', "import proxy from '@fastify/http-proxy'"],
    ['gateway/exchange/planted.ts', "import leftPad from 'left-pad'"],
    ['gateway/demo/planted.ts', "import { createGateway } from '../exchange/server.ts'"],
    ['gateway/contracts.ts', "import type { Plan } from './policy/plan.ts'"],
    ['gateway/contracts/planted.ts', "import type { Plan } from '../policy/plan.ts'"],
    ['gateway/policy/names.ts', "import { compile } from './compile.ts'"],
    ['plugins/masks/planted.ts', "import { normalizeName } from '../../gateway/policy/names.ts'"],
    ['plugins/masks/planted.ts', "import { parse } from 'yaml'\nimport Ajv from 'ajv'"],
  ]
  for (const [file, text] of planted) assert.equal(breaches([{ file, text }]).length, 1, `${file}: ${text}`)
})

test('what the layers allow is let through', () => {
  const harmless: [file: string, text: string][] = [
    ['gateway/masking/harmless.ts', "import type { Plan } from '../policy/plan.ts'"],
    ['gateway/masking/harmless.ts', "import { type Plan, type Binding } from '../policy/plan.ts'"],
    ['gateway/masking/harmless.ts', "import { normalizeName } from '../policy/names.ts'"],
    ['gateway/masking/harmless.ts', "import { Refusal } from '../errors.ts'"],
    ['gateway/exchange/harmless.ts', "import Fastify from 'fastify'"],
    ['gateway/cli/harmless.ts', "import { plugins } from '../../plugins/index.ts'"],
    ['plugins/masks/harmless.ts', "import { createHmac } from 'node:crypto'\nimport { parse } from 'yaml'"],
    ['gateway/masking/harmless.ts', "/** import { x } from '../cli/x.ts' */\nexport const a = 1"],
  ]
  for (const [file, text] of harmless) assert.deepEqual(breaches([{ file, text }]), [], `${file}: ${text}`)
})

test('time, chance and files planted in the pure rooms are found', () => {
  const planted = [
    "import { readFile } from 'node:fs/promises'",
    "import { request } from 'node:http'",
    'const now = Date.now()',
    'const id = randomUUID()',
    'const home = process.env.HOME',
  ]
  for (const text of planted) {
    assert.equal(impurities([{ file: 'gateway/masking/planted.ts', text }]).length, 1, text)
    assert.equal(impurities([{ file: 'gateway/policy/planted.ts', text }]).length, 1, text)
    assert.deepEqual(impurities([{ file: 'gateway/policy/load.ts', text }]), [], text)
  }
})
