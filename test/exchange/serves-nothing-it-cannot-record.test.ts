import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { RecordsFault } from '../../gateway/records/log/records-fault.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const secret = '13800138000'

function startSystem(): Promise<Upstream> {
  return startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end(`{"tel":"${secret}"}`)
  })
}

async function assertRefusing(gateway: TestGateway, upstream: Upstream): Promise<void> {
  const before = upstream.calls.length
  for (let again = 0; again < 5; again++) {
    const answer = await fetch(`${gateway.url}/a`)
    const problem = (await answer.json()) as Record<string, unknown>
    assert.equal(answer.status, 503)
    assert.equal(problem['code'], 'RECORDS_UNUSABLE')
    assert.equal(problem['record'], undefined)
  }
  assert.equal(upstream.calls.length, before, 'no call to the upstream while nothing can be recorded')
}

/** Asks until the gateway has recovered by itself. */
async function assertRecovers(gateway: TestGateway): Promise<void> {
  await until('an answer', async () => {
    const answer = await fetch(`${gateway.url}/a`)
    await answer.text()
    return answer.status === 200
  })
}

test('on a full disk the gateway answers 503, calls nobody, and goes on once there is room', async t => {
  const disk = await mkdtemp(join(tmpdir(), 'veilgate-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    return t.skip('mounting a tmpfs is not permitted here')
  }
  const upstream = await startSystem()
  const gateway = await startTestGateway({ upstream: upstream.url, config: { records: disk } })
  try {
    await assertRecovers(gateway)
    const ballast = join(disk, 'ballast')
    const { bavail, bsize } = await statfs(disk)
    await writeFile(ballast, Buffer.alloc(bavail * bsize))
    // what was asked for before the disk was found full is refused as well, or on record
    while ((await fetch(`${gateway.url}/a`)).status === 200);
    await assertRefusing(gateway, upstream)
    await rm(ballast)
    await assertRecovers(gateway)
    const gaps = (await gateway.records()).filter(({ kind }) => kind === 'gap')
    assert.partialDeepStrictEqual(gaps, [{ cause: 'disk_full' }])
  } finally {
    await gateway.close()
    execFileSync('umount', ['-l', disk])
    await upstream.close()
  }
})

for (const [what, spoil] of [
  ['deleted', (path: string) => rm(path)],
  ['renamed', (path: string) => rename(path, `${path}.away`)],
  ['replaced', (path: string) => rm(path).then(() => writeFile(path, 'something else'))],
  ['made read-only', (path: string) => chmod(path, 0o400)],
] as const) {
  test(`a records file that is ${what} under the gateway stops answers until there is a new one`, async () => {
    const upstream = await startSystem()
    const gateway = await startTestGateway({ upstream: upstream.url })
    await assertRecovers(gateway)
    const folder = join(gateway.directory, 'records')
    const [name] = (await readdir(folder)).filter(file => file.endsWith('.jsonl'))
    await spoil(join(folder, name!))
    const answer = await fetch(`${gateway.url}/a`)
    const text = await answer.text()
    assert.equal(answer.status, 503, text)
    assert.ok(!text.includes(secret))
    await assertRecovers(gateway)
    const gaps = (await gateway.records()).filter(({ kind }) => kind === 'gap')
    assert.equal(gaps.length, 1)
    await gateway.close()
    await upstream.close()
  })
}

test('a second gateway on the same folder refuses to start', async () => {
  const upstream = await startSystem()
  const gateway = await startTestGateway({ upstream: upstream.url })
  await assert.rejects(
    startTestGateway({ upstream: upstream.url, directory: gateway.directory }),
    error => error instanceof RecordsFault && error.code === 'locked',
  )
  await assertRecovers(gateway)
  await gateway.running.close()
  for (const report of await verifyFolder(join(gateway.directory, 'records'))) assert.deepEqual(report.problems, [])
  await gateway.close()
  await upstream.close()
})
