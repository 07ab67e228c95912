/** What a second person signs before a policy that shows more, or alert rules that notice less, are put in force: a note (c2sp.org/signed-note), as for removals. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mostNoteBytes, openNote, type Verifier } from '../records/proof/note.ts'

/** What is signed: which policy, in place of which. What it shows more of follows from the two. */
export function approvalText(policy: string, previous: string): string {
  return `veilgate: put a policy in force\npolicy ${policy}\nprevious ${previous}\n`
}

/** The same for alert rules. What they notice less of follows from the two files. */
export function alertApprovalText(rules: string, previous: string): string {
  return `veilgate: put alert rules in force\nrules ${rules}\nprevious ${previous}\n`
}

/** Where the signatures for a policy, or for alert rules, are: in the policy folder. */
export function approvalPath(policies: string, digest: string): string {
  return join(policies, 'approvals', `${digest.slice('sha256:'.length)}.note`)
}

/** Which of these people have signed this text about what has this digest. */
export function approversOf(policies: string, digest: string, text: string, people: readonly Verifier[]): string[] {
  const path = approvalPath(policies, digest)
  try {
    if (!existsSync(path) || statSync(path).size > mostNoteBytes) return []
    const note = openNote(readFileSync(path), people)
    if (note === null || note.text !== text) return []
    return [...new Set(note.by.map(({ by }) => by.name))]
  } catch {
    return []
  }
}
