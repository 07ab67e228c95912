/** One spelling for all spellings of a value (`Detector.normalize`). */
import type { Detector } from '../../gateway/contracts.ts'

/** A value of no certain look, as the engine spells what no detector knows. */
export function plainSpelling(value: string): string {
  return value.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()
}

/** A value in its one spelling where the detector finds it as a whole, with white space around at most; else as it is. */
export function spelled(detector: Pick<Detector, 'find'>, value: string, spell: (found: string) => string): string {
  const text = value.trim()
  const [span] = detector.find(text)
  if (span === undefined || span.start !== 0 || span.end !== text.length) return value
  const normal = spell(text)
  const [again] = detector.find(normal)
  return again?.start === 0 && again.end === normal.length ? normal : value
}
