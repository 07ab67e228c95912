/** With UPDATE=1 the generated parts are written anew. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { engine } from '../../gateway/cli/policies/policies.ts'
import { compilePolicy, type PolicyText } from '../../gateway/policy/compile.ts'
import { compileCatalogue } from '../../gateway/policy/compile-catalogue.ts'
import { fillMarked, policyTables, schemaText } from '../../gateway/policy/describe.ts'
import { typesPage } from '../../gateway/policy/describe-types.ts'
import { renderFaults } from '../../gateway/policy/fault.ts'
import { runTests, testKeys } from '../../gateway/policy/run-tests.ts'
import { type FileKind, schemasOf } from '../../gateway/policy/schema.ts'
import { readYaml } from '../../gateway/policy/yaml.ts'
import { plugins } from '../../plugins/index.ts'

const policies = join(import.meta.dirname, '../../policies')
const readmes = [
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh'],
] as const

function fresh(name: string, text: string): void {
  const path = join(policies, name)
  if (process.env['UPDATE'] === '1') writeFileSync(path, text)
  const there = existsSync(path) ? readFileSync(path, 'utf8') : ''
  assert.equal(
    there,
    text,
    `policies/${name} is stale: UPDATE=1 node --test test/policy/keeps-its-documents-true.test.ts`,
  )
}

test('the schemas that editors read are those the gateway checks with', () => {
  for (const kind of ['catalogue', 'audiences', 'system'] as const)
    fresh(`schema/${kind}.json`, schemaText(plugins, kind))
})

test('the tables are those of the schemas', () => {
  for (const [name, lang] of readmes) {
    const text = readFileSync(join(policies, name), 'utf8')
    fresh(name, fillMarked(text, policyTables(plugins, lang)))
  }
})

test('the pages of the catalogue show every type as each form shows it', () => {
  const read = readYaml('catalogue.yaml', readFileSync(join(policies, 'catalogue.yaml')))
  assert.ok('document' in read)
  const { catalogue, faults } = compileCatalogue({ documents: [read.document], plugins, keys: testKeys })
  assert.deepEqual(faults, [])
  for (const [name, lang] of [
    ['CATALOGUE.md', 'en'],
    ['CATALOGUE.zh-CN.md', 'zh'],
  ] as const) {
    const page = typesPage(catalogue, lang)
    for (const type of catalogue.values()) {
      assert.ok(page.includes(`\`${type.name}\` ${type.title[lang]} `), type.name)
      assert.notEqual(type.source, null, `${type.name} says where it comes from`)
    }
    fresh(name, fillMarked(readFileSync(join(policies, name), 'utf8'), new Map([['types', page]])))
  }
})

test('every key is explained in both languages', () => {
  type Told = { description?: string; $ref?: string }
  const visit = (schema: unknown, path: string, definitions: Record<string, Told>) => {
    if (typeof schema !== 'object' || schema === null) return
    const { properties = {}, description, 'x-zh': chinese } = schema as Record<string, never>
    if (chinese !== undefined) assert.ok(description !== undefined, path)
    for (const [key, value] of Object.entries(properties as Record<string, Told>)) {
      const told = value.$ref === undefined ? value : definitions[value.$ref.replace('#/$defs/', '')]
      assert.ok(told?.description !== undefined || /^(zh|en)$/.test(key), `${path}.${key} says nothing of itself`)
    }
    for (const [key, value] of Object.entries(schema)) visit(value, `${path}/${key}`, definitions)
  }
  for (const [kind, schema] of Object.entries(schemasOf(plugins)))
    visit(schema, kind, (schema['$defs'] ?? {}) as Record<string, Told>)
})

for (const [name] of readmes) {
  test(`the fragments of ${name} are a policy, and its tests pass`, () => {
    const text = readFileSync(join(policies, name), 'utf8')
    const kinds: Readonly<Record<string, FileKind>> = { 'catalogue.yaml': 'catalogue', 'audiences.yaml': 'audiences' }
    const texts = [...text.matchAll(/```yaml\n# (\S+)\n([\s\S]*?)```/g)].map(([, file, body]): PolicyText => {
      return { kind: kinds[file!] ?? 'system', file: file!, bytes: Buffer.from(body!) }
    })
    assert.equal(texts.length, 5)
    const shipped = [
      { kind: 'catalogue', file: 'catalogue.yaml', bytes: readFileSync(join(policies, 'catalogue.yaml')) },
    ] as const
    const compiled = compilePolicy({ texts, shipped }, { plugins, keys: testKeys })
    assert.equal(renderFaults(compiled.faults, 'en'), '')
    assert.ok('policy' in compiled)
    const { systems } = compiled.policy
    const results = [...systems.values()].flatMap(system => runTests(compiled.policy, system, engine))
    assert.equal(results.length, 3)
    for (const { test: one, failures } of results) assert.deepEqual(failures, [], one.name)
  })
}
