import type { KeyFolder } from '../../access/keys.ts'
import type { KeyDraft } from '../../records/entry.ts'

/** What is due on record of keys that a folder did not have before it was opened. */
export function keysMade({ made, madeKeys }: KeyFolder): KeyDraft[] {
  const draft = (purpose: string, name: string) =>
    ({ kind: 'key', action: 'made', purpose, name, operator: null }) as const
  return [...(made ? [draft('master', 'master')] : []), ...madeKeys.map(name => draft(name, `${name}.1`))]
}
