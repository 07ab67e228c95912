import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMasking } from '../../gateway/masking/engine.ts'
import { plugins } from '../../plugins/index.ts'

const { chooseFormat } = createMasking(plugins)
const formatOf = (label: string | null, head: string) => chooseFormat(label, Buffer.from(head))?.name

test('objects and arrays are read as JSON under labels that say too little', () => {
  for (const label of [null, 'text/plain', 'text/html', 'application/octet-stream', 'text/javascript']) {
    for (const head of ['{"xm":"张三"}', ' \r\n[{"xm":1}]', '[1, 2]', '[]', '\ufeff{"a"']) {
      assert.equal(formatOf(label, head), 'json', `${label} ${head}`)
    }
  }
})

test('what only begins with a bracket is not', () => {
  for (const head of ['[2026-11-21 08:00] started', '{xm: 1}', '[INFO] ok', '{{name}}']) {
    assert.notEqual(formatOf('text/plain', head), 'json', head)
  }
})
