import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { readYaml, yamlLimits } from '../../gateway/policy/yaml.ts'
import { corpus } from '../support/corpora.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const codes = (text: string | Uint8Array) => {
  const read = readYaml('x.yaml', typeof text === 'string' ? encode(text) : text)
  return 'faults' in read
    ? read.faults.map(fault => `${fault.line}:${fault.column} ${fault.code}`)
    : read.document.value
}

test('any bytes give a document or faults, and nothing is thrown', () => {
  const pieces = [
    'a: ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '"',
    "'",
    '|\n',
    '\n',
    ' ',
    ': ',
    '#',
    '!x ',
    '%Y',
    '---\n',
    '\\u00',
    '甲',
  ]
  const yamlLike = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map(parts => encode(parts.join('')))
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }).map(encode), yamlLike),
      bytes => {
        const read = readYaml('x.yaml', bytes)
        if ('document' in read) return
        assert.ok(read.faults.length > 0)
        for (const fault of read.faults) assert.ok(fault.line >= 1 && fault.column >= 1 && fault.width >= 1)
      },
    ),
    { numRuns: 2000 },
  )
})

test('keys are what was written, whatever YAML would make of them', () => {
  const value = codes("4: remove\nno: 1\n1.0: 2\n'': 3\n__proto__: 4")
  assert.deepEqual(value, ['4:1 YAML_KEY'])
  const read = codes('4: remove\nno: 1\n1.0: 2\n__proto__: 4') as Record<string, unknown>
  assert.deepEqual(Object.keys(read), ['4', 'no', '1.0', '__proto__'])
  assert.equal(Object.getPrototypeOf(read), null)
})

test('what bombs, hides or is of another YAML is refused with its place', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef'])
    bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`)
  assert.deepEqual(codes(bomb.join('\n')), ['1:1 YAML_TOO_MANY'])
  assert.deepEqual(codes('a: &a [*a]'), ['1:8 YAML_ALIAS'])
  assert.deepEqual(codes('[a, *b]'), ['1:5 YAML_ALIAS'])
  assert.deepEqual(codes('a: 1\nb: {c: 1, c: 2}'), ['2:11 YAML_DOUBLED_KEY'])
  assert.deepEqual(codes('x: !foo 1'), ['1:4 YAML_TAG'])
  assert.deepEqual(codes('<<: {a: 1}'), ['1:1 YAML_MERGE'])
  assert.deepEqual(codes('? [a]\n: b'), ['1:3 YAML_KEY'])
  assert.deepEqual(codes('%YAML 1.1\n---\na: yes'), ['1:1 YAML_DIRECTIVE'])
  assert.deepEqual(codes('--- a\n--- b'), ['2:1 YAML_DOCUMENTS'])
  assert.deepEqual(codes('a: 学\u202E生'), ['1:5 YAML_CHARACTER'])
  assert.deepEqual(codes(new Uint8Array([0x61, 0x3a, 0x20, 0xd6, 0xd0])), ['1:1 YAML_ENCODING'])
  assert.deepEqual(codes('[\n'.repeat(yamlLimits.depth + 2)), [`${yamlLimits.depth + 2}:1 YAML_TOO_DEEP`])
})

test('a file of 1 MiB is read, and one byte more is refused', () => {
  const filled = encode(`a: 1\n${'#'.repeat(yamlLimits.size - 5)}`)
  assert.deepEqual({ ...(codes(filled) as object) }, { a: 1 })
  assert.deepEqual(codes(new Uint8Array([...filled, 0x23])), ['1:1 YAML_TOO_LARGE'])
})

test('1 MiB of hostile text comes to an end', () => {
  for (const piece of ['[],', '"', '&a ', '*a\n', '[', '- ', '? ', ': ', '|\n ', '---\n'])
    assert.ok(codes(piece.repeat(Math.floor(yamlLimits.size / piece.length))) !== undefined)
  const keys = Array.from({ length: 90_000 }, (_, index) => `k${index}: 1`).join('\n')
  assert.equal(Object.keys(codes(keys) as object).length, 90_000)
})

test('an alias is the value of its anchor', () => {
  const read = readYaml('x.yaml', encode('a: &a { b: 1 }\nc: *a\n'))
  assert.ok('document' in read)
  assert.equal(JSON.stringify(read.document.value), '{"a":{"b":1},"c":{"b":1}}')
  const fault = read.document.fault(['c', 'b'], 'POLICY_X', { zh: '', en: '' })
  assert.equal(`${fault.line}:${fault.column}`, '1:12')
})

type YamlCase = { id: string; fail: boolean; json?: string; yaml: string }

const yaml = corpus('yaml')
test('the YAML test suite: what must fail is refused, and what is read has the right value', {
  skip: yaml.skip,
}, () => {
  const lines = readFileSync(join(yaml.path, 'cases.jsonl'), 'utf8').trim().split('\n')
  let read = 0
  for (const line of lines) {
    const { id, fail, json, yaml: text } = JSON.parse(line) as YamlCase
    const result = readYaml(id, encode(text))
    if (fail) assert.ok('faults' in result, `${id} must be refused`)
    else if ('document' in result && json !== undefined && json !== '') {
      assert.deepEqual(JSON.parse(JSON.stringify(result.document.value)), JSON.parse(json), id)
      read++
    }
  }
  assert.ok(read > 200, `${read} texts read`)
})
