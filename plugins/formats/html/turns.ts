/** Work that can pause: a large page would hold up every other exchange if it were read in one turn of the loop. */
import { setImmediate } from 'node:timers/promises'

/** Yields where it can pause, every hundred tokens or nodes or so. */
export type Pausing<Result> = Generator<void, Result>

/** Milliseconds of work between two looks at what else is waiting. */
const turn = 10

export function atOnce<Result>(work: Pausing<Result>): Result {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

/**
 * One at a time, in the order they came: a page under way takes some thirty times its size in memory, and as many as there
 * are callers must not be under way together.
 */
export function inTurns<Result>(work: Pausing<Result>): Promise<Result> {
  const done = underWay.then(() => run(work))
  underWay = done.then(ended, ended)
  return done
}

let underWay: Promise<void> = Promise.resolve()
const ended = () => {}

async function run<Result>(work: Pausing<Result>): Promise<Result> {
  let began = performance.now()
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    if (performance.now() - began < turn) continue
    await setImmediate()
    began = performance.now()
  }
}
