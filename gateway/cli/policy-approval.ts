/** What a second person signs before a policy that shows more is put in force: a note (c2sp.org/signed-note), as for removals. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mostNoteBytes, openNote, type Verifier } from '../records/proof/note.ts'

const title = 'veilgate: put a policy in force'

/** What is signed: which policy, in place of which. What it shows more of follows from the two. */
export function approvalText(policy: string, previous: string): string {
  return `${title}\npolicy ${policy}\nprevious ${previous}\n`
}

/** Where the signatures for a policy are, in its own folder. */
export function approvalPath(policies: string, digest: string): string {
  return join(policies, 'approvals', `${digest.slice('sha256:'.length)}.note`)
}

/** Which of these people have signed that one policy may take another's place. */
export function approversOf(policies: string, digest: string, previous: string, people: readonly Verifier[]): string[] {
  const path = approvalPath(policies, digest)
  try {
    if (!existsSync(path) || statSync(path).size > mostNoteBytes) return []
    const note = openNote(readFileSync(path), people)
    if (note === null || note.text !== approvalText(digest, previous)) return []
    return [...new Set(note.by.map(({ by }) => by.name))]
  } catch {
    return []
  }
}
