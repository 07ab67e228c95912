import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { rawClient } from '../support/raw-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const row = `{"tel":"13800138000","note":"${'x'.repeat(1000)}"}\n`
const times = 1000
const atOnce = 20

/** What the system does before the client goes: nothing, half a short body, an endless one. */
const answers: Record<string, (response: ServerResponse) => void> = {
  '/silent': () => {},
  '/half': response => void response.write('[{"tel":"13800138000"'),
  '/endless': response => {
    const pour = () => {
      while (!response.destroyed && response.write(row.repeat(50)));
      response.once('drain', pour)
    }
    pour()
  },
}

/** Bytes that are alive, in the heap and outside of it. */
function alive(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // what a finalizer lets go of is garbage the second time
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

test('a thousand clients that leave or stall cost no connection and no memory', async () => {
  const upstream = await startUpstream((request, response) => {
    response.setHeader('content-type', 'application/x-ndjson')
    const answer = answers[request.url!]
    if (answer === undefined) response.end('{"ok":1}\n')
    else answer(response)
  })
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-'))
  const gateway = await startTestGateway({
    upstream: upstream.url,
    limits: { clientIdle: 1000 },
    timeouts: { headers: 1000, idle: 1000 },
    directory,
    config: { admin: { host: '127.0.0.1', port: 0 } },
    pool: { connections: 32 },
  })
  const paths = Object.keys(answers)
  const leave = async (at: number) => {
    const client = await rawClient(gateway.port)
    client.socket.pause()
    client.write(`GET ${paths[at % paths.length]} HTTP/1.1\r\nhost: gw\r\n\r\n`)
    await new Promise(resolve => setTimeout(resolve, (at * 7) % 40))
    // some take nothing for longer than the gateway waits, some reset, some close
    if (at % 200 === 199) await new Promise(resolve => setTimeout(resolve, 2500))
    if (at % 2 === 0) client.socket.resetAndDestroy()
    else client.destroy()
  }
  let before = 0
  for (let at = 0; at < times; at += atOnce) {
    // what is compiled and kept once is there by now
    if (at === 200) before = alive()
    await Promise.all(Array.from({ length: atOnce }, (_, more) => leave(at + more)))
  }
  // more requests than the pool has connections: a lost one would leave them waiting
  const after = await Promise.all(Array.from({ length: 100 }, async () => (await fetch(`${gateway.url}/well`)).text()))
  assert.deepEqual(new Set(after), new Set(['{"ok":1}\n']))
  assert.ok(upstream.connections() <= 32, `${upstream.connections()} connections`)
  const token = (await readFile(join(directory, 'keys/admin.secret'), 'utf8')).trim()
  const metrics = `http://127.0.0.1:${gateway.running.admin!.port}/metrics`
  const inFlight = async () => {
    const counted = await (await fetch(metrics, { headers: { authorization: `Bearer ${token}` } })).text()
    return /^veilgate_exchanges_in_flight (\d+)$/m.exec(counted)![1]
  }
  await until('nothing under way', async () => (await inFlight()) === '0')
  // one that was held would have a window and its queue, half a megabyte at the least
  assert.ok(alive() - before < 16e6, `${alive() - before} bytes more are alive than after the first 200`)
  await gateway.close()
  const records = await gateway.records()
  const opened = records.filter(({ kind }) => kind === 'open').map(({ log, seq }) => `${log}:${seq}`)
  const ended = new Set(records.filter(({ kind }) => kind === 'close' || kind === 'aborted').map(({ of }) => of))
  for (const id of opened) assert.ok(ended.has(id), `${id} has no end on record`)
  await upstream.close()
  await removeFolder(directory)
})
