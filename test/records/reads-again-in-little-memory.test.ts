import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { StoredRecords } from '../../gateway/records/notary/stored-records.ts'
import { folderFor } from './folder.ts'
import { writeLog } from './large-log.ts'

test('entries are told in order, whatever parts they are read in, also where a batch is larger than a part', async t => {
  const directory = await folderFor(t)
  const { durable, lines } = await writeLog(directory, 12, batch => (batch === 5 ? 3500 : 100))
  const told: string[] = []
  new StoredRecords(directory, 'gw1-0', new Map()).follow(0, durable, (bytes, from, to) => {
    told.push(bytes.toString('latin1', from, to))
    // whoever is told may write there
    bytes.fill(0, from, to)
  })
  assert.deepEqual(told, lines)
})

test('what is read again of a long answer takes no more memory than a part of it', async t => {
  const directory = await folderFor(t)
  const { durable } = await writeLog(directory, 200)
  // in a thread of its own, as the notary does, so that nothing else is counted
  const script = `
    import { parentPort } from 'node:worker_threads'
    import { StoredRecords } from '${new URL('../../gateway/records/notary/stored-records.ts', import.meta.url)}'
    const before = process.memoryUsage().arrayBuffers
    new StoredRecords(${JSON.stringify(directory)}, 'gw1-0', new Map()).follow(0, ${JSON.stringify(durable)}, () => {})
    parentPort.postMessage(process.memoryUsage().arrayBuffers - before)`
  const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`))
  const left = await new Promise<number>((resolve, reject) => thread.once('message', resolve).once('error', reject))
  await thread.terminate()
  assert.ok(left < 4 * (1 << 20), `${left} bytes of buffers are left behind records of ${durable.size}`)
})
