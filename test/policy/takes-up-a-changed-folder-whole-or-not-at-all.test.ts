import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../../gateway/policy/fault.ts'
import { loadPolicies } from '../../gateway/policy/load.ts'
import type { Policy } from '../../gateway/policy/policy.ts'
import { testKeys } from '../../gateway/policy/run-tests.ts'
import { watchPolicies } from '../../gateway/policy/watch.ts'
import { plugins } from '../../plugins/index.ts'

/** Milliseconds between two looks. */
const often = 20
const systemText = (path: string) => `system: s\nroutes:\n  - path: ${path}\n`

type Watched = {
  readonly directory: string
  readonly events: (readonly string[])[]
  /** Waits until so many events have come. */
  until(count: number): Promise<void>
  /** Long enough for several looks. */
  quiet(): Promise<void>
}

function watched(t: TestContext, prepare: (base: string) => string, interval = often): Watched {
  const base = mkdtempSync(join(tmpdir(), 'veilgate-watch-'))
  const directory = prepare(base)
  const events: (readonly string[])[] = []
  const load = () => loadPolicies(directory, { plugins, keys: testKeys, shown: 'p' })
  const loaded = load()
  assert.ok('policy' in loaded)
  const watch = watchPolicies({
    directory,
    load,
    digest: loaded.policy.digest,
    interval,
    onPolicy: (policy: Policy) => events.push(policy.systems.get('s')!.routes.map(({ template }) => template.text)),
    onFaults: (faults: readonly Fault[]) =>
      events.push(faults.map(({ file, line, code }) => `${file}:${line} ${code}`)),
  })
  t.after(async () => {
    await watch.close()
    rmSync(base, { recursive: true })
  })
  const until = async (count: number) => {
    for (let looks = 0; events.length < count && looks < 1000; looks++) await pause(interval)
    assert.equal(events.length, count, JSON.stringify(events))
  }
  return { directory, events, until, quiet: () => pause(interval * 15) }
}

function plain(base: string): string {
  const directory = join(base, 'policies')
  mkdirSync(join(directory, 'systems'), { recursive: true })
  writeFileSync(join(directory, 'systems', 's.yaml'), systemText('/a'))
  return directory
}

test('a change is taken up; what is broken is told once and leaves the old in force; its repair is taken up', async t => {
  const { directory, events, until, quiet } = watched(t, plain)
  const file = join(directory, 'systems', 's.yaml')
  await quiet()
  assert.deepEqual(events, [])
  writeFileSync(file, systemText('/b'))
  await until(1)
  writeFileSync(file, systemText('c'))
  await until(2)
  await quiet()
  writeFileSync(file, systemText('/d'))
  await until(3)
  rmSync(directory, { recursive: true })
  await until(4)
  plain(join(directory, '..'))
  await until(5)
  assert.deepEqual(events, [['/b'], ['p/systems/s.yaml:3 POLICY_ROUTE'], ['/d'], ['p:1 POLICY_UNREADABLE'], ['/a']])
})

test('a file is not taken while it is being written', async t => {
  const { directory, events, until } = watched(t, plain, 400)
  const file = join(directory, 'systems', 's.yaml')
  writeFileSync(file, 'system: s\nroutes:\n')
  const paths = Array.from({ length: 40 }, (_, index) => `/p${index}`)
  for (const path of paths) {
    // Faster than two looks: each finds the file changed since the last.
    appendFileSync(file, `  - path: ${path}\n`)
    await pause(10)
  }
  await until(1)
  assert.deepEqual(events, [paths])
})

test('touching a file or writing the same bytes changes nothing', async t => {
  const { directory, events, quiet } = watched(t, plain)
  writeFileSync(join(directory, 'systems', 's.yaml'), systemText('/a'))
  await quiet()
  assert.deepEqual(events, [])
})

test('a folder that is swapped by a symbolic link, as container volumes are, is taken up', async t => {
  const { directory, events, until } = watched(t, base => {
    for (const name of ['one', 'two']) {
      mkdirSync(join(base, name, 'systems'), { recursive: true })
      writeFileSync(join(base, name, 'systems', 's.yaml'), systemText(`/${name}`))
    }
    symlinkSync('one', join(base, 'policies'))
    return join(base, 'policies')
  })
  symlinkSync('two', `${directory}.new`)
  renameSync(`${directory}.new`, directory)
  await until(1)
  assert.deepEqual(events, [['/two']])
})
