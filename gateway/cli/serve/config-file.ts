import { relative } from 'node:path'
import { plugins } from '../../../plugins/index.ts'
import { loadConfig } from '../../config/load.ts'
import { renderFaults } from '../../policy/fault.ts'
import { exit, type Io } from '../command.ts'
import type { StartOptions } from './gateway-parts.ts'

/** gateway.yaml at an absolute path, as it is started with. What is wrong is printed; with errors the exit status. */
export async function readConfigFile(path: string, io: Io): Promise<Omit<StartOptions, 'log'> | number> {
  const shownAs = relative(io.cwd, path)
  const loaded = await loadConfig(path, { identities: plugins.identities, now: Date.now(), shownAs })
  const faults = 'faults' in loaded ? loaded.faults : loaded.warnings
  if (faults.length > 0) io.stderr(renderFaults(faults, io.lang))
  if ('faults' in loaded) return exit.wrong
  const { config, against } = loaded
  const policiesShownAs = config.policies === null ? undefined : relative(io.cwd, config.policies) || '.'
  return { config, plugins, against, ...(policiesShownAs !== undefined && { policiesShownAs }) }
}
