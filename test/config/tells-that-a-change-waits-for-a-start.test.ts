import assert from 'node:assert/strict'
import { mkdtemp, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { watchConfig } from '../../gateway/cli/serve/config-watch.ts'
import { loadConfig } from '../../gateway/config/load.ts'
import { createLog } from '../../gateway/log.ts'
import { plugins } from '../../plugins/index.ts'
import { expired, localhost } from '../support/certificates.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startServeProcess } from '../support/serve-process.ts'
import { until } from '../support/until.ts'

const text = `listen: 127.0.0.1:0
admin: 127.0.0.1:0
tls: { certificate: tls.pem, key: tls.key }
systems: { s: { upstream: "http://127.0.0.1:9", policy: shipped } }
anonymous: { audience: public }
`

/** A file as editors and certificate tools write it: whole, in the place of the one before. */
async function put(folder: string, name: string, content: string): Promise<void> {
  await writeFile(join(folder, `${name}.new`), content, { mode: 0o600 })
  await rename(join(folder, `${name}.new`), join(folder, name))
}

async function installed(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  await put(folder, 'gateway.yaml', text)
  await put(folder, 'tls.pem', localhost.certificate)
  await put(folder, 'tls.key', localhost.key)
  return folder
}

type Said = { level: string; message: string; code?: string; file?: string; line?: number }

test('who edits gateway.yaml learns that it counts from the next start, and whether that would succeed; a certificate counts at once, or is refused', async t => {
  const folder = await installed(t)
  const loaded = await loadConfig(join(folder, 'gateway.yaml'), { identities: plugins.identities, now: Date.now() })
  assert.ok('config' in loaded)
  const said: Said[] = []
  const log = createLog({ lang: 'en', write: line => void said.push(JSON.parse(line)), forPeople: false })
  const renewals: (string | undefined)[] = []
  let faults = 0
  const watch = watchConfig(loaded.config, {
    log,
    renew: async ({ tls }) => void renewals.push(tls?.certificate),
    refused: async count => void (faults += count),
    pace: 20,
  })!
  t.after(() => watch.close())
  const next = async (count: number): Promise<Partial<Said>> => {
    await until(`${count} are told`, () => said.length === count)
    const { level, code, file, line, message } = said[count - 1]!
    return {
      level,
      message: message.slice(0, 58),
      ...(code && { code, file: file!, line: line! }),
      ...(file && { file }),
    }
  }
  const fine = { level: 'warn', message: 'a file was changed since the start: gateway.yaml, and the ' }
  const wrong = { level: 'error', message: 'a file was changed since the start, and is wrong: the gate' }
  await put(folder, 'gateway.yaml', `${text}timezone: Asia/Urumqi\n`)
  assert.deepEqual(await next(1), { ...fine, file: 'gateway.yaml' })
  await put(folder, 'gateway.yaml', `${text}timezone: [\n`)
  assert.deepEqual(await next(2), { ...wrong, code: 'YAML_SYNTAX', file: 'gateway.yaml', line: 7 })
  // gateway.yaml is wrong as it is now: certificates are those that it named at the start
  await put(folder, 'tls.pem', expired.certificate)
  const refused = { level: 'error', message: 'changed certificates or keys are wrong and not in force: t' }
  assert.deepEqual(await next(3), { ...refused, code: 'CONFIG_KEY_FILE', file: 'gateway.yaml', line: 3 })
  assert.deepEqual([renewals.length, faults], [0, 1])
  await put(folder, 'tls.key', expired.key)
  const taken = { level: 'info', message: 'changed certificates and keys are in force for new connect' }
  assert.deepEqual(await next(4), { ...taken, file: 'tls.pem' })
  assert.deepEqual(renewals, [expired.certificate])
})

test('a gateway that serves says so', async t => {
  const folder = await installed(t)
  const gateway = await startServeProcess(folder, ['--config', 'gateway.yaml'])
  t.after(() => gateway.end('SIGKILL'))
  await put(folder, 'gateway.yaml', `${text}# edited\n`)
  await until('it has said so', () => gateway.stderr().includes('counts once the gateway is started again'))
  assert.equal(await gateway.end(), 0)
})
