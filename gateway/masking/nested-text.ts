/** Text that holds other text: structured, or in an encoding. */
import type { Detection } from './detect.ts'
import { encodedParts } from './encoded.ts'
import { Unpacking } from './unpacking.ts'

/** Structured and encoded text inside text is read this deep; what lies deeper is redacted. */
export const maxNesting = 4

/** A string of JSON that holds another text: what was made a string once too often. ../../plugins/formats/json/wasm says the same. */
const quoted = /^"[\x00-\x20]*[{[<\\].*"$/s

/**
 * Whether a text begins and ends like an object, an array or an element, or like a string of JSON that is one; or may be a table:
 * two lines or more, with what parts cells in the first.
 */
export function looksStructured(text: string): boolean {
  const inner = text.trim()
  if (inner[0] === '"' && quoted.test(inner)) return true
  const ends = inner[0] === '{' ? '}' : inner[0] === '[' ? ']' : inner[0] === '<' ? '>' : null
  if (ends !== null && inner.length >= 2 && inner.at(-1) === ends) return true
  if (!inner.includes('\n') && !inner.includes('\r')) return false
  const lineEnd = inner.search(/[\r\n]/)
  return lineEnd > 0 && /[,;|\t]/.test(inner.slice(0, lineEnd))
}

/**
 * Whether what stands behind a name may be Chinese in a text: `a=1;xm=张三`, `{"xm":"张` cut short; or anything behind one of Chinese:
 * `诊断：冠心病`. May-be-encoded.ts says the same of bytes.
 */
export function mayNameValues(text: string): boolean {
  if (text.includes(':') || text.includes('=')) return beforeChinese.test(text) || behindChinese.test(text)
  return text.includes('：') || text.includes('＝')
}

/** A sign behind Han, with a blank between or without; those of full width stand behind nothing else. */
const behindChinese = /[\u3007\u3400-\u9fff\ud840-\udfff\ue000-\ufaff] ?[:=]|[：＝]/

/**
 * Han of any plane; and what is for private use, as GBK has it where Unicode had no character yet. Between may stand a quotation mark that
 * was escaped three times, behind a blank.
 */
const beforeChinese = /[!-~] ?[:=][ "'\\[(]{0,9}[\u3007\u3400-\u9fff\ud840-\ud8bf\ue000-\ufaff]/

/** Whether an element of markup may end in a text: `请找<b>张三</b>`. */
export function mayHoldMarkup(text: string): boolean {
  return text.includes('</')
}

/** Whether detectors find anything in a name, or in what it is an encoding of. */
export function holdsPersonal(detection: Detection, name: string): boolean {
  const unpacking = new Unpacking(0)
  unpacking.came(name.length)
  return holdsPersonalInside(detection, name, unpacking, 0)
}

function holdsPersonalInside(detection: Detection, text: string, unpacking: Unpacking, depth: number): boolean {
  if (detection.find(text).length > 0) return true
  return encodedParts(text, unpacking).some(
    part =>
      part.text === null || depth >= maxNesting || holdsPersonalInside(detection, part.text, unpacking, depth + 1),
  )
}
