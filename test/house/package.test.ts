import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { removeFolder } from '../support/remove-folder.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const parts = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'gateway.yaml', 'LICENSE', 'README.md']
const folders = ['gateway', 'plugins', 'policies']

let folder = ''
let installed = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-package-'))
  const source = join(folder, 'source')
  await mkdir(source)
  for (const part of [...parts, 'README.zh-CN.md', ...folders]) {
    await cp(join(root, part), join(source, part), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(source, 'node_modules'), 'dir')
  await run('npm', ['pack', '--pack-destination', folder], { cwd: source, env: clean() })
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  await run('tar', ['-xzf', join(folder, `veilgate-${version}.tgz`), '-C', folder])
  installed = join(folder, 'package')
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
})

after(() => removeFolder(folder))

test('the packed policies pass their own tests under the packed engine', async () => {
  const { stdout } = await veilgate('test', join(installed, 'policies'))
  assert.match(stdout, /PASS: (\d+)\/\1\n$/)
})

test('a system alone is checked by the catalogue and audiences of the package', async () => {
  await mkdir(join(folder, 'own/systems'), { recursive: true })
  await writeFile(join(folder, 'own/systems/library.yaml'), 'system: library\nroutes:\n  - path: /api/loans\n')
  const { stdout } = await veilgate('check', 'own')
  assert.match(stdout, /catalogue\.yaml {2}\d+ data types/)
  assert.match(stdout, /counsellor/)
})

test('the packed demonstration goes as it should', async () => {
  const { stdout } = await veilgate('demo', '--once', '--lang', 'en')
  assert.match(stdout, /All is as it should be\.\n$/)
})

test('the package carries no sources, tests or keys', async () => {
  const { stdout } = await run('tar', ['-tzf', (await tarball())!])
  const files = stdout.trim().split('\n')
  assert.deepEqual(
    files.filter(file => /(?<!\.d)\.ts$|^package\/(?:test|bench|keys|records)\//.test(file)),
    [],
  )
  for (const expected of ['dist/gateway/cli/main.js', 'policies/catalogue.yaml', 'LICENSE', 'README.zh-CN.md']) {
    assert.ok(files.includes(`package/${expected}`), expected)
  }
})

async function tarball(): Promise<string | undefined> {
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
  return join(folder, `veilgate-${version}.tgz`)
}

async function veilgate(...args: string[]): Promise<{ stdout: string }> {
  const { bin } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
  return run(process.execPath, [join(installed, bin.veilgate), ...args], { cwd: folder, env: clean() })
}

/** Without what `npm test` set for its own children: npm would take it for the inner call's. */
function clean(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$|NODE_)/.test(name)))
}
