/** What people say of a grant: the commands that differ in one word. */
import { type Verdict, verdictText } from '../../access/grants/terms.ts'
import type { GrantView } from '../../console/grants-api.ts'
import type { Bilingual } from '../../contracts.ts'
import { signingCommand } from '../admin/signing-command.ts'
import { type Command, say } from '../command.ts'
import { describeGrant } from './text.ts'

/** `done`: said once it is on record. */
export function verdictCommand(verdict: Verdict, summary: Bilingual, done: Bilingual): Command {
  return signingCommand<GrantView, GrantView>({
    name: `grants ${verdict}`,
    summary,
    collection: 'grants',
    verdict,
    which: words.which,
    describe: describeGrant,
    text: (grant, signed) => verdictText(verdict, grant.terms, signed),
    done: (grant, lang) => `${say(done, lang)} ${say(words.counted(grant), lang)}`,
  })
}

const words = {
  which: { zh: '请给出授权编号。', en: 'Give the id of a grant.' },
  counted: ({ approvals, needed }: GrantView) => ({
    zh: `批准 ${approvals.length}/${needed}。`,
    en: `Approvals: ${approvals.length} of ${needed}.`,
  }),
}
