import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { readNow } from '../../gateway/records/files/file-bytes.ts'
import { compress, drafting, newDraftId, replacePlain } from '../../gateway/records/sealing/sealing.ts'
import { folderFor } from './folder.ts'
import { largeLog as path, writeLog } from './large-log.ts'

const id = newDraftId()
const file = (directory: string) => ({ log: 'gw1-0', number: 1, path: path(directory), sealed: false })

test('a file of many pieces comes back byte for byte, and the record of it says what it holds', async t => {
  const directory = await folderFor(t)
  const { sha256 } = await writeLog(directory, 35)
  const plain = await readFile(path(directory))
  const draft = compress(file(directory), id)!
  assert.deepEqual([draft.first, draft.last, draft.bytes, draft.sha256], [0, 3499, plain.length, sha256])
  replacePlain(path(directory), id)
  assert.ok(readNow(path(directory)).equals(plain))
})

test('what is behind the bytes that count is not sealed', async t => {
  const directory = await folderFor(t)
  await writeLog(directory, 12)
  const plain = await readFile(path(directory))
  const end = plain.indexOf('\n{"batch":8,')
  const counts = plain.indexOf('\n', end + 1) + 1
  assert.equal(compress(file(directory), id, counts)!.last, 899)
  replacePlain(path(directory), id)
  assert.ok(readNow(path(directory)).equals(plain.subarray(0, counts)))
})

test('one that is given up between two pieces leaves nothing', async t => {
  const directory = await folderFor(t)
  await writeLog(directory, 35)
  for (const steps of [0, 1, 3, 5]) {
    const draft = drafting(file(directory), id)
    for (let step = 0; step < steps; step++) assert.equal(draft.next().done, false)
    draft.return(null)
    assert.deepEqual(await readdir(directory), ['gw1-0.000001.jsonl'])
  }
})

test('to seal a file takes no more buffers than a few of its pieces', async t => {
  const directory = await folderFor(t)
  await writeLog(directory, 350)
  // else what is collected counts until threads of V8's have got round to it, which on a busy machine may be long after
  setFlagsFromString('--no-concurrent-array-buffer-sweeping')
  // in a thread of its own, as the notary does, so that nothing else is counted
  const script = `
    import { parentPort } from 'node:worker_threads'
    import { compress } from '${new URL('../../gateway/records/sealing/sealing.ts', import.meta.url)}'
    const before = process.memoryUsage().arrayBuffers
    compress(${JSON.stringify(file(directory))}, '${id}')
    parentPort.postMessage(process.memoryUsage().arrayBuffers - before)`
  const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`))
  const left = await new Promise<number>((resolve, reject) => thread.once('message', resolve).once('error', reject))
  await thread.terminate()
  assert.ok(left < 12 * (1 << 20), `${left} bytes of buffers are left behind a file of 32 MiB`)
})
