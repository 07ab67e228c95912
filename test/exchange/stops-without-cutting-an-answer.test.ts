import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const main = fileURLToPath(new URL('../../gateway/cli/main.ts', import.meta.url))

/** `veilgate serve --upstream URL` in a folder of its own. */
async function serve(t: TestContext, upstream: string) {
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-serve-'))
  const args = [
    main,
    'serve',
    '--upstream',
    upstream,
    '--listen',
    '127.0.0.1:0',
    '--admin',
    '127.0.0.1:0',
    '--lang',
    'en',
  ]
  const child = spawn(process.execPath, args, { cwd: directory, env: { PATH: process.env['PATH'] } })
  const ended = once(child, 'close')
  t.after(async () => {
    child.kill('SIGKILL')
    await ended
    await removeFolder(directory)
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', text => (out += text))
  child.stderr.resume()
  while (!out.includes('Ctrl-C')) await Promise.race([once(child.stdout, 'data'), ended])
  return { child, ended, directory, out, url: /callers +(http:\S+)/.exec(out)![1]! }
}

function refuses(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket
      .once('error', () => resolve(true))
      .once('connect', () => {
        socket.destroy()
        resolve(false)
      })
  })
}

test('serve says on one screen what it serves, to whom, and where records go', async t => {
  const { out } = await serve(t, 'http://127.0.0.1:9')
  assert.ok(out.split('\n').length < 24)
  for (const word of ['http://127.0.0.1:9', 'public', 'records', 'keys', 'shipped policies', '/healthz'])
    assert.ok(out.includes(word), word)
})

test('a stop signal, also one that comes twice, lets an answer in flight finish; its record is there', async t => {
  const holding = Promise.withResolvers<ServerResponse>()
  const upstream = await startUpstream((_request, response) => holding.resolve(response))
  t.after(() => upstream.close())
  const { child, ended, directory, url } = await serve(t, upstream.url)
  const answering = fetch(`${url}/slow`)
  const held = await holding.promise
  child.kill('SIGINT')
  child.kill('SIGTERM')
  await until('no new connection is taken', () => refuses(Number(new URL(url).port)))
  held.setHeader('content-type', 'application/json').end('{"tel":"13800138000"}')
  assert.equal(await (await answering).text(), '{"tel":"***"}')
  assert.deepEqual(await ended, [0, null])
  const [report] = await verifyFolder(join(directory, 'records'))
  assert.deepEqual(report!.problems, [])
})
