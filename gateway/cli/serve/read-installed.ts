/** gateway.yaml and the policies it names, as `serve` would take them up; nothing is opened or made. */
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import type { Bilingual } from '../../contracts.ts'
import { renderFaults } from '../../policy/fault.ts'
import type { Policy } from '../../policy/policy.ts'
import { testKeys } from '../../policy/run-tests.ts'
import { exit, type Io, UsageError } from '../command.ts'
import { loadChecked } from '../in-force/policy-folder.ts'
import { readConfigFile } from './config-file.ts'
import type { StartOptions } from './gateway-parts.ts'

const words = {
  none: (file: string): Bilingual => ({ zh: `没有文件 ${file}。`, en: `There is no file ${file}.` }),
}

export type Installed = Omit<StartOptions, 'log'> & { readonly policy: Policy }

/** `path`: absolute. What is wrong is printed; with errors the exit status. Throws UsageError where there is no such file. */
export async function readInstalled(path: string, io: Io): Promise<Installed | number> {
  if (!existsSync(path)) throw new UsageError(words.none(relative(io.cwd, path)))
  const read = await readConfigFile(path, io)
  if (typeof read === 'number') return read
  const loaded = loadChecked(read, { ring: testKeys })
  if (loaded.faults.length > 0) io.stderr(renderFaults(loaded.faults, io.lang))
  return 'policy' in loaded ? { ...read, policy: loaded.policy } : exit.wrong
}
