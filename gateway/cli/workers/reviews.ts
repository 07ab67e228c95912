/** Answers that wait, as a worker has them: its primary decides, and one that does not answer in time refuses. */
import type { Reviewing } from '../../access/reviews/desk.ts'
import { Refusal } from '../../errors.ts'
import type { FromWorker, ReviewAnswer, ReviewQuestion, ToWorker } from './messages.ts'

/** Milliseconds: longer than a write may take. */
const patience = 10_000

export function reviewsOfPrimary(
  tell: (message: FromWorker) => void,
): Reviewing & { answered(message: ToWorker & { to: 'review' }): void } {
  const waiting = new Map<number, (answer: ReviewAnswer | null) => void>()
  let last = 0
  const ask = async <Act extends ReviewQuestion['act']>(
    question: Extract<ReviewQuestion, { act: Act }>,
  ): Promise<Awaited<ReturnType<Reviewing[Act]>>> => {
    const nth = ++last
    const answer = await new Promise<ReviewAnswer | null>(resolve => {
      const timer = setTimeout(resolve, patience, null)
      waiting.set(nth, answer => {
        clearTimeout(timer)
        resolve(answer)
      })
      tell({ from: 'review', nth, question })
    })
    waiting.delete(nth)
    if (answer === null) throw new Refusal('RECORDS_UNUSABLE', { retryAfter: 5 })
    return answer as Awaited<ReturnType<Reviewing[Act]>>
  }
  return {
    hold: terms => ask({ act: 'hold', with: terms }),
    look: asked => ask({ act: 'look', with: asked }),
    fetch: asked => ask({ act: 'fetch', with: asked }),
    answered: ({ nth, answer }) => waiting.get(nth)?.(answer),
  }
}
