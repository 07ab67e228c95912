/**
 * Memory for bodies of requests that are read whole before anything is decided. Each may be large, and many callers may send
 * at once, slowly: without a bound on all of them together, one caller with some dozens of connections has the process ended.
 */
import { Refusal } from '../../errors.ts'

/** Bytes of a body that are not counted: nearly all are smaller, and these are always taken. */
const free = 64 * 1024

/** Of what all may hold, a caller may hold one of so many parts. */
const parts = 2

export type HeldBodies = {
  /** For one body of `caller`. */
  hold(caller: string): HeldBody
}

export type HeldBody = {
  /** More of it has come. Throws OVERLOADED where there is no room for it. */
  add(bytes: number): void
  /** It is not needed any more; also where nothing was added. */
  release(): void
}

/** Of a body that there is room for already. */
export const heldAlready: HeldBody = { add() {}, release() {} }

/** `most`: bytes of all of them. */
export function createHeldBodies(most: number): HeldBodies {
  let all = 0
  const byCaller = new Map<string, number>()
  const count = (caller: string, bytes: number) => {
    all += bytes
    const its = (byCaller.get(caller) ?? 0) + bytes
    if (its === 0) byCaller.delete(caller)
    else byCaller.set(caller, its)
  }
  return {
    hold(caller) {
      let [size, counted] = [0, 0]
      return {
        add(bytes) {
          size += bytes
          const more = Math.max(0, size - free) - counted
          if (more <= 0) return
          if (all + more > most || (byCaller.get(caller) ?? 0) + more > most / parts)
            throw new Refusal('OVERLOADED', { retryAfter: 5 })
          counted += more
          count(caller, more)
        },
        release() {
          if (counted > 0) count(caller, -counted)
          counted = 0
        },
      }
    },
  }
}
