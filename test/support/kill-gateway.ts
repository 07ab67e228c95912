import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readRecords } from '../../gateway/records/files/read.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { startUpstream, type Upstream } from './start-upstream.ts'

const script = fileURLToPath(new URL('gateway-process.ts', import.meta.url))
const row = `{"xm":"张三","tel":"13800138000","note":"${'x'.repeat(500)}"}\n`

/** RFC 9457. */
const problemType = 'application/problem+json'

/** What a client saw: by the operator that only this one request named, the bytes of body that reached it. */
export type Seen = Map<string, number>

/** Short answers, and every tenth long enough for windows. */
export function startKillUpstream(): Promise<Upstream> {
  return startUpstream((incoming, response) => {
    response.setHeader('content-type', 'application/x-ndjson').end(row.repeat(incoming.url === '/long' ? 1500 : 4))
  })
}

/**
 * Starts a gateway on the folder, asks it 16 things at a time, kills it (SIGKILL) within `most` milliseconds, and adds to
 * `seen` every answer of which a first byte arrived.
 */
export async function killUnderLoad(
  directory: string,
  upstream: string,
  run: number,
  most: number,
  seen: Seen,
): Promise<void> {
  const child = spawn(process.execPath, [script, directory, upstream], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const { port, key } = await readyOf(child)
  let killed = false
  const clients = Array.from({ length: 16 }, async (_, client) => {
    for (let turn = 0; !killed; turn++) {
      await ask(port, key, `u${run}-${client}-${turn}`, turn % 10 === 9 ? '/long' : '/short', seen)
    }
  })
  await new Promise(resolve => setTimeout(resolve, Math.random() * most))
  killed = child.kill('SIGKILL')
  await Promise.all([...clients, ended])
}

async function readyOf(child: ChildProcess): Promise<{ port: number; key: string }> {
  let out = ''
  for await (const chunk of child.stdout!) {
    out += chunk
    const ready = /^ready (\d+) (\S+)\n/.exec(out)
    if (ready !== null) return { port: Number(ready[1]), key: ready[2]! }
  }
  throw new Error('the gateway ended by itself')
}

/** One request on a connection of its own; never rejects: the gateway is killed while it answers. */
function ask(port: number, key: string, operator: string, path: string, seen: Seen): Promise<void> {
  return new Promise(resolve => {
    const headers = { authorization: `Bearer ${key}`, 'veilgate-operator': operator }
    const asking = request({ host: '127.0.0.1', port, path, headers, agent: false }, response => {
      // where it cannot record, it says 503 by a problem of its own, of which there can be no record
      const isAnswer = response.statusCode !== 503 || response.headers['content-type']?.startsWith(problemType) !== true
      if (isAnswer) seen.set(operator, 0)
      response.on('data', chunk => isAnswer && seen.set(operator, seen.get(operator)! + chunk.length))
      response.on('error', () => {}).on('close', resolve)
    })
    asking.on('error', () => resolve()).end()
  })
}

type Line = { kind: string; log: string; seq: number; operator: string; bytes: [number, number]; of: string }

/** Every answer of which a client saw something is on record, with no more bytes seen than recorded; the log is whole. */
export async function assertSeenIsRecorded(directory: string, seen: Seen): Promise<void> {
  const records = join(directory, 'records')
  for (const report of await verifyFolder(records)) assert.deepEqual(report.problems, [])
  const recorded = new Map<string, number>()
  const opened = new Map<string, string>()
  const ids = new Set<string>()
  for await (const entry of readRecords(records)) {
    const { kind, log, seq, operator, bytes, of } = entry as unknown as Line
    const id = `${log}:${seq}`
    assert.ok(!ids.has(id), `${id} is there twice`)
    ids.add(id)
    if (kind === 'access') recorded.set(operator, bytes[1])
    if (kind === 'open') {
      opened.set(id, operator)
      recorded.set(operator, 0)
    }
    const owner = kind === 'window' ? opened.get(of) : undefined
    if (owner !== undefined) recorded.set(owner, recorded.get(owner)! + bytes[1])
  }
  for (const [operator, size] of seen) {
    const known = recorded.get(operator)
    assert.ok(known !== undefined, `an answer was seen by ${operator} and is not on record`)
    assert.ok(size <= known, `${operator} saw ${size} bytes, ${known} are on record`)
  }
}
