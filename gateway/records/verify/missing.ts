/**
 * Logs that are gone: known by what was signed of them, where that was left behind; gone with all that stood beside them,
 * only to who brings their key, or by what a witness keeps.
 */
import { readFileSync } from 'node:fs'
import { ProofFolder, provedIn } from '../notary/proof-folder.ts'
import { readKept } from '../proof/checkpoint.ts'
import { type Brought, witnessFiles } from './evidence.ts'
import type { ShownBy } from './report.ts'

/**
 * Logs that should be in `directory` and are not, with what it took to see it: each of which checkpoints are there, or
 * that a key is given for; and those of a witness that has seen none of the logs that are here. (One may keep checkpoints
 * of many gateways.) Pruning leaves a log its last file, so that none is gone by leave.
 */
export function missingLogs(directory: string, here: readonly string[], brought: Brought): Map<string, ShownBy> {
  const missing = new Map<string, ShownBy>()
  for (const path of brought.witnessed) {
    const seen = witnessFiles(path).flatMap(originsIn).map(logOf)
    if (!seen.some(log => here.includes(log))) for (const log of seen) missing.set(log, 'witness')
  }
  for (const { type, name } of brought.keys) if (type === 1) missing.set(logOf(name), 'key')
  for (const log of provedIn(directory)) {
    if (new ProofFolder(directory, log).notes('checkpoints').kept.length > 0) missing.set(log, 'log')
  }
  for (const log of here) missing.delete(log)
  return missing
}

/** What cannot be read is told elsewhere. */
function originsIn(path: string): string[] {
  try {
    return readKept(readFileSync(path)).kept.flatMap(({ checkpoint }) => checkpoint?.origin ?? [])
  } catch {
    return []
  }
}

/** `veilgate/KEY/LOG` */
function logOf(origin: string): string {
  return origin.slice(origin.lastIndexOf('/') + 1)
}
