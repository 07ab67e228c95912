/** What is compressed in the values of a body (gzip, RFC 1952; zlib, RFC 1950). */
import { gunzipSync, inflateSync } from 'node:zlib'

/** More than this is not unpacked of one value. */
const mostOfOne = 256 << 10
/** So much is for each character that came: ordinary texts are packed to a tenth, and seldom to a fiftieth. */
const mostTimes = 64
/** And so much of a body whatever came. */
const leastOfBody = 1 << 20
/** To try takes as long as to unpack so much, though nothing may come of it: a text of 4 MB that only begins so, again and again, took 43 s. */
const ofEach = 4 << 10

export const gzipStart = 0x1f

/**
 * Bounds what is unpacked of a body by what came of it: a few kilobytes can stand for gigabytes, and more where what is packed holds what is
 * packed. What is over that is not read, and goes.
 */
export class Unpacking {
  #left: number

  /** `least`: bytes that are unpacked whatever came. */
  constructor(least = leastOfBody) {
    this.#left = least
  }

  /** So many characters have come, which were in nothing packed. */
  came(length: number): void {
    this.#left += length * mostTimes
  }

  /** What compressed bytes hold; null where it is too much, undefined where they are none. */
  unpack(bytes: Uint8Array): Buffer | null | undefined {
    this.#left -= ofEach
    const most = Math.min(this.#left, mostOfOne)
    if (most <= 0) return null
    try {
      const unpacked = (bytes[0] === gzipStart ? gunzipSync : inflateSync)(bytes, { maxOutputLength: most })
      this.#left -= unpacked.length
      return unpacked
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') return undefined
      this.#left -= most
      return null
    }
  }
}
