import assert from 'node:assert/strict'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fill, signedLog } from '../records/proofs.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'

const config = `records: ./log
systems: { library: { upstream: "http://127.0.0.1:9" } }
anonymous: { audience: public }
`

/** A gateway.yaml, with records beside it where it says and a folder of others that it does not name. */
async function installation(t: TestContext): Promise<string> {
  const around = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(around))
  const folder = join(around, 'site')
  for (const one of [folder, join(around, 'away')]) await mkdir(one)
  await writeFile(join(folder, 'gateway.yaml'), config)
  for (const [name, count] of [
    ['log', 3],
    ['other', 5],
  ] as const) {
    await mkdir(join(folder, name), { mode: 0o700 })
    const signed = await signedLog(t, join(folder, name))
    await fill(signed, count)
    await signed.close()
  }
  await writeFile(join(around, 'orders.csv'), '工单号\nWO-1\n')
  await writeFile(join(around, 'map.yaml'), 'columns: { reference: 工单号 }\n')
  return folder
}

const commands: readonly [string, ...string[]][] = [
  ['query', '--by', 'kind'],
  ['show', 'gw1-0:1'],
  ['verify'],
  ['prove', 'gw1-0:1'],
  ['report', '--period', 'day', '--no-verify', '--csv'],
  ['export', '--format', 'json'],
  ['hold', '--set', 'case-1'],
  ['reconcile', '--orders', '../orders.csv', '--map', '../map.yaml'],
  ['trace', '--affected', '--operator', 'u1203'],
]

test('every command on records finds them where gateway.yaml says they are', async t => {
  const folder = await installation(t)
  for (const [name, ...args] of commands) {
    const here = await runCommand(['records', name, ...args], { cwd: folder })
    // the one order was never used, which reconcile tells by its status
    assert.equal(here.status, name === 'reconcile' ? 1 : 0, `${name}: ${here.stderr}`)
    const named = ['--config', '../site/gateway.yaml']
    const away = await runCommand(['records', name, ...args, ...named], { cwd: join(folder, '../away') })
    assert.equal(away.status, here.status, `${name}: ${away.stderr}`)
  }
})

test('--records goes before what gateway.yaml says', async t => {
  const folder = await installation(t)
  const count = async (...args: string[]) => {
    const asked = ['records', 'query', '--kind', 'access', '--by', 'kind', '--json']
    return JSON.parse((await runCommand([...asked, ...args], { cwd: folder })).stdout).count as number
  }
  assert.equal(await count('--records', 'other'), (await count()) + 2)
  assert.equal(await count('--records', 'other', '--config', 'gateway.yaml'), await count('--records', 'other'))
})

test('where nothing says where the records are, or gateway.yaml is wrong, it is said what to give', async t => {
  const folder = await installation(t)
  for (const [name, ...args] of commands) {
    const asked = ['records', name, ...args]
    for (const [lang, said] of [
      ['en', /no gateway\.yaml in this folder\. Name it by --config FILE, or .* --records DIR/],
      ['zh', /没有 gateway\.yaml。请用 --config FILE .* --records DIR/],
    ] as const) {
      const nowhere = await runCommand(asked, { cwd: join(folder, '../away'), lang })
      assert.equal(nowhere.status, 2, name)
      assert.match(nowhere.stderr, said)
    }
  }
  await writeFile(join(folder, 'gateway.yaml'), config.replace('records', 'record'))
  const wrong = await runCommand(['records', 'verify'], { cwd: folder })
  assert.equal(wrong.status, 1)
  assert.match(wrong.stderr, /^gateway\.yaml:1:1 .*--records DIR.*gateway\.yaml is not read/s)
  assert.equal((await runCommand(['records', 'verify', '--records', 'log'], { cwd: folder })).status, 0)
})
