import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Approver, Requester } from '../../gateway/config/config.ts'
import { parseSigner, type Signer, writeSigner } from '../../gateway/records/proof/note.ts'

/** People with keys: wang and zhao of security, zhang of privacy, chen of audit; li may ask. */
export type ApprovingPeople = {
  readonly approvers: readonly Approver[]
  readonly requesters: readonly Requester[]
  /** The file of a person's secret key. */
  keyOf(name: string): string
  signerOf(name: string): Signer
  /** As gateway.yaml has them. */
  readonly yaml: string
}

const groups = { wang: 'security', zhao: 'security', zhang: 'privacy', chen: 'audit', li: null } as const

/** Makes their keys in a folder. */
export async function makePeople(folder: string): Promise<ApprovingPeople> {
  await mkdir(folder, { recursive: true })
  const signers = new Map<string, Signer>()
  for (const name of Object.keys(groups)) {
    const secret = writeSigner(name, randomBytes(32))
    signers.set(name, parseSigner(secret)!)
    await writeFile(join(folder, `${name}.key`), `${secret}\n`, { mode: 0o600 })
  }
  const keyed = Object.entries(groups).map(([name, group]) => {
    return { name, group, key: signers.get(name)!.verifier.text, logins: [`login-of-${name}`] }
  })
  const approvers = keyed.filter(one => one.group !== null) as Approver[]
  const requesters = keyed.filter(one => one.group === null)
  const line = ({ name, key, group, logins }: (typeof keyed)[number]) =>
    `  ${name}: { key: "${key}", logins: [${logins}]${group === null ? '' : `, group: ${group}`} }\n`
  const of = (some: readonly { name: string }[]) => keyed.filter(one => some.some(({ name }) => name === one.name))
  return {
    approvers,
    requesters,
    keyOf: name => join(folder, `${name}.key`),
    signerOf: name => signers.get(name)!,
    yaml: `approvers:\n${of(approvers).map(line).join('')}requesters:\n${of(requesters).map(line).join('')}`,
  }
}
