/** Null where there was no place to wait. */
export type Places = <Result>(act: () => Promise<Result>) => Promise<Result | null>

/** Runs so many at a time, and lets so many wait for their turn. */
export function createPlaces(atOnce: number, waiting: number): Places {
  let running = 0
  const queue: (() => void)[] = []
  return async act => {
    if (running >= atOnce) {
      if (queue.length >= waiting) return null
      await new Promise<void>(resolve => queue.push(resolve))
    } else running++
    try {
      return await act()
    } finally {
      // who waits takes the place as it is
      const next = queue.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
