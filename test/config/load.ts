import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Config } from '../../gateway/config/config.ts'
import { type Loaded, loadConfig } from '../../gateway/config/load.ts'
import type { IdentityPlugin } from '../../gateway/contracts.ts'
import { type Fault, renderFaults } from '../../gateway/policy/fault.ts'
import { apiKey } from '../../plugins/identities/api-key.ts'
import { removeFolder } from '../support/remove-folder.ts'

const now = Date.parse('2026-11-21T00:00:00Z')

/** A file for readYaml to find; `mode` 0600 unless given. */
export type Beside = Readonly<Record<string, string | { readonly text: string; readonly mode: number }>>

/** Loads a gateway.yaml from a folder of its own, with files beside it. */
export async function load(
  yaml: string,
  beside: Beside = {},
  identities: readonly IdentityPlugin[] = [apiKey],
): Promise<Loaded | { readonly faults: readonly Fault[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-config-'))
  try {
    for (const [name, given] of Object.entries({ 'gateway.yaml': yaml, ...beside })) {
      const { text, mode } = typeof given === 'string' ? { text: given, mode: 0o600 } : given
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text, { mode })
    }
    return await loadConfig(join(folder, 'gateway.yaml'), { identities, now, shownAs: 'gateway.yaml' })
  } finally {
    await removeFolder(folder)
  }
}

/** The configuration; throws, with the faults, where there is none. */
export async function loaded(yaml: string, beside: Beside = {}): Promise<Config> {
  const result = await load(yaml, beside)
  if ('faults' in result) throw new Error(renderFaults(result.faults, 'en'))
  return result.config
}

/** `line:column CODE` of all that was found, warnings marked. */
export async function found(
  yaml: string,
  beside: Beside = {},
  identities?: readonly IdentityPlugin[],
): Promise<string[]> {
  const result = await load(yaml, beside, identities)
  return ('faults' in result ? result.faults : result.warnings).map(
    ({ line, column, code, severity }) => `${line}:${column} ${code}${severity === 'warning' ? ' (warning)' : ''}`,
  )
}

/** One system and nothing else. */
export const least = 'systems: { a: { upstream: "http://127.0.0.1:1" } }\n'
