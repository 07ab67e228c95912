import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hashApiKey, makeApiKey } from '../../plugins/identities/api-key.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type ServeProcess, startServeProcess } from '../support/serve-process.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const skip = process.platform === 'linux' ? false : 'how much memory a process has had is read from /proc'
const mebi = 1 << 20
/** Rows of people who are all different, as what a window keeps of them is what may grow. */
const row = (nth: number) => `{"tel":"138${String(nth).padStart(8, '0')}","note":"${'x'.repeat(500)}"}\n`
const piece = Buffer.from(Array.from({ length: 2000 }, (_, nth) => row(nth)).join(''))
const key = makeApiKey()
let [folder, upstream, gateway]: [string, Upstream, ServeProcess] = [] as never

before(async () => {
  if (skip !== false) return
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((request, response) => void send(response, Number(request.url!.slice(1))))
  await writeFile(
    join(folder, 'gateway.yaml'),
    `listen: 127.0.0.1:0
admin: false
systems: { old: { upstream: "${upstream.url}", policy: shipped, timeouts: { total: 30m, idle: 10m } } }
consumers: { oa: { audience: staff, api_key: "${hashApiKey(key)}" } }
`,
    { mode: 0o600 },
  )
  gateway = await startServeProcess(folder, [])
})
after(async () => {
  if (skip !== false) return
  await gateway.end('SIGKILL')
  await upstream.close()
  await removeFolder(folder)
})

async function send(response: ServerResponse, megabytes: number): Promise<void> {
  response.setHeader('content-type', 'application/x-ndjson')
  for (let sent = 0; sent < megabytes * 1e6; sent += piece.length)
    if (!response.write(piece)) await once(response, 'drain')
  response.end()
}

/** Takes an answer of so many megabytes; returns the most memory, in MiB, that the gateway has had by then. */
async function take(megabytes: number): Promise<number> {
  const answer = await fetch(`${gateway.url}/${megabytes}`, { headers: { authorization: `Bearer ${key}` } })
  assert.equal(answer.status, 200)
  let taken = 0
  for await (const chunk of answer.body!) taken += chunk.length
  assert.ok(taken > megabytes * 0.9e6)
  const status = await readFile(`/proc/${gateway.pid}/status`, 'latin1')
  return (Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]) * 1024) / mebi
}

test('an answer three times as long takes no more memory', { skip }, async () => {
  const short = await take(32)
  const long = await take(96)
  console.log('DIFF', (long - short).toFixed(1), long.toFixed(0))
  assert.ok(long - short < 20, `${short.toFixed(0)} MiB for 32 MB, ${long.toFixed(0)} for 96 MB`)
})
