/**
 * The quicker of two runs, in milliseconds of the processor: what else the machine does can only make a run slower, and a
 * run that has to wait for others takes no more of it.
 */
function quickest(run: () => void): number {
  const times = Array.from({ length: 2 }, () => {
    const before = process.threadCpuUsage()
    run()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...times)
}

/** Linear is 8, quadratic 64. */
const tolerated = 32

/**
 * How many times longer `run` takes on eight times the text, up to 128 KiB (bench/detectors goes up to 1 MiB): about 8 when it is linear, 64 when it is quadratic.
 * Texts too quick to be told from noise count as linear. What looks slow is measured again, as a busy machine can make
 * it seem so once, and a quadratic search is slow every time.
 */
export function growth(unit: string, run: (text: string) => void): number {
  const small = unit.repeat(Math.ceil(16_384 / unit.length))
  const large = unit.repeat(Math.ceil(131_072 / unit.length))
  let times = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 4 && times >= tolerated; attempt++) {
    const least = Math.max(
      quickest(() => run(small)),
      1,
    )
    times = Math.min(times, quickest(() => run(large)) / least)
  }
  return times
}

export function isLinear(times: number): boolean {
  return times < tolerated
}
