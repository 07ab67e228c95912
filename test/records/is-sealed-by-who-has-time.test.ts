import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DraftRequests } from '../../gateway/cli/companions/draft-requests.ts'
import { startHousekeeping } from '../../gateway/cli/companions/housekeeping.ts'
import { LagBoard } from '../../gateway/console/lag.ts'
import { createLog } from '../../gateway/log.ts'
import type { SealDraft } from '../../gateway/records/drafts.ts'
import type { AskDraft, SealerState } from '../../gateway/records/sealing/sealer.ts'
import { compress } from '../../gateway/records/sealing/sealing.ts'
import { isAlive } from '../support/is-alive.ts'
import { until } from '../support/until.ts'
import { atEnd, entriesIn, folderFor } from './folder.ts'
import { codesOf, fill, type Signed, signedLog, verified } from './proofs.ts'

const silent = createLog({ lang: 'en', write() {}, forPeople: false })
const needsProc = { skip: process.platform === 'linux' ? false : 'processes are looked up in /proc' }

const endingIn = async (directory: string, end: RegExp) =>
  (await readdir(directory)).filter(name => end.test(name)).sort()
const plainIn = (directory: string) => endingIn(directory, /^gw1-0\.\d+\.jsonl$/)
const sealedIn = (directory: string) => endingIn(directory, /^gw1-0\.\d+\.jsonl\.zst$/)
const draftsIn = (directory: string) => endingIn(directory, /\.new$/)

/** A log that is signed here, whose files somebody else is to compress. */
async function askingLog(t: TestContext, directory: string, askDraft: AskDraft, fileBytes = 20_000) {
  const states: SealerState[] = []
  const onSealer = (state: SealerState) => void states.push(state)
  return { states, ...(await signedLog(t, directory, { fileBytes, askDraft, onSealer })) }
}

function keepHouse(t: TestContext, directory: string, requests: DraftRequests): void {
  const housekeeping = startHousekeeping(directory, requests, silent, new LagBoard())
  atEnd(t, () => housekeeping.close())
}

/** One whose first file takes a while to compress; closed. */
async function longLog(t: TestContext, directory: string): Promise<void> {
  const signed = await signedLog(t, directory)
  await fill(signed, 25_000, 2000)
  await signed.close()
}

/** Until only the file that is written is left plain. */
function allSealed({ notary }: Signed, directory: string): Promise<boolean> {
  return until('the sealing of all that is complete', async () => {
    await notary.settle()
    return (await plainIn(directory)).length === 1
  })
}

async function assertWhole(directory: string): Promise<void> {
  assert.deepEqual(codesOf(await verified(directory)), [])
  assert.deepEqual(await draftsIn(directory), [])
}

test('files that are full are compressed by the process beside the gateway, and sealed by the notary', async t => {
  const directory = await folderFor(t)
  const requests = new DraftRequests()
  const signed = await askingLog(t, directory, requests.ask)
  await fill(signed, 200)
  const files = (await plainIn(directory)).length
  assert.ok(files > 2)
  assert.deepEqual(await sealedIn(directory), [])
  // the last that is full is known to be so by the next record
  assert.ok([files - 1, files - 2].includes(signed.notary.backlog.files))
  assert.equal(signed.notary.backlog.isBehind, false)
  keepHouse(t, directory, requests)
  await allSealed(signed, directory)
  await until('word of it', () => signed.notary.backlog.files === 0)
  await signed.close()
  assert.deepEqual(signed.states, [])
  assert.ok((await sealedIn(directory)).length >= files - 1)
  const seals = (await entriesIn(directory)).filter(({ kind }) => kind === 'seal')
  assert.equal(seals.length, (await sealedIn(directory)).length)
  await assertWhole(directory)
})

test('where nobody answers, the notary seals itself before more than sixteen files wait, and says so', async t => {
  const directory = await folderFor(t)
  const requests = new DraftRequests()
  const signed = await askingLog(t, directory, requests.ask, 5000)
  for (let nth = 0; nth < 25; nth++) await fill(signed, 10)
  await until('no more than sixteen files that wait', async () => {
    await signed.notary.settle()
    return (await plainIn(directory)).length <= 17
  })
  assert.deepEqual(
    signed.states.map(({ is }) => is),
    ['behind'],
  )
  assert.ok(signed.notary.backlog.isBehind)
  assert.ok((await sealedIn(directory)).length > 0)
  assert.equal(requests.waiting.length, 1)
  // the process that was missing takes up what waits
  keepHouse(t, directory, requests)
  await allSealed(signed, directory)
  await until('word of it', () => signed.states.at(-1)!.is === 'current')
  await until('the same of its metrics', () => !signed.notary.backlog.isBehind)
  await signed.close()
  await assertWhole(directory)
})

