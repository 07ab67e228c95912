import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { layers } from './layers.ts'

const root = join(import.meta.dirname, '../..')
const skipped = new Set(['node_modules', 'dist', '.git', 'results'])

async function pages(folder = ''): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !skipped.has(entry.name)) found.push(...(await pages(path)))
    else if (entry.isFile() && entry.name.endsWith('.md')) found.push(path)
  }
  return found
}

/** Text outside fenced blocks, where a path is a statement about the tree and not an example. */
function prose(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '')
}

test('every relative link in every page leads somewhere', async () => {
  const dead: string[] = []
  for (const page of await pages()) {
    const text = prose(await readFile(join(root, page), 'utf8'))
    for (const [, target] of text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)) {
      if (!existsSync(join(root, dirname(page), target!))) dead.push(`${page}: ${target}`)
    }
  }
  assert.deepEqual(dead, [])
})

test('every source, test and policy file a page names is there', async () => {
  const missing: string[] = []
  for (const page of await pages()) {
    const text = prose(await readFile(join(root, page), 'utf8'))
    for (const [, path] of text.matchAll(
      /`((?:gateway|plugins|policies|test|bench)\/[\w./-]+\.(?:ts|yaml|json|md))`/g,
    )) {
      if (!existsSync(join(root, path!))) missing.push(`${page}: ${path}`)
    }
  }
  assert.deepEqual(missing, [])
})

test('every invariant of the map names a test that proves it', async () => {
  const text = await readFile(join(root, 'gateway/README.md'), 'utf8')
  const section = /\n## Invariants\n([\s\S]*?)\n## /.exec(text)![1]!
  const rows = section.split('\n').filter(line => line.startsWith('| ') && !line.startsWith('| invariant'))
  assert.ok(rows.length >= 10)
  for (const row of rows) assert.match(row, /`test\/[\w/.-]+\.test\.ts`/, row)
})

test('the table of layers in the map is the one the boundaries test holds', async () => {
  const text = await readFile(join(root, 'gateway/README.md'), 'utf8')
  for (const [room, { all, types }] of layers) {
    const cells = [room, all.join(', ') || 'nothing', types.join(', ') || 'nothing'].map(cell => ` ${cell} `)
    assert.ok(text.includes(`|${cells.join('|')}|`), `|${cells.join('|')}|`)
  }
})

test('both READMEs hold the same headings, snippets and tables in the same order', async () => {
  const [english, chinese] = await Promise.all(
    ['README.md', 'README.zh-CN.md'].map(name => readFile(join(root, name), 'utf8')),
  )
  const shape = (text: string) => (text.match(/^(?:#+(?= )|```\w*|\|---.*)/gm) ?? []).join('\n')
  assert.equal(shape(chinese!), shape(english!))
})

test('every room with a map of its files names all of them, and so do the formats', async () => {
  const rooms = ['access', 'config', 'console', 'exchange', 'masking', 'policy', 'records'].map(
    room => `gateway/${room}`,
  )
  const left: string[] = []
  for (const room of [...rooms, 'plugins/formats']) {
    const files = await readdir(join(root, room), { recursive: true })
    const maps = files
      .filter(file => basename(file) === 'README.md')
      .map(file => readFile(join(root, room, file), 'utf8'))
    const text = (await Promise.all(maps)).join('\n')
    for (const file of files.filter(file => file.endsWith('.ts'))) {
      if (!text.includes(`\`${basename(file)}\``) && !text.includes(`/${basename(file)}\``))
        left.push(`${room}/${file}`)
    }
  }
  assert.deepEqual(left, [])
})
