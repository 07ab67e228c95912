/** What people do to an answer that waits: the commands that differ in one word. */
import { reviewVerdictText } from '../../access/reviews/terms.ts'
import type { ReviewOutline, ReviewView } from '../../console/reviews-api.ts'
import type { Bilingual } from '../../contracts.ts'
import type { ReviewVerdict } from '../../review-event.ts'
import { signingCommand } from '../admin/signing-command.ts'
import { type Command, say } from '../command.ts'
import { describeReview, reviewLine } from './text.ts'

/** `done`: said once it is on record. */
export function reviewCommand(verdict: Exclude<ReviewVerdict, 'read'>, summary: Bilingual, done: Bilingual): Command {
  return signingCommand<ReviewOutline, ReviewView>({
    name: `reviews ${verdict}`,
    summary,
    collection: 'reviews',
    verdict,
    which: { zh: '请给出应答编号。', en: 'Give the number of an answer.' },
    describe: describeReview,
    text: (review, signed) => reviewVerdictText(verdict, review.terms, signed),
    done: (review, lang, zone) => `${say(done, lang)} ${reviewLine(review, lang, zone)}`,
  })
}
