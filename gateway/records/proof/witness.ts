/** What a witness does with a checkpoint it is handed (c2sp.org/tlog-witness, add-checkpoint). Pure. */
import { isConsistent } from './check.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { fromBase64, openNote, parseNote, type Verifier } from './note.ts'

export const mostRequestBytes = 128 * 1024
const mostProofLines = 63

export type AddCheckpoint = {
  readonly old: number
  readonly proof: readonly Buffer[]
  readonly note: Buffer
  readonly text: string
  readonly checkpoint: Checkpoint
}

/** The body of a request, or null where it is none. */
export function parseAddCheckpoint(body: Buffer): AddCheckpoint | null {
  const end = body.indexOf('\n\n')
  if (end < 0 || body.length > mostRequestBytes) return null
  const [first = '', ...lines] = body.toString('latin1', 0, end).split('\n')
  const old = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1]
  const proof = lines.map(fromBase64)
  const note = body.subarray(end + 2)
  const text = parseNote(note)?.text
  const checkpoint = text === undefined ? null : parseCheckpoint(text)
  if (old === undefined || !Number.isSafeInteger(Number(old)) || checkpoint === null) return null
  if (proof.length > mostProofLines || !proof.every(hash => hash?.length === 32)) return null
  return { old: Number(old), proof: proof as Buffer[], note, text: text!, checkpoint }
}

/** The HTTP status; `latest`: with 409 where the request began from another size than the witness has. */
export type Judgement = { readonly status: 200 | 400 | 403 | 404 | 409 | 422; readonly latest?: number }

/** @param latest what this witness has last signed of that origin. */
export function judge(one: AddCheckpoint, logs: readonly Verifier[], latest: Checkpoint | null): Judgement {
  const keys = logs.filter(key => key.name === one.checkpoint.origin)
  if (keys.length === 0) return { status: 404 }
  if (openNote(one.note, keys) === null) return { status: 403 }
  if (one.old > one.checkpoint.size) return { status: 400 }
  const size = latest?.size ?? 0
  if (one.old !== size) return { status: 409, latest: size }
  if (latest === null || size === 0) return { status: one.proof.length === 0 ? 200 : 422 }
  if (size === one.checkpoint.size && !latest.root.equals(one.checkpoint.root)) return { status: 409, latest: size }
  return { status: isConsistent(latest, one.checkpoint, one.proof) ? 200 : 422 }
}
