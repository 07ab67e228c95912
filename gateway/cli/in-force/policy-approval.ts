/** What a second person signs before a policy that shows more, or alert rules that notice less, are put in force: a note (c2sp.org/signed-note), as for removals. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mostNoteBytes, openNote, type Verifier } from '../../records/proof/note.ts'

/** What is signed: what is to be in force, in place of what; what it shows more, or notices less, of follows from the two. */
export type Approval = { readonly of: 'policy' | 'alert rules'; readonly digest: string; readonly previous: string }

/**
 * The text that is signed. `made`: UTC, as in records; by it a signature counts for one time that `previous` is in force, and
 * not again when the same two meet later.
 */
export function approvalText({ of, digest, previous }: Approval, made: string): string {
  const name = of === 'policy' ? 'a policy' : 'alert rules'
  return `veilgate: put ${name} in force\n${of === 'policy' ? of : 'rules'} ${digest}\nprevious ${previous}\nmade ${made}\n`
}

/** Where the signatures for a policy, or for alert rules, are: in the policy folder. */
export function approvalPath(policies: string, digest: string): string {
  return join(policies, 'approvals', `${digest.slice('sha256:'.length)}.note`)
}

/** A signature may bear a time so many milliseconds ahead of this clock. */
const ahead = 300_000

/** Whether a text is that of this approval, made while what is in force has been so since then. Milliseconds since 1970. */
export function isFor(text: string, approval: Approval, since: number, now: number): boolean {
  const made = /\nmade (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n$/.exec(text)?.[1]
  if (made === undefined || text !== approvalText(approval, made)) return false
  return Date.parse(made) > since && Date.parse(made) <= now + ahead
}

/** Which of these people have signed this, since what is in force came to be so. */
export function approversOf(
  policies: string,
  approval: Approval,
  people: readonly Verifier[],
  { since, now }: { readonly since: number; readonly now: number },
): string[] {
  const path = approvalPath(policies, approval.digest)
  try {
    if (!existsSync(path) || statSync(path).size > mostNoteBytes) return []
    const note = openNote(readFileSync(path), people)
    if (note === null || !isFor(note.text, approval, since, now)) return []
    return [...new Set(note.by.map(({ by }) => by.name))]
  } catch {
    return []
  }
}
