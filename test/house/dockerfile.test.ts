import assert from 'node:assert/strict'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { limitRules, limitsFrom } from '../../gateway/config/limits.ts'

const root = join(import.meta.dirname, '../..')
const text = (await readFile(join(root, 'Dockerfile'), 'utf8')).replace(/\\\n/g, ' ')
const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
const ignored = (await readFile(join(root, '.dockerignore'), 'utf8')).trim().split('\n')

const packed = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const stages = text.split(/^FROM /m).slice(1)
const last = stages.at(-1)!

test('everything the image copies from the project is there and in the build context', async () => {
  assert.equal(ignored[0], '*')
  const copied = lines.filter(line => line.startsWith('COPY ') && !line.includes('--from='))
  const sources = copied.flatMap(line => line.split(/\s+/).slice(1, -1))
  assert.ok(sources.includes('package-lock.json'))
  assert.ok(sources.includes('policies'))
  for (const source of sources) {
    await access(join(root, source))
    assert.ok(ignored.includes(`!${source}`), `.dockerignore keeps ${source} out`)
  }
})

test('the container runs as a numbered user that is not root', () => {
  const users = last.match(/^USER .*$/gm)!
  assert.match(users.at(-1)!, /^USER [1-9]\d*:[1-9]\d*$/)
  assert.ok(last.indexOf('USER ') > last.lastIndexOf('\nRUN '), 'what needs root comes before USER')
})

test('the command that runs is the one the package declares', () => {
  const entry: string[] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(last)![1]!)
  assert.equal(entry.at(-1), `/opt/veilgate/${packed.bin.veilgate}`)
  const command: string[] = JSON.parse(/^CMD (.*)$/m.exec(last)![1]!)
  assert.deepEqual(command, ['serve', '--config', '/srv/veilgate/gateway.yaml'])
})

test('every script the build runs is one the package has', () => {
  for (const [, name] of text.matchAll(/npm run (\S+)/g)) assert.ok(packed.scripts[name!], `npm run ${name}`)
})

test('the final image has neither development packages nor sources', () => {
  assert.match(stages[0]!, /npm ci --omit=dev --omit=optional/)
  assert.doesNotMatch(last, /^COPY (?:gateway|plugins)/m)
})

test('the healthcheck asks the admin listener of the example configuration', async () => {
  const check = /HEALTHCHECK .*?CMD (\[.*\])/.exec(last)![1]!
  const [program, option, script]: string[] = JSON.parse(check)
  assert.deepEqual([program, option], ['node', '-e'])
  assert.doesNotThrow(() => new Function(script!))
  const admin = /^admin: *(\S+)/m.exec(await readFile(join(root, 'gateway.yaml'), 'utf8'))![1]!
  assert.ok(script!.includes(`http://${admin}/healthz`), script!)
})

test('what is written to is a volume, so that the root file system can be read-only', async () => {
  const volumes: string[] = JSON.parse(/^VOLUME (.*)$/m.exec(last)![1]!)
  const config = await readFile(join(root, 'gateway.yaml'), 'utf8')
  for (const key of ['records', 'keys']) {
    const folder = new RegExp(`^${key}: *(\\S+)`, 'm').exec(config)![1]!
    assert.ok(volumes.includes(join('/srv/veilgate', folder)), `${key} is at ${folder}`)
  }
})

test('the container is given longer to stop than answers in flight may take', () => {
  const given = Number(/^#.* --stop-timeout (\d+) /m.exec(text)![1])
  assert.ok(given > limitsFrom(limitRules).drain / 1000, `${given} s`)
})
