/** The middle of three runs, in milliseconds. */
function typicalTime(run: () => void): number {
  const times = Array.from({ length: 3 }, () => {
    const before = performance.now()
    run()
    return performance.now() - before
  })
  return times.sort((left, right) => left - right)[1]!
}

/**
 * How many times longer `run` takes on eight times the text: about 8 when it is linear, 64 when it is quadratic. Texts
 * too quick to be told from noise count as linear.
 */
export function growth(unit: string, run: (text: string) => void): number {
  const small = unit.repeat(Math.ceil(131_072 / unit.length))
  const large = unit.repeat(Math.ceil(1_048_576 / unit.length))
  const least = Math.max(
    typicalTime(() => run(small)),
    1,
  )
  return typicalTime(() => run(large)) / least
}
