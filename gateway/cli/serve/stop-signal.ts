/** One press can arrive twice (npm passes it on as well): within this time it is the same one. */
const sameSignal = 2000

/**
 * `first`: asked to stop. `again`: asked once more, later: stop waiting. By SIGINT, SIGTERM and SIGHUP; with `onHangup`
 * SIGHUP stops nothing, and that is called. (Any handler of SIGHUP undoes what `nohup` has set up: its own must not stop.)
 */
export function stopSignal(onHangup?: () => void): { first: Promise<void>; again: Promise<void>; done(): void } {
  const first = Promise.withResolvers<void>()
  const again = Promise.withResolvers<void>()
  let since: number | null = null
  const onSignal = (): void => {
    since ??= performance.now()
    first.resolve()
    if (performance.now() - since > sameSignal) again.resolve()
  }
  const handlers = { SIGINT: onSignal, SIGTERM: onSignal, SIGHUP: onHangup ?? onSignal }
  const each = Object.entries(handlers)
  for (const [signal, handler] of each) process.on(signal, handler)
  return {
    first: first.promise,
    again: again.promise,
    done() {
      // The same signal may still arrive a second time, and must not kill what has just stopped well: the handlers stay,
      // and Node takes them down before it ends by itself, but not where it is told to.
      setTimeout(() => each.forEach(([signal, handler]) => void process.off(signal, handler)), sameSignal).unref()
      process.once('exit', status => process.exit(status))
    },
  }
}
