import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signerOf, writeSigner } from '../../gateway/records/proof/note.ts'
import { runCommand } from '../support/run-command.ts'
import { startTestGateway, type TestGateway, type TestRecord } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

export const policies = {
  'audiences.yaml': 'audiences:\n  public: { 4: remove, 3: redact, 2: partial, 1: clear }\n',
  'catalogue.yaml':
    'data_types:\n  id: { title: { zh: 证号, en: ID }, cell: A4, names: [id] }\n  tel: { title: { zh: 电话, en: Phone }, cell: A3, names: [tel], forms: { partial: { keep_ends: { head: 3 } } } }\n',
  'systems/upstream.yaml': 'system: upstream\nroutes: [ { path: /a } ]\n',
}

const seeds = { zhang: Buffer.alloc(32, 1), stranger: Buffer.alloc(32, 2) }

export const approverKey = signerOf('zhang', seeds.zhang).verifier.text

/** The system of these policies: it answers with a phone. */
export function startPhones(): Promise<Upstream> {
  return startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"id":"A1","tel":"13800138000"}')
  })
}

/** A gateway whose policies take two. */
export async function startGuarded(upstream: string, directory: string): Promise<TestGateway> {
  const approvers = [{ name: 'zhang', key: approverKey, group: 'security', logins: [] }]
  return startTestGateway({ upstream, policies: {}, directory, config: { approvers } })
}

/** A folder with the policies above and the secret keys of an approver and of somebody else. */
export async function guardedFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-guarded-'))
  await mkdir(join(directory, 'policies/systems'), { recursive: true })
  for (const [name, text] of Object.entries(policies)) await writeFile(join(directory, 'policies', name), text)
  for (const [name, seed] of Object.entries(seeds))
    await writeFile(join(directory, `${name}.key`), writeSigner(name, seed))
  return directory
}

export const edit = (directory: string, name: keyof typeof policies, text: string) =>
  writeFile(join(directory, 'policies', name), text)

/** What the folder holds, approved by the key of one of them. */
export function approvePolicies(directory: string, by: keyof typeof seeds): ReturnType<typeof runCommand> {
  const folders = [join(directory, 'keys/policies/in-force'), join(directory, 'policies')]
  return runCommand(['policies', 'approve', ...folders, '--key', `${by}.key`], { cwd: directory })
}

/** Shows an ID number that it removed. */
export const wider = policies['audiences.yaml'].replace('4: remove', '4: clear')

/** The last record of kind `policy`, once its outcome is this one. */
export function outcome(gateway: TestGateway, wanted: string, count = 1): Promise<TestRecord> {
  return until(`${count} records of a policy that was ${wanted}`, async () => {
    const found = (await gateway.records()).filter(({ kind, outcome: is }) => kind === 'policy' && is === wanted)
    return found.length >= count ? found.at(-1)! : null
  })
}

export async function seen(gateway: TestGateway): Promise<object> {
  return (await fetch(`${gateway.url}/a`)).json() as Promise<object>
}
