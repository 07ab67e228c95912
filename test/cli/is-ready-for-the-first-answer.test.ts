import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startMadeUpSystem } from '../../gateway/cli/serve/made-up-system.ts'
import type { FormatPlugin, Plugins } from '../../gateway/contracts.ts'
import { plugins as shipped } from '../../plugins/index.ts'
import { startTestGateway, type TestOptions } from '../support/start-gateway.ts'

/** Nobody listens there: whoever asks the system itself is refused a connection. */
const upstream = 'http://127.0.0.1:9'

/** The shipped plugins, where each reader of JSON is told first. */
function telling(tell: () => void): Plugins {
  const formats = shipped.formats.map((format): FormatPlugin => {
    if (format.name !== 'json') return format
    const create: FormatPlugin['create'] = options => {
      const make = format.create(options)
      return (...of) => {
        tell()
        return make(...of)
      }
    }
    return { ...format, create }
  })
  return { ...shipped, formats }
}

/** Starts a gateway and ends it. Bodies that were masked before it listened, what it has on record, and what its log says. */
async function start(options: Partial<TestOptions>, tell: () => void = () => {}) {
  let bodies = 0
  let bodiesBefore = -1
  const plugins = telling(() => {
    bodies++
    tell()
  })
  const loaded = () => {
    bodiesBefore = bodies
  }
  const gateway = await startTestGateway({ upstream, plugins, loaded, ...options })
  const { queued } = gateway.running.records.counts
  const kinds = (await gateway.records()).map(({ kind }) => kind)
  await gateway.close()
  return { bodies: bodiesBefore, queued, kinds, log: gateway.log }
}

const answers = ['access', 'open', 'window', 'close', 'aborted', 'refused', 'intent']

test('before anybody can ask, answers were masked, of which nothing is on record or in the log', async () => {
  const { bodies, queued, kinds, log } = await start({})
  assert.ok(bodies > 1)
  assert.equal(queued, 0)
  assert.deepEqual(
    kinds.filter(kind => answers.includes(kind)),
    [],
  )
  assert.deepEqual(log, [])
})

test('a gateway that only known callers may ask is as ready', async () => {
  assert.ok((await start({ closed: true })).bodies > 1)
})

test('where nobody may ask there is nothing to be ready for', async () => {
  assert.equal((await start({ closed: true, config: { consumers: new Map() } })).bodies, 0)
})

test('a plugin with a fault does not keep a gateway from serving', async () => {
  const { bodies, log } = await start({}, () => {
    throw new TypeError('a fault')
  })
  assert.equal(bodies, 1)
  assert.deepEqual(log, [])
})

test('the people that are made up for that differ, and their answers have the length that is asked for', async () => {
  const system = await startMadeUpSystem()
  try {
    for (const bytes of [1000, 1_000_000]) {
      const text = await (await fetch(`${system.origin}/${bytes}`)).text()
      assert.ok(Buffer.byteLength(text) > bytes / 2 && Buffer.byteLength(text) < bytes * 2)
      const { rows } = JSON.parse(text) as { rows: { idCard?: string }[] }
      assert.equal(new Set(rows.map(({ idCard }) => idCard)).size, rows.length)
    }
  } finally {
    await system.close()
  }
})
