/** What an element of a page is named as by itself: inputs by name, id and label, running text by its attributes. */
import type { Place } from '../../../gateway/contracts.ts'
import type { Names } from './names.ts'
import { attributeOf, type Element, parentOf } from './tree.ts'
import { buttons, describing, naming, trait } from './words.ts'

const html = 'http://www.w3.org/1999/xhtml'
/** Longer attributes name nothing. */
const longestValue = 256
const colon = /[:：]$/

export class OwnNames {
  readonly #root: Place
  readonly #names: Names
  /** By id of a control, what its label says. */
  readonly #labels = new Map<string, Place>()
  /** By id of a list of proposals, its control. */
  readonly #proposals = new Map<string, Element>()

  /** `elements`: all of the page, in order. */
  constructor(elements: readonly Element[], root: Place, names: Names) {
    this.#root = root
    this.#names = names
    for (const element of elements) this.#meet(element)
  }

  /** What an element itself is named as; null where that says nothing. */
  of(element: Element, around: Place): Place | null {
    const { traits } = element
    if ((traits & trait.control) !== 0) {
      if (element.tagName === 'button' || buttons.has((attributeOf(element, 'type') ?? '').toLowerCase())) return null
      const name = attributeOf(element, 'name') ?? ''
      const id = attributeOf(element, 'id') ?? ''
      const named = this.#names.strictest([
        this.#names.path(around, name),
        this.#names.path(around, id),
        this.#labels.get(id) ?? null,
        this.#wrappingLabel(element),
        ...element.attrs
          .filter(({ name }) => describing.has(name))
          .map(({ value }) => this.#names.label(around, value)),
      ])
      return this.#within(around, named)
    }
    if (element.tagName === 'datalist') {
      const control = this.#proposals.get(attributeOf(element, 'id') ?? '')
      return control === undefined ? null : this.of(control, around)
    }
    // Elements that HTML does not have are fields by their names, as in XML.
    if ((traits & trait.known) === 0 && (element.namespaceURI === html || element.tagName.includes('-'))) {
      const named = this.#names.path(around, element.tagName.replace(/^.*:/, ''))
      if (named !== null) return named
      const labelled = this.#labelled(element, around)
      if (labelled !== null) return labelled
    }
    if (element.attrs.length === 0 || element.tagName === 'label' || (element.holds & trait.block) !== 0) return null
    return this.#byAttributes(element, around)
  }

  /** What parts that a page's programs make say they show: `<el-form-item label="姓名">`. */
  #labelled(element: Element, around: Place): Place | null {
    if (!element.tagName.includes('-')) return null
    const labels = [attributeOf(element, 'label'), attributeOf(element, 'title')]
    return this.#names.strictest(labels.map(label => (label ? this.#names.label(around, label) : null)))
  }

  #byAttributes(element: Element, around: Place): Place | null {
    let named: Place | null = null
    for (const { name, value } of element.attrs) {
      if (!naming.has(name) || value.length > longestValue) continue
      if (name === 'id' && isOwnText(value, element)) continue
      for (const word of value.trim().split(/\s+/)) {
        // a class says how something looks: `parent` stands in each menu
        if (name === 'class' && this.#names.isOftenValue(word)) continue
        named = this.#names.stricter(named, this.#names.path(around, word.replace(colon, '')))
      }
    }
    return named === null ? null : this.#within(around, named)
  }

  /** What is named stands no milder than what it is in, but for the page itself, of which nothing is said. */
  #within(around: Place, named: Place | null): Place | null {
    return named !== null && around === this.#root ? named : this.#names.stricter(around, named)
  }

  #wrappingLabel(control: Element): Place | null {
    let node = parentOf(control)
    for (let up = 0; up < 4 && node !== null && 'tagName' in node; up++, node = parentOf(node)) {
      if (node.tagName === 'label') return this.#names.label(this.#root, node.text ?? '')
    }
    return null
  }

  #meet(element: Element): void {
    const { tagName } = element
    if (tagName === 'label') {
      const target = attributeOf(element, 'for')
      const place = target === null ? null : this.#names.label(this.#root, element.text ?? '')
      if (place !== null) this.#labels.set(target!, place)
    } else if (tagName === 'input') {
      const list = attributeOf(element, 'list')
      if (list !== null) this.#proposals.set(list, element)
    }
  }
}

/** Whether an element is called by what it shows, as headings are that links lead to: a name of a field is nobody's value. */
function isOwnText(id: string, { text }: Element): boolean {
  return text !== null && text.trim().replace(/\s+/g, '_') === id.trim().replaceAll('-', '_')
}
