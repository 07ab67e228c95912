/** Options of the `records` commands that name keys and witnesses, which nobody who can write to the records can forge. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseVerifier, type Verifier } from '../../records/proof/note.ts'
import type { Brought } from '../../records/verify/evidence.ts'
import { type Io, UsageError } from '../command.ts'

const several = { type: 'string', multiple: true } as const
export const evidenceOptions = { key: several, witness: several, approver: several } as const
export const evidenceUsage = `--key KEY       the log's public key (veilgate keys log-key), or a file of keys, from elsewhere
    --witness WHAT  a witness's public key, or a folder or file in which a witness keeps checkpoints
    --approver KEY  public key of somebody who may approve removal, or a file of such keys`

type Values = { readonly key?: string[]; readonly witness?: string[]; readonly approver?: string[] }

const mostBytes = 64 * 1024

/** What was named by these options. Throws UsageError where one is neither a key nor a file. */
export function broughtBy({ key = [], witness = [], approver = [] }: Values, io: Io): Brought {
  const keys = key.flatMap(text => keysOf(text, io))
  const witnessed: string[] = []
  for (const text of witness) {
    const path = resolve(io.cwd, text)
    const one = parseVerifier(text)
    if (one !== null) keys.push(one)
    else if (existsSync(path) && !statSync(path).isDirectory() && keysIn(path).length > 0) keys.push(...keysIn(path))
    else if (existsSync(path)) witnessed.push(path)
    else throw new UsageError(words.witness)
  }
  return { keys, witnessed, approvers: approver.flatMap(text => keysOf(text, io)) }
}

function keysOf(text: string, io: Io): Verifier[] {
  const one = parseVerifier(text)
  if (one !== null) return [one]
  const path = resolve(io.cwd, text)
  const found = existsSync(path) && statSync(path).isFile() ? keysIn(path) : []
  if (found.length === 0) throw new UsageError(words.key)
  return found
}

/** Keys on lines of their own; none where the file holds anything else. */
function keysIn(path: string): Verifier[] {
  if (statSync(path).size > mostBytes) return []
  const lines = readFileSync(path, 'utf8').split(/\r?\n/)
  const keys = lines.filter(line => line.trim() !== '').map(line => parseVerifier(line.trim()))
  return keys.every(key => key !== null) ? keys : []
}

const words = {
  key: {
    zh: '--key 与 --approver 应为公钥（名称+标识+base64），或含有公钥的文件。',
    en: '--key and --approver take a public key (NAME+ID+BASE64) or a file of such keys.',
  },
  witness: {
    zh: '--witness 应为见证方的公钥，或见证方保存检查点的目录或文件。',
    en: '--witness takes the public key of a witness, or a folder or file in which one keeps checkpoints.',
  },
}
