/** gateway.yaml for commands that start nothing: it says where keys and records are, and who approves. */
import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { plugins } from '../../plugins/index.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import type { Bilingual } from '../contracts.ts'
import { renderFaults } from '../policy/fault.ts'
import { exit, type Io, UsageError } from './command.ts'

const words = {
  absent: {
    zh: '本目录中没有 gateway.yaml，请用 --config FILE 指明。',
    en: 'There is no gateway.yaml in this folder; name it by --config FILE.',
  },
}

/**
 * The configuration that `--config` names, or gateway.yaml in this folder; or the exit status, with what is wrong printed.
 * Throws UsageError, in the words of `absent`, where nothing is named and nothing is there.
 */
export async function installedConfig(
  file: string | undefined,
  io: Io,
  absent: Bilingual = words.absent,
): Promise<Config | number> {
  const path = resolve(io.cwd, file ?? 'gateway.yaml')
  if (file === undefined && !existsSync(path)) throw new UsageError(absent)
  const shownAs = relative(io.cwd, path)
  const loaded = await loadConfig(path, { identities: plugins.identities, now: Date.now(), shownAs })
  if (!('faults' in loaded)) return loaded.config
  io.stderr(renderFaults(loaded.faults, io.lang))
  return exit.wrong
}
