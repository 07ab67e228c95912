/**
 * One record with all that is needed to check it, in one file (c2sp.org/tlog-proof): the record's line as its extra
 * data, its number, the path to the root, and the checkpoint with its signatures. Pure.
 */
import { hashOfLeaf, isIncluded } from './check.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { fromBase64, openNote, parseNote, type Verified, type Verifier } from './note.ts'

const head = 'c2sp.org/tlog-proof@v1\n'

export type Proof = {
  /** The record, without its line feed. */
  readonly line: Buffer
  readonly index: number
  readonly path: readonly Buffer[]
  readonly note: Buffer
}

export function writeProof({ line, index, path, note }: Proof): string {
  const hashes = path.map(hash => `${hash.toString('base64')}\n`).join('')
  return `${head}extra ${line.toString('base64')}\nindex ${index}\n${hashes}\n${note.toString('utf8')}`
}

/** The parts of the file, or null where it is none. */
export function parseProof(bytes: Buffer): Proof | null {
  const end = bytes.indexOf('\n\n')
  const match = /^extra ([^\n]+)\nindex (0|[1-9]\d{0,15})\n?((?:[A-Za-z0-9+/=]+\n)*[A-Za-z0-9+/=]*)$/.exec(
    bytes.toString('latin1', head.length, Math.max(end, 0)),
  )
  if (match === null || end < 0 || end > 256 * 1024 || bytes.toString('latin1', 0, head.length) !== head) return null
  const line = fromBase64(match[1]!)
  const lines = match[3] === '' ? [] : match[3]!.split('\n')
  const path = lines.map(fromBase64)
  const index = Number(match[2])
  if (line === null || lines.length > 63 || !Number.isSafeInteger(index)) return null
  if (!path.every(hash => hash?.length === 32)) return null
  return { line, index, path: path as Buffer[], note: bytes.subarray(end + 2) }
}

export type Checked =
  | { readonly checkpoint: Checkpoint; readonly proof: Proof; readonly by: readonly Verified[] }
  | { readonly wrong: 'PROOF_MALFORMED' | 'SIGNATURE_WRONG' | 'PROOF_WRONG' | 'RECORD_OTHER' }

/** Whether what the file says follows from it, under at least one of these keys. */
export function checkProof(bytes: Buffer, verifiers: readonly Verifier[]): Checked {
  const proof = parseProof(bytes)
  const note = proof === null ? null : parseNote(proof.note)
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  if (proof === null || checkpoint === null) return { wrong: 'PROOF_MALFORMED' }
  const opened = openNote(proof.note, verifiers)
  if (opened === null) return { wrong: 'SIGNATURE_WRONG' }
  if (!isIncluded(hashOfLeaf(proof.line), proof.index, checkpoint.size, proof.path, checkpoint.root))
    return { wrong: 'PROOF_WRONG' }
  // The number is in the line as well, so that nobody takes one record for another.
  if (!proof.line.includes(`,"seq":${proof.index},"time":"`)) return { wrong: 'RECORD_OTHER' }
  return { checkpoint, proof, by: opened.by }
}
