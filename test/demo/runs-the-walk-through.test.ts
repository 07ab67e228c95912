import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { leaks } from '../../gateway/demo/walkthrough.ts'
import { displayWidth } from '../../gateway/terminal.ts'
import { removeFolder } from '../support/remove-folder.ts'

const main = join(import.meta.dirname, '../../gateway/cli/main.ts')
const forms = { zh: /一切如所应有/, en: /All is as it should be/ }

let folder = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-demo-test-'))
})

after(() => removeFolder(folder))

for (const lang of ['zh', 'en'] as const) {
  test(`once, it ends by itself with 0, fits 100 columns and leaves nothing behind (${lang})`, async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, 'demo', '--once', '--lang', lang], {
      env: { ...process.env, TMPDIR: folder },
    })
    assert.match(stdout, forms[lang])
    assert.match(stdout, /gw1-0:\d+ +counselling +u1203/)
    assert.deepEqual(
      stdout.split('\n').filter(line => displayWidth(line) > 100),
      [],
    )
    assert.equal(stderr, '')
    assert.deepEqual(await readdir(folder), [])
  })
}

test('it goes on serving with lines that work, until it is interrupted', async t => {
  const demo = spawn(process.execPath, [main, 'demo', '--lang', 'en'], { env: { ...process.env, TMPDIR: folder } })
  t.after(() => demo.kill('SIGKILL'))
  const page = await printedUntil(demo, /api\/session\n/)
  const lines = page.slice(page.indexOf('  cd '))
  const { stdout } = await promisify(execFile)('bash', ['-euc', lines.replaceAll('curl ', 'curl -sS ')])
  const [open, closed, shown] = stdout.split('{"code"')
  assert.equal(open, '')
  assert.deepEqual(leaks(closed!), { ids: 0, mobiles: 0 })
  assert.match(shown!, /"tel":"1\d\d\*\*\*\*\d{4}"/)
  assert.match(stdout, /"tel":"1\d{10}"/)
  assert.match(stdout, /set-cookie: /i)
  assert.doesNotMatch(stdout, /\.node1/)
  assert.match(stdout, /"userName":"u\*+"\}\}$/)
  const ended = once(demo, 'exit')
  demo.kill('SIGINT')
  demo.kill('SIGINT')
  assert.deepEqual(await ended, [0, null])
})

/** What a process has printed by the time this was in it. */
async function printedUntil({ stdout, stderr }: ChildProcess, awaited: RegExp): Promise<string> {
  let page = ''
  stderr!.on('data', chunk => (page += chunk))
  for await (const chunk of stdout!.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    page += chunk
    if (awaited.test(page)) return page
  }
  throw new Error(`it ended before: ${page}`)
}

test('where there is no place for its folder it says so, and what to do', async () => {
  const nowhere = join(folder, 'nowhere')
  const ran = promisify(execFile)(process.execPath, [main, 'demo', '--once', '--lang', 'en'], {
    env: { ...process.env, TMPDIR: nowhere },
  })
  await assert.rejects(ran, (error: { code: number; stderr: string }) => {
    assert.equal(error.code, 2)
    assert.match(error.stderr, /^No temporary folder can be made in .*nowhere \(ENOENT\)\. Make it writable/)
    return true
  })
})
