import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openKeys } from '../../gateway/access/keys.ts'
import { makeAuthority } from '../../gateway/access/trace-authority.ts'
import { keepMonths, turnMonths } from '../../gateway/cli/keys/months.ts'
import type { Config } from '../../gateway/config/config.ts'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import { createLog } from '../../gateway/log.ts'
import { blindIndex } from '../../gateway/records/blind-index/blind-index.ts'
import { openRecordLog } from '../../gateway/records/log/open.ts'
import { shortIndex } from '../../gateway/subject.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const ahead = Date.now() + 40 * 86_400_000
const idCard = '11010519491231002X'

/** A gateway that served forty days ahead of the clock, so that the months before are the trace authority's alone. */
async function installed(t: TestContext): Promise<{ directory: string; config: Config }> {
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(directory))
  const plain = upstreamOnly('http://127.0.0.1:9', { directory, listen: '127.0.0.1:0' })!
  const config = { ...plain, traceAuthority: makeAuthority().publicText }
  const keys = await openKeys(config.keys)
  const log = await openRecordLog({ directory: config.records, log: 'gw1-0', holds: 'folder', clock: () => ahead })
  await log.append([{ kind: 'config', digest: config.digest, previous: null, outcome: 'loaded', faults: 0 }])
  await log.close()
  await turnMonths(config, keys, ahead)
  return { directory, config }
}

test('a clock that was a month ahead and is right again stops no answer, and its people are those of its record’s month', async t => {
  const { directory, config } = await installed(t)
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ idCard }))
  })
  t.after(() => upstream.close())
  const gateway = await startTestGateway({ upstream: upstream.url, directory })
  t.after(() => gateway.close())
  assert.equal((await fetch(gateway.url)).status, 200)
  const record = (await gateway.records()).at(-1)!
  assert.equal(record['time'], new Date(ahead).toISOString())
  const { ring } = await openKeys(config.keys)
  const index = blindIndex(ring, { clock: () => ahead, timezone: config.timezone })
  assert.ok(JSON.stringify(record['subjects']).includes(shortIndex(index.of('cn_resident_id', idCard))))
  const told = gateway.log.filter(line => line.includes('The clock of this machine went back'))
  assert.equal(told.length, 1)
  assert.equal(JSON.parse(told[0]!).level, 'error')
  assert.ok(Number(JSON.parse(told[0]!).seconds) > 39 * 86_400)
})

test('the keys of months follow the records, so that none is missed where the clock went back', async t => {
  const { config } = await installed(t)
  const said: string[] = []
  const log = createLog({ lang: 'en', write: line => void said.push(line), forPeople: false })
  const months = keepMonths(config, { lastTime: ahead }, log)
  await months.close()
  assert.deepEqual(said, [])
})
