import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { listeningWords } from '../../gateway/cli/serve/listening-words.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startServeProcess } from '../support/serve-process.ts'

test('a gateway whose port is taken says which, and how to find by whom', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.after(() => other.close())
  const taken = `127.0.0.1:${(other.address() as AddressInfo).port}`
  for (const [listen, admin] of [
    [taken, '127.0.0.1:0'],
    ['127.0.0.1:0', taken],
  ] as const)
    await assert.rejects(
      startServeProcess(folder, ['--upstream', 'http://127.0.0.1:9', '--listen', listen, '--admin', admin]),
      ({ message }: Error) =>
        message.includes('ended with 2') &&
        message.includes(`on ${taken} (EADDRINUSE)`) &&
        message.includes('ss -ltnp'),
    )
})

test('nobody is told that a port is taken who may not have it, or whose address is another machine’s', () => {
  assert.match(
    listeningWords('0.0.0.0', 443, 'EACCES').en,
    /^Cannot listen on 0\.0\.0\.0:443 \(EACCES\)\. Ports below 1024/,
  )
  assert.match(
    listeningWords('::1', 8080, 'EADDRNOTAVAIL').zh,
    /^无法在 \[::1\]:8080 上监听（EADDRNOTAVAIL）。本机没有这个地址/,
  )
  assert.match(listeningWords('gw', 8080, 'ENOTFOUND').en, /host name leads to no address/)
  assert.doesNotMatch(listeningWords('127.0.0.1', 8080, 'EMFILE').en, /another program/i)
})
