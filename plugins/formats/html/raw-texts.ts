/** Texts that are none to a reader of the page: programs, data and styles. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { withoutData } from './attributes.ts'
import { defuse } from './escape.ts'
import type { Names } from './names.ts'
import { maskScript } from './script.ts'
import type { StructureWords } from './structure.ts'
import { attributeOf, type Element } from './tree.ts'
import { programs } from './words.ts'

export class RawTexts {
  readonly #fields: FieldCursor
  readonly #names: Names
  readonly #words: StructureWords

  constructor(fields: FieldCursor, names: Names, words: StructureWords) {
    this.#fields = fields
    this.#names = names
    this.#words = words
  }

  /** The text of a script or style that stands at `place`, masked. */
  mask(text: string, element: Element, place: Place): string {
    return element.tagName === 'style' ? this.#style(text) : this.#script(text, element, place)
  }

  #script(text: string, element: Element, place: Place): string {
    const type = (attributeOf(element, 'type') ?? '').split(';')[0]!.trim().toLowerCase()
    if (type !== '' && !programs.has(type)) {
      const outcome = text.trim() === '' ? 'keep' : this.#fields.scalar(place, text, 'string')
      if (outcome === 'keep' && isWhole(type, text)) return text
      if (outcome === 'text' && isWhole(type, text)) return inScript(type, this.#fields.replacement)
      if (outcome === 'redact' || outcome === 'remove') return ''
      // What calls itself data and is none is read as a program; templates as text.
      if (/json|map|rules/.test(type)) return maskScript(text, place, this.#fields, this.#names)
      return outcome === 'text' ? inScript(type, this.#fields.replacement) : text
    }
    return maskScript(text, place, this.#fields, this.#names)
  }

  #style(text: string): string {
    const plain = withoutData(text)
    const shown = this.#words.shown(plain)
    return shown === plain ? plain : defuse(shown)
  }
}

function isWhole(type: string, text: string): boolean {
  if (!/json|map|rules/.test(type)) return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Data in a script must not end it: in JSON, which has `<` in strings only, by an escape. */
function inScript(type: string, text: string): string {
  const less = /json|map|rules/.test(type) ? '\\u003c' : '‹'
  return text.replace(/<(?=\/script|!--|script)/gi, less)
}