test('a gateway that stops does not wait for who compresses, and what others left half done is gone after the next start', async t => {
  const directory = await folderFor(t)
  const signed = await askingLog(t, directory, new DraftRequests().ask)
  await fill(signed, 100)
  await signed.close()
  const left = ['gw1-0.000001.jsonl.zst.new', 'gw1-0.000002.jsonl.zst.0123456789ab.new']
  for (const name of [...left, 'other.000001.jsonl.zst.new']) await writeFile(join(directory, name), 'half of it')
  const again = await askingLog(t, directory, new DraftRequests().ask)
  await again.notary.settle()
  assert.deepEqual(await draftsIn(directory), ['other.000001.jsonl.zst.new'])
  assert.deepEqual(await sealedIn(directory), [])
})

const wrong: readonly [string, Partial<SealDraft>][] = [
  ['another file', { file: 2 }],
  ['another beginning', { first: 1 }],
  ['another end', { last: 10_000 }],
  ['an end in the next file', { last: 60 }],
  ['fewer bytes', { bytes: 100 }],
  ['another size', { stored: 100 }],
  ['a hash that is none', { sha256: 'sha256:none' }],
]
for (const [what, change] of wrong)
  test(`an answer that tells of ${what} is not put on record, and the plain file stays`, async t => {
    const directory = await folderFor(t)
    const asked = Promise.withResolvers<void>()
    const ask: AskDraft = async ({ id, log, file: number }) => {
      if (number > 1) return new Promise(() => {})
      const path = join(directory, 'gw1-0.000001.jsonl')
      const draft = compress({ log, number, path, sealed: false }, id)!
      asked.resolve()
      return { id, draft: { ...draft, ...change } }
    }
    const signed = await askingLog(t, directory, ask)
    await fill(signed, 100)
    await asked.promise
    await until('the end of its draft', async () => (await draftsIn(directory)).length === 0)
    assert.deepEqual(await sealedIn(directory), [])
    await signed.close()
    assert.equal((await entriesIn(directory)).filter(({ kind }) => kind === 'seal').length, 0)
    await assertWhole(directory)
  })

async function housekeeperOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  for (const child of text.trim().split(/\s+/).filter(Boolean)) {
    const command = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')
    if (command.includes('housekeeper')) return Number(child)
  }
  throw new Error('there is no such process')
}

test('who is killed while compressing is started again and makes it anew', needsProc, async t => {
  const directory = await folderFor(t)
  await longLog(t, directory)
  const requests = new DraftRequests()
  const signed = await askingLog(t, directory, requests.ask)
  keepHouse(t, directory, requests)
  await fill(signed, 50)
  await until('a draft', async () => (await draftsIn(directory)).length > 0)
  process.kill(await housekeeperOf(process.pid), 'SIGKILL')
  await allSealed(signed, directory)
  await signed.close()
  assert.deepEqual(signed.states, [])
  await assertWhole(directory)
})

test(
  'when the gateway is killed while a file is compressed, that ends too, and the next gateway has it made anew',
  needsProc,
  async t => {
    const directory = await folderFor(t)
    await longLog(t, directory)
    const source = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../${path}`, import.meta.url)))
    const script = join(directory, 'gateway.mjs')
    await writeFile(
      script,
      `const { startHousekeeping } = await import(${source('gateway/cli/companions/housekeeping.ts')})
    const { DraftRequests } = await import(${source('gateway/cli/companions/draft-requests.ts')})
    const requests = new DraftRequests()
    startHousekeeping(${JSON.stringify(directory)}, requests, { warn() {}, info() {} }, { put() {} })
    requests.ask({ id: '0123456789ab', log: 'gw1-0', file: 1, end: null })
    setInterval(() => {}, 1000)`,
    )
    const gateway = fork(script, { stdio: 'ignore' })
    await until('a draft', async () => (await draftsIn(directory)).length > 0)
    const housekeeper = await housekeeperOf(gateway.pid!)
    gateway.kill('SIGKILL')
    await until('the end of its housekeeping', () => !isAlive(housekeeper))
    const requests = new DraftRequests()
    const signed = await askingLog(t, directory, requests.ask)
    keepHouse(t, directory, requests)
    await fill(signed, 50)
    await allSealed(signed, directory)
    await signed.close()
    await assertWhole(directory)
  },
)
