import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const neighbours = join(import.meta.dirname, '../../gateway/access/neighbours.ts')

/** Run where the kernel's own table of neighbours is ours to fill: one is known, one nobody has resolved. */
const script = `set -e
ip link add v0 type veth peer name v1
ip address add 10.77.0.1/24 dev v0
ip link set v0 up
ip link set v1 up
ip neighbour add 10.77.0.7 lladdr 02:00:5e:10:00:01 nud permanent dev v0
ip neighbour add 10.77.0.8 nud none dev v0 2>/dev/null || true
exec "$0" --input-type=module --eval "$1"`

const program = `
const { createNeighbours } = await import(${JSON.stringify(neighbours)})
const macOf = createNeighbours(Date.now)
console.log(JSON.stringify(['10.77.0.7', '10.77.0.8', '10.77.0.9', '2001:db8::7'].map(macOf)))`

test('the MAC address of a neighbour comes from the kernel, and nobody else has one', async context => {
  let ran: { stdout: string }
  try {
    ran = await run('unshare', ['--map-root-user', '--net', 'sh', '-c', script, process.execPath, program])
  } catch (error) {
    const { stderr = '', code } = error as { stderr?: string; code?: unknown }
    return context.skip(`no network namespace can be made here: ${stderr.trim() || String(code)}`)
  }
  assert.deepEqual(JSON.parse(ran.stdout), ['02:00:5e:10:00:01', null, null, null])
})
