import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { explanationsInChinese } from '../../gateway/cli/usage-zh.ts'
import { runCommand } from '../support/run-command.ts'

const folder = new URL('../../gateway/cli/', import.meta.url)
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
const names = sources.flatMap(file => {
  const text = readFileSync(new URL(file, folder), 'utf8')
  return /export const command: Command = \{\s+name: '([^']+)'/.exec(text)?.[1] ?? []
})

test('every command is in the overview, by what it does', async () => {
  assert.ok(names.length > 20)
  for (const lang of ['en', 'zh'] as const) {
    const { stdout, status } = await runCommand(['--help'], { lang })
    assert.equal(status, 0)
    for (const name of names) {
      const told = new RegExp(`^ {2}${name} {2,}(.+)$`, 'm').exec(stdout)?.[1]
      assert.ok(told, name)
      assert.match(told, lang === 'en' ? /^[a-z].*[^.]$/ : /\p{Script=Han}.*[^。]$/u, `${name}: ${told}`)
    }
  }
})

test('every command tells its usage', async () => {
  for (const name of names) {
    const { stdout, status } = await runCommand([...name.split(' '), '--help'])
    assert.equal(status, 0, name)
    assert.match(stdout, new RegExp(`^ {2}veilgate ${name}`, 'm'))
  }
})

test('every command tells its usage in Chinese as well, and no line of it is left in English', async () => {
  const used = new Set<string>()
  const overview = (await runCommand(['--help'], { lang: 'en' })).stdout
  for (const [, name] of overview.matchAll(/^ {2}([a-z][a-z -]*?) {2,}/gm)) {
    const [english, chinese] = await Promise.all(
      (['en', 'zh'] as const).map(async lang => (await runCommand([...name!.split(' '), '--help'], { lang })).stdout),
    )
    for (const explanation of explanationsInChinese.keys()) if (english!.includes(explanation)) used.add(explanation)
    // what is left in front of Chinese, or of nothing, are the words of the command line
    for (const line of chinese!.split('\n').slice(2)) {
      const before = line.replace(/\p{Script=Han}.*$/u, '').replace(new RegExp(`veilgate ${name}`), '')
      assert.doesNotMatch(
        before,
        /(?<![\w|:.-])(?:a|of|the|in|is|its|your|as|with|where|what|by|left|out)(?![\w|-])/,
        line,
      )
    }
  }
  assert.deepEqual(
    [...explanationsInChinese.keys()].filter(one => !used.has(one)),
    [],
  )
})

test('the first word of several commands lists them, and an unknown one lists none', async () => {
  const records = await runCommand(['records', '--help'])
  assert.equal(records.status, 0)
  assert.match(records.stdout, /^ {2}records query {2,}/m)
  assert.doesNotMatch(records.stdout, /^ {2}(?:serve|keys)/m)
  assert.equal((await runCommand(['records'])).status, 2)
  const unknown = await runCommand(['nonsense', '--help'])
  assert.deepEqual([unknown.status, unknown.stdout], [2, ''])
  assert.match(unknown.stderr, /no command named 'nonsense'/)
})

test('a command that is none leads to the one that was meant, also by its last word alone', async () => {
  const told = async (...line: string[]) => (await runCommand(line)).stderr
  for (const [line, meant] of [
    ['record query', 'records query'],
    ['records qurey', 'records query'],
    ['discovr x', 'discover'],
    ['verify --records r', 'records verify'],
    ['query', 'records query'],
  ] as const)
    assert.match(await told(...line.split(' ')), new RegExp(`Did you mean veilgate ${meant}\\?`), line)
  // of several commands
  assert.doesNotMatch(await told('list'), /Did you mean/)
})

test('which version runs is told', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const told = await runCommand(['--version'])
  assert.deepEqual([told.status, told.stdout], [0, `veilgate ${version}, Node ${process.version}\n`])
})
