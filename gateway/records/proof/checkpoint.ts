/** What a log says of itself, to be signed (c2sp.org/tlog-checkpoint), and a file of such statements. Pure. */
import { fromBase64, parseNote } from './note.ts'

export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Buffer }

/** The text that is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`
}

/** Of a note's text; null where it is no checkpoint. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin, size, root, ...more] = text.split('\n')
  if (!origin || size === undefined || root === undefined || !/^(?:0|[1-9]\d{0,15})$/.test(size)) return null
  if (!Number.isSafeInteger(Number(size)) || more.pop() !== '' || more.some(line => line === '')) return null
  const hash = fromBase64(root)
  return hash?.length === 32 ? { origin, size: Number(size), root: hash } : null
}

/** One of a file: its bytes as a note, what it says, and where it stands. `checkpoint` is null where it is damaged. */
export type Kept = { readonly bytes: Buffer; readonly checkpoint: Checkpoint | null; readonly offset: number }

/** As it stands in a file of many: the note, and an empty line after it. */
export function keepNote(note: string): string {
  return `${note}\n`
}

/** The checkpoints in a file, in order, and how many bytes hold whole ones: what follows was cut short in writing. */
export function readKept(bytes: Buffer): { kept: Kept[]; whole: number } {
  const kept: Kept[] = []
  let offset = 0
  for (;;) {
    const text = bytes.indexOf('\n\n', offset)
    const end = text < 0 ? -1 : bytes.indexOf('\n\n', text + 2)
    if (end < 0) return { kept, whole: offset }
    const own = bytes.subarray(offset, end + 1)
    const note = parseNote(own)
    kept.push({ bytes: own, checkpoint: note === null ? null : parseCheckpoint(note.text), offset })
    offset = end + 2
  }
}
