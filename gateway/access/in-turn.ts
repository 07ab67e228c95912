/** Runs one act after the other: each begins when all that were asked for before have ended, however they ended. */
export function createTurns(): <Result>(act: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return act => {
    const done = last.then(act)
    last = done.catch(() => {})
    return done
  }
}
