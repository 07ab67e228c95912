import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { readYaml } from '../../gateway/policy/yaml.ts'
import { plugins } from '../../plugins/index.ts'
import { found, load } from './load.ts'

test('what is misspelt and what makes no sense are told together', async () => {
  const yaml = `listen: 127.0.0.1:99999
timezone: Asia/Shanghia
systems:
  a: { upstream: "ftp://u" }
  b: { upstream: "http://u", prefix: /b, timeout: 3s }
consumers:
  p: { audience: public, adresses: [10.0.0.0/8] }
  q: { audience: staff, addresses: [10.0.0.0/99] }
`
  assert.deepEqual(await found(yaml), [
    '1:9 CONFIG_LISTEN',
    '2:11 CONFIG_TIMEZONE',
    '4:18 CONFIG_UPSTREAM',
    '5:42 CONFIG_UNKNOWN_KEY',
    '7:26 CONFIG_UNKNOWN_KEY',
    '8:37 CONFIG_ADDRESS',
  ])
})

test('what only follows from something misspelt is not told', async () => {
  const learnt = 'system_login: { system: a, path: /login, field: u, cookie: S, success: { status: 302 } }'
  const yaml = `systems: { a: { upstream: "http://u", prefx: /a } }
aprovers: {}
reviews: { pass: [security], check: [privacy], release: [audit] }
admin: 127.0.0.1
consumers: { o: { audience: staff, addresses: [10.0.0.0/8], ${learnt} } }
`
  const faults = await found(yaml, {}, plugins.identities)
  assert.deepEqual(
    faults.map(one => one.replace(/:\d+/, '')),
    ['1 CONFIG_UNKNOWN_KEY', '2 CONFIG_UNKNOWN_KEY', '4 CONFIG_VALUE'],
  )
})

/** All that can be said in gateway.yaml, as its README shows it. */
const all = await (async () => {
  const file = join(import.meta.dirname, '../../gateway/config/README.md')
  const yaml = /```yaml\n([\s\S]+?)```/.exec(await readFile(file, 'utf8'))![1]!
  const hash = `sha256:${'a'.repeat(64)}`
  const read = readYaml('README.md', Buffer.from(yaml.replaceAll('sha256:…', hash)))
  if ('faults' in read) throw new Error('the fragments are no YAML')
  return JSON.parse(JSON.stringify(read.document.value)) as Tree
})()

type Tree = { [key: string]: Tree | string }

/** `code` of each fault by the section that it is in. */
async function bySection(value: Tree): Promise<string[]> {
  // JSON is YAML; a line for each section
  const sections = Object.entries(value)
  const lines = sections.map(([name, part]) => `${JSON.stringify(name)}: ${JSON.stringify(part)}\n`)
  const result = await load(lines.join(''), {}, plugins.identities)
  const faults = 'faults' in result ? result.faults : []
  const errors = faults.filter(({ severity }) => severity === 'error')
  return errors.map(({ line, code }) => `${sections[line - 1]![0]} ${code}`)
}

function pathsIn(tree: Tree | string): string[][] {
  if (typeof tree !== 'object') return []
  return Object.entries(tree).flatMap(([key, part]) => [[key], ...pathsIn(part).map(path => [key, ...path])])
}

/** A copy in which one key is misspelt, or its value is something else. */
function spoilt(tree: Tree, [key, ...rest]: string[], what: unknown): Tree {
  const copy = Array.isArray(tree) ? ([...tree] as unknown as Tree) : { ...tree }
  if (rest.length > 0) copy[key!] = spoilt(tree[key!] as Tree, rest, what)
  else if (what !== misspelt) copy[key!] = what as string
  else {
    delete copy[key!]
    copy[`${key}x`] = tree[key!]!
  }
  return copy
}
const misspelt = Symbol('misspelt')

test('whatever is misshapen, the loader says so, and nothing new of other sections', async () => {
  const paths = pathsIn(all)
  const usual = new Set(await bySection(all))
  const anything = fc.constantFrom(misspelt, misspelt, 42, null, [], {}, [{}], { x: 1 }, true, '¿')
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), anything, async (path, what) => {
      const more = (await bySection(spoilt(all, path, what))).filter(one => !usual.has(one))
      const section = path.length === 1 && what === misspelt ? `${path[0]}x` : path[0]!
      // nothing is misshapen, as in `approvers: {}`; or all of the file is, without `systems`
      if (!more.some(one => one.startsWith(`${section} `)) || path.join() === 'systems') return
      for (const one of more) assert.equal(one.split(' ')[0], section, `${path.join('.')}: ${one}`)
    }),
    { numRuns: 60 },
  )
})
