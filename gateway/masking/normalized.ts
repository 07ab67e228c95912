import type { Detector } from '../contracts.ts'
import { plainReading } from './plain-reading.ts'

/** One spelling for all spellings of a value that says who somebody is: what blind indexes are made of. */
export function normalized(detector: Detector | null, text: string): string {
  if (detector !== null) return detector.normalize(plainReading(text)?.text ?? text)
  return text.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()
}
