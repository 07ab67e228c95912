/** How variants are measured beside one another: each in a fresh process, in turn, again and again. */
import { execFileSync } from 'node:child_process'

/** What each variant gave in each round. `measure` is asked for all of them once before any is again. */
export function alternating<Variant, Measured>(
  variants: readonly Variant[],
  rounds: number,
  measure: (variant: Variant) => Measured,
): ReadonlyMap<Variant, readonly Measured[]> {
  const measured = new Map<Variant, Measured[]>(variants.map(variant => [variant, []]))
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) measured.get(variant)!.push(measure(variant))
  }
  return measured
}

/** Runs a program of the bench with a task, which it gets as JSON; it prints what it measured as JSON. */
export function inFreshProcess<Measured>(program: string, task: object): Measured {
  return JSON.parse(execFileSync(process.execPath, [program, JSON.stringify(task)], { encoding: 'utf8' })) as Measured
}
