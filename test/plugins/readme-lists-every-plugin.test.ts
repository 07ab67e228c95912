import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { describePlugins } from '../../plugins/describe.ts'
import { plugins } from '../../plugins/index.ts'

const readme = new URL('../../plugins/README.md', import.meta.url)
const [begin, end] = ['<!-- begin generated -->\n', '<!-- end generated -->']

test('the catalogue in plugins/README.md is what the plugins say (UPDATE=1 writes it anew)', () => {
  const text = readFileSync(readme, 'utf8')
  const from = text.indexOf(begin) + begin.length
  const to = text.indexOf(end)
  assert.ok(from >= begin.length && to >= from, 'the marks are there')
  const fresh = `${text.slice(0, from)}\n${describePlugins(plugins)}\n\n${text.slice(to)}`
  if (process.env['UPDATE'] === '1') writeFileSync(readme, fresh)
  else assert.equal(text, fresh)
})

test('the mask that the README teaches by keeps the contract', async () => {
  const text = readFileSync(readme, 'utf8')
  const source = /```ts\n([\s\S]*?)```/
    .exec(text)![1]!
    .replace(/^import type .*\n/, '')
    .replace(/: MaskPlugin<Options>/, '')
  const stripped = source.replace(/^type .*\n/m, '')
  const { roundDown } = await import(`data:text/javascript,${encodeURIComponent(stripped)}`)
  for (const { options, in: value, out } of roundDown.examples) {
    assert.equal(roundDown.create(options).mask(value), out)
  }
})

test('every file of a kind is in the list, under the name of its file', () => {
  for (const [kind, listed] of Object.entries({
    masks: plugins.masks,
    identities: plugins.identities,
    notifiers: plugins.notifiers,
  })) {
    for (const { name } of listed) {
      const file = new URL(`../../plugins/${kind}/${name.replaceAll('_', '-')}.ts`, import.meta.url)
      assert.ok(readFileSync(file, 'utf8').includes(`name: '${name}'`))
    }
  }
  for (const list of [plugins.masks, plugins.detectors, plugins.formats, plugins.identities, plugins.notifiers]) {
    assert.equal(new Set(list.map(({ name }) => name)).size, list.length)
  }
})
