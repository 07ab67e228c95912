import assert from 'node:assert/strict'
import { cp, mkdtemp, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { startServeProcess } from '../support/serve-process.ts'
import { until } from '../support/until.ts'

const remembersMore = /the keys folder remembers more access records than there are/

async function installed(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  await writeFile(
    join(folder, 'gateway.yaml'),
    'listen: 127.0.0.1:0\nadmin: 127.0.0.1:0\nsystems: { s: { upstream: "http://127.0.0.1:9", policy: shipped } }\nanonymous: { audience: public }\n',
  )
  const config = ['--config', 'gateway.yaml']
  return {
    folder,
    records: join(folder, 'records'),
    verify: () => runCommand(['records', 'verify', '--config', join(folder, 'gateway.yaml')]),
    /** Serves for so many requests; `meanwhile` is waited for before it is stopped. Resolves with what it said. */
    async serve(requests: number, meanwhile: (said: () => string) => Promise<unknown> = async () => {}) {
      const gateway = await startServeProcess(folder, config)
      try {
        for (let nth = 0; nth < requests; nth++) await fetch(`${gateway.url}/a`)
        await meanwhile(gateway.stderr)
      } finally {
        await gateway.end()
      }
      return gateway.stderr()
    },
  }
}

test('records put back from an older copy are told of at each start and by verify, until somebody says that they are gone', async t => {
  const { folder, records, verify, serve } = await installed(t)
  await serve(2)
  await cp(records, join(folder, 'backup'), { recursive: true })
  assert.doesNotMatch(await serve(20), remembersMore)
  const well = await verify()
  assert.equal(well.status, 0, well.stdout)

  await rename(records, join(folder, 'lost'))
  await cp(join(folder, 'backup'), records, { recursive: true })
  const wrong = await verify()
  assert.equal(wrong.status, 1)
  assert.match(
    wrong.stdout,
    /CHECKPOINT_AHEAD \S*keys\/checkpoints\/\S+ gw1-0:\d+–\d+: a checkpoint covers more records/,
  )
  const told = (said: () => string) => until('it to be told', () => remembersMore.test(said()))
  await serve(0, told)
  // as many again, and others: that is no less wrong
  await serve(60, told)
  const other = await verify()
  assert.equal(other.status, 1)
  assert.match(other.stdout, /ROOT_WRONG \S*keys\/checkpoints\//)

  await rm(join(folder, 'keys/checkpoints'), { recursive: true })
  assert.doesNotMatch(await serve(1), remembersMore)
  assert.equal((await verify()).status, 0)
})

test('records that are gone altogether are told of', async t => {
  const { folder, records, serve } = await installed(t)
  await serve(5)
  await rename(records, join(folder, 'lost'))
  await serve(0, said => until('it to be told', () => remembersMore.test(said())))
})

test('records that were damaged while the gateway was stopped are told of at its start', async t => {
  const { records, serve } = await installed(t)
  assert.doesNotMatch(await serve(5), /damaged/)
  const path = join(records, 'gw1-0.000001.jsonl')
  await truncate(path, (await stat(path)).size - 300)
  assert.match(
    await serve(0),
    /the access records that were there at the start are damaged, or their signed end was cut off/,
  )
})
