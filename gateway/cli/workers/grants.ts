/** Grants as a worker has them: its primary is asked, and one that does not answer in time refuses. */
import type { Attempt } from '../../access/grants/attempt.ts'
import type { GrantUses } from '../../access/grants/desk.ts'
import { Refusal } from '../../errors.ts'
import type { FromWorker, GrantFailed, ToWorker } from './messages.ts'

type Answer = (ToWorker & { to: 'grant' })['answer']

/** Milliseconds: longer than a write may take. */
const patience = 5000

export function grantsOfPrimary(
  tell: (message: FromWorker) => void,
): GrantUses & { answered(message: ToWorker & { to: 'grant' }): void } {
  const waiting = new Map<number, (answer: Answer) => void>()
  let last = 0
  const ask = async (use: boolean, attempt: Attempt): Promise<Exclude<Answer, GrantFailed>> => {
    const nth = ++last
    const answer = await new Promise<Answer>(resolve => {
      const timer = setTimeout(resolve, patience, { failed: 'RECORDS_UNUSABLE' })
      waiting.set(nth, answer => {
        clearTimeout(timer)
        resolve(answer)
      })
      tell({ from: 'grant', nth, use, attempt })
    })
    waiting.delete(nth)
    if ('failed' in answer) throw new Refusal(answer.failed, { retryAfter: 5 })
    return answer
  }
  return {
    look: attempt => ask(false, attempt),
    use: attempt => ask(true, attempt),
    answered: ({ nth, answer }) => waiting.get(nth)?.(answer),
  }
}
