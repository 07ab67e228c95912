/**
 * Work on what a caller has sent that can pause: a large body, looked at in one turn of the loop, would hold up everybody else's
 * exchanges for as long as it takes.
 */

/** Yields where it can pause, at every pair or piece. */
export type Pausing<Result> = Generator<void, Result>

/** Milliseconds of work between two looks at what else there is to do. */
const turn = 10

type Job = () => boolean

/** What is under way. All of it together gets one turn at a time, so that sending much, or many at once, buys nobody more. */
const waiting: Job[] = []

/** Does it at once where it is short, as nearly all is; else in turns, shared out evenly. */
export function inTurns<Result>(work: Pausing<Result>): Result | Promise<Result> {
  const first = advance(work)
  if (first.done === true) return first.value
  return new Promise((resolve, reject) => {
    const job = () => {
      try {
        const step = advance(work)
        if (step.done === true) resolve(step.value)
        return step.done === true
      } catch (fault) {
        reject(fault)
        return true
      }
    }
    if (waiting.push(job) === 1) setImmediate(next)
  })
}

function next(): void {
  const job = waiting.shift()!
  if (!job()) waiting.push(job)
  if (waiting.length > 0) setImmediate(next)
}

function advance<Result>(work: Pausing<Result>): IteratorResult<void, Result> {
  const end = performance.now() + turn
  for (;;) {
    const step = work.next()
    if (step.done === true || performance.now() >= end) return step
  }
}
