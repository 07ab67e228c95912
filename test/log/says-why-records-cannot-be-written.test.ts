import assert from 'node:assert/strict'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

test('the log says why records cannot be written, once, and when they can again', async () => {
  const upstream = await startUpstream((_request, response) => void response.end('{}'))
  const gateway = await startTestGateway({ upstream: upstream.url })
  const said = (part: string) =>
    gateway.log.map(line => JSON.parse(line)).filter(({ message }) => message.includes(part))
  try {
    const folder = join(gateway.directory, 'records')
    const [name] = (await readdir(folder)).filter(file => file.endsWith('.jsonl'))
    await rm(join(folder, name!))
    assert.equal((await fetch(`${gateway.url}/a`)).status, 503)
    const [line] = await until('the log says that records cannot be written', () => {
      const found = said('access records cannot be written')
      return found.length > 0 && found
    })
    assert.equal(line.level, 'error')
    assert.match(line.cause, /^[A-Z_]+$/)
    await until('records can be written again', () => said('access records can be written again').length > 0)
    assert.equal(said('access records cannot be written').length, 1)
  } finally {
    await gateway.close()
    await upstream.close()
  }
})
