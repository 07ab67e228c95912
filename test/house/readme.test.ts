import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { type LegacySystem, startLegacySystem } from '../../gateway/demo/legacy-system.ts'
import { freePort } from '../support/free-port.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { prints, type Snippet, snippetsOf } from './snippets.ts'

const root = join(import.meta.dirname, '../..')
const readme = await readFile(join(root, 'README.md'), 'utf8')
const snippets = snippetsOf(readme)

let folder = ''
let legacy: LegacySystem

before(async () => {
  legacy = await startLegacySystem({ people: 30 })
  folder = await mkdtemp(join(tmpdir(), 'veilgate-readme-'))
  for (const part of ['gateway', 'plugins', 'node_modules']) await symlink(join(root, part), join(folder, part), 'dir')
  for (const part of ['package.json', 'policies', 'gateway.yaml']) {
    await cp(join(root, part), join(folder, part), { recursive: true })
  }
})

after(async () => {
  await legacy.close()
  await removeFolder(folder)
})

test('the snippets of the README run one after the other and print what it shows', async () => {
  const port = await freePort()
  let admin = await freePort()
  while (admin === port) admin = await freePort()
  // The ports of the page may be taken here. The old system of the page is the demonstration's.
  const here = (text: string) =>
    text
      .replace(/\bserve --upstream \S+/g, `$& --listen 127.0.0.1:${port} --admin 127.0.0.1:${admin}`)
      .replaceAll('127.0.0.1:9000', legacy.url.slice(7))
      .replaceAll(':8080', `:${port}`)
      .replaceAll(':8081', `:${admin}`)
  await writeFile(join(folder, 'gateway.yaml'), here(await readFile(join(folder, 'gateway.yaml'), 'utf8')))
  const script = ['set -euo pipefail']
  for (const [index, snippet] of snippets.entries()) script.push(...step(index, snippet, here))
  await run(script)
  for (const [index, snippet] of snippets.entries()) {
    if (snippet.prints === null) continue
    const printed = await readFile(join(folder, `out.${index}`), 'utf8')
    const shown = here(snippet.prints)
    assert.ok(prints(shown, printed), `README.md:${snippet.line} shows\n${shown}\nbut this came out\n${printed}`)
  }
})

test('the Chinese README has the same snippets', async () => {
  const chinese = snippetsOf(await readFile(join(root, 'README.zh-CN.md'), 'utf8'))
  const bare = (all: Snippet[]) => all.map(({ language, text, prints: shown }) => ({ language, text, shown }))
  assert.deepEqual(bare(chinese), bare(snippets))
})

test('a page that shows something else than what comes out is found', () => {
  assert.ok(prints('{"a":1}\n', '{"a":1}\n'))
  assert.ok(prints('gw1-0:1 … 200\n…\nend\n', 'gw1-0:1 oa 200\nmore\nmore\nend\n'))
  assert.ok(!prints('{"a":1}\n', '{"a":2}\n'))
  assert.ok(!prints('one\n', 'one\ntwo\n'))
})

/** A file to write, or commands to run in the one shell of the page. This clone is installed already. */
function step(index: number, { language, text, line }: Snippet, here: (text: string) => string): string[] {
  if (language === 'yaml') {
    const path = /^# (\S+\.yaml)/.exec(text)?.[1]
    assert.ok(path, `README.md:${line}: a yaml block begins with the name of its file`)
    return [`mkdir -p '${dirname(path)}'`, `cat > '${path}' <<'END-OF-SNIPPET'\n${here(text)}END-OF-SNIPPET`]
  }
  const commands = here(text).replace(/^npm ci$/gm, ':')
  return [`echo 'README.md:${line}' > at`, `{\n${commands}} > out.${index} 2> err.${index}`]
}

/** Runs the page in a process group of its own, and ends what it left running. */
async function run(script: string[]): Promise<void> {
  await mkdir(join(folder, 'home'), { recursive: true })
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$|NODE_|LC_)/.test(name)),
  )
  const shell = spawn('bash', ['-c', script.join('\n')], {
    cwd: folder,
    env: { ...env, LANG: 'C.UTF-8', CI: 'true', NO_COLOR: '1' },
    stdio: 'ignore',
    detached: true,
  })
  const [status] = await once(shell, 'exit')
  try {
    process.kill(-shell.pid!, 'SIGTERM')
  } catch {
    // Nothing was left running.
  }
  if (status === 0) return
  const at = (await readFile(join(folder, 'at'), 'utf8')).trim()
  const index = snippets.findIndex(snippet => `README.md:${snippet.line}` === at)
  const told = await Promise.all(
    ['out', 'err'].map(name => readFile(join(folder, `${name}.${index}`), 'utf8').catch(() => '')),
  )
  assert.fail(`${at} ended with ${status}\n${told.join('\n')}`)
}
