import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { reportHealth } from '../../gateway/cli/serve/whole-gateway.ts'
import { Refusal } from '../../gateway/errors.ts'
import { createLog } from '../../gateway/log.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { accessDraft } from './drafts.ts'
import { atEnd, entriesIn, folderFor, logIn, until } from './folder.ts'

const unusable = (error: unknown) => error instanceof Refusal && error.code === 'RECORDS_UNUSABLE'

/** A disk of one mebibyte; null where this user may not mount one. */
async function smallDisk(t: TestContext): Promise<string | null> {
  const directory = await folderFor(t)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', directory], { stdio: 'ignore' })
  } catch {
    return null
  }
  atEnd(t, () => void execFileSync('umount', ['-l', directory]))
  return directory
}

async function fill(directory: string): Promise<string> {
  const path = join(directory, 'ballast')
  const { bavail, bsize } = await statfs(directory)
  await writeFile(path, Buffer.alloc(Math.max(0, bavail * bsize - 4096)))
  return path
}

test('on a full disk nothing is acknowledged; with room again the log goes on by itself and notes the gap', async t => {
  const directory = await smallDisk(t)
  if (directory === null) return t.skip('mounting a tmpfs is not permitted here')
  const log = await logIn(t, directory, { marks: { low: () => 0, stop: () => 0 } })
  await log.append([accessDraft({ operator: 'before' })])
  const ballast = await fill(directory)
  const settled = await Promise.allSettled(
    Array.from({ length: 40 }, () => log.append([accessDraft({ operator: 'during' })])),
  )
  assert.ok(settled.some(one => one.status === 'rejected' && unusable(one.reason)))
  assert.equal(log.health.cause, 'disk_full')
  await assert.rejects(log.append([accessDraft()]), unusable)
  await rm(ballast)
  await until(log, health => health.usable)
  await log.append([accessDraft({ operator: 'after' })])
  await log.close()

  const entries = await entriesIn(directory)
  const acknowledged = settled.filter(one => one.status === 'fulfilled').length
  assert.equal(entries.filter(entry => entry['operator'] === 'during').length, acknowledged)
  assert.equal(entries.at(-1)!['operator'], 'after')
  assert.deepEqual(
    entries.filter(entry => entry.kind === 'gap').map(gap => [gap['cause'], gap['dropped']]),
    [['disk_full', 40 - acknowledged]],
  )
  assert.deepEqual(
    entries.map(entry => entry.seq),
    entries.map((_, nth) => nth),
  )
  assert.deepEqual((await verifyFolder(directory))[0]!.problems, [])
})

test('a disk that runs low is told of first, and below the mark the log stops before a write fails', async t => {
  const directory = await smallDisk(t)
  if (directory === null) return t.skip('mounting a tmpfs is not permitted here')
  const log = await logIn(t, directory, { marks: { low: size => size * 0.5, stop: size => size * 0.1 } })
  const half = join(directory, 'half')
  await writeFile(half, Buffer.alloc(640 * 1024))
  assert.equal((await until(log, health => health.lowSpace)).usable, true)
  const ballast = await fill(directory)
  assert.equal((await until(log, health => !health.usable)).cause, 'disk_full')
  await rm(ballast)
  await rm(half)
  await until(log, health => health.usable && !health.lowSpace)
})

test('a file size limit of the process is an error and not its end', {
  skip: process.platform === 'win32',
}, async t => {
  const directory = await folderFor(t)
  const script = `
    import { openRecordLog } from ${JSON.stringify(new URL('../../gateway/records/log/open.ts', import.meta.url).href)}
    import { accessDraft } from ${JSON.stringify(new URL('./drafts.ts', import.meta.url).href)}
    const log = await openRecordLog({ directory: ${JSON.stringify(directory)}, log: 'gw1-0', holds: 'folder' })
    for (let nth = 0; nth < 200; nth++) {
      try { await log.append([accessDraft()]) } catch (error) { console.log(nth, error.code, log.health.cause); break }
    }
    await log.close()`
  const command = `ulimit -f 32; exec "$0" --input-type=module-typescript --eval "$1"`
  const out = execFileSync('sh', ['-c', command, process.execPath, script], { encoding: 'utf8' })
  const [nth, code, cause] = out.trim().split(' ')
  assert.deepEqual([code, cause], ['RECORDS_UNUSABLE', 'disk_full'])
  assert.equal((await entriesIn(directory)).filter(entry => entry.kind === 'access').length, Number(nth))
})

test('a gateway that starts on a disk with little room says so', async t => {
  const log = await logIn(t, await folderFor(t), { marks: { low: () => Number.MAX_SAFE_INTEGER, stop: () => 0 } })
  const said: string[] = []
  const operational = createLog({ lang: 'en', write: line => void said.push(line), forPeople: false })
  await reportHealth(log, operational).close()
  assert.match(said.join(''), /little room is left on the disk of the records/)
})
