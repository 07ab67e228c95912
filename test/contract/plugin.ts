import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Bilingual, OptionsSchema } from '../../gateway/contracts.ts'

type AnyPlugin = { kind: string; name: string; summary: Bilingual; options: OptionsSchema }

/** What holds for a plugin of any kind: a name policies can use, words in both languages, documented options. */
export function isAPlugin(plugin: AnyPlugin, kind: string): void {
  test(`${plugin.name} says what it is, in both languages`, () => {
    assert.equal(plugin.kind, kind)
    assert.match(plugin.name, /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/)
    assert.match(plugin.summary.zh, /\p{Script=Han}/u)
    assert.match(plugin.summary.en, /^[A-Z][^\p{Script=Han}]+[^.]$/u)
  })

  test(`${plugin.name} describes each of its options`, () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
    ajv.addKeyword({ keyword: 'x-words' })
    ajv.compile(plugin.options)
    for (const [name, option] of Object.entries(plugin.options.properties)) {
      assert.ok('description' in option && typeof option.description === 'string', name)
    }
  })
}
