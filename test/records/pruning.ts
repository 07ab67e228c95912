/** An old log, people who may let it be shortened, and the commands by which they do. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { main } from '../../gateway/cli/main.ts'
import { logSigner } from '../../gateway/records/proof/log-key.ts'
import { folderFor } from './folder.ts'
import { fill, signedLog } from './proofs.ts'

type Said = { readonly status: number; readonly out: string; readonly err: string }

export async function command(base: string, ...args: string[]): Promise<Said> {
  let [out, err] = ['', '']
  const io = {
    stdin: (async function* () {})(),
    stdout: (text: string | Uint8Array) => void (out += text),
    stderr: (text: string) => void (err += text),
    lang: 'en' as const,
    cwd: base,
    env: {},
  }
  return { status: await main(args, io), out, err }
}

/** 300 records of 2020 in sealed files, 50 of now; three approvers in two groups. */
export async function oldLog(
  t: TestContext,
  name = 'gw1-0',
): Promise<{ base: string; directory: string; witness: string }> {
  const base = await folderFor(t)
  const [directory, witness] = [join(base, 'records'), join(base, 'witness')]
  await mkdir(witness)
  let now = Date.parse('2020-03-01T00:00:00Z')
  const witnesses = [{ name: 'usb', folder: witness }]
  const own = name === 'gw1-0' ? {} : { log: name, signer: logSigner(name, Buffer.alloc(32, 7)) }
  const options = { clock: () => now, fileBytes: 40_000, witnesses, ...own }
  const signed = await signedLog(t, directory, options)
  await fill(signed, 300, 20)
  now = Date.now()
  await fill(signed, 200, 20)
  await signed.close()
  const people: string[] = []
  for (const [name, group] of [
    ['zhang', 'security'],
    ['li', 'records'],
    ['wang', 'records'],
  ]) {
    const { out } = await command(base, 'keys', 'approver', name!, '--out', `${name}.secret`)
    people.push(`  ${name}: { key: "${out.trim()}", group: ${group} }`)
  }
  const system = 'systems: { old: { upstream: "http://127.0.0.1:9", policy: shipped } }\n'
  await writeFile(join(base, 'gateway.yaml'), `${system}approvers:\n${people.join('\n')}\n`)
  return { base, directory, witness }
}

export const ask = (base: string, until = '2021-01-01') =>
  command(base, 'records', 'prune', '--until', until, '--ask', 'request')
export const approve = (base: string, name: string) =>
  command(base, 'records', 'approve', 'request', '--key', `${name}.secret`)
export const remove = (base: string) => command(base, 'records', 'prune', '--request', 'request')
