/**
 * The parts of an answer to an UpdatePanel, each masked as what the page makes of it: markup, values of hidden fields, programs,
 * addresses. Of a type that is not known nobody can tell, so the answer is withheld.
 */
import type { FieldCursor, Outcome, PathBase, Place, TextLinks } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { type AttributeSeat, Attributes } from '../html/attributes.ts'
import { offer, shownOf } from '../html/decide.ts'
import { maskPage } from '../html/mask-page.ts'
import { Names } from '../html/names.ts'
import { maskScript } from '../html/script.ts'
import { StructureWords } from '../html/structure.ts'
import { atOnce, type Pausing } from '../html/turns.ts'
import { LabelledText } from '../text/labels.ts'
import { type DeltaNode, nodesOf, written } from './nodes.ts'

export type DeltaReading = {
  readonly fields: FieldCursor
  readonly root: Place
  readonly pathBase: PathBase | null
  /** What becomes of links to the system; null: they stay. */
  readonly links: TextLinks | null
}

/** In place of what a system says of its fault, which stands in no field. */
const errorWords = '上游系统报错，其原文已扣留 The upstream system reported an error; its words are withheld'
const isVersion = /^\d{1,3}$/
const isNumber = /^\d{0,9}$/
/** Names of controls, in a row with commas. */
const areControls = /^[\w$:,.' -]*$/

/** A whole answer with its values masked; itself where nothing is done. */
export function* maskDelta(delta: string, reading: DeltaReading): Pausing<string> {
  const { links } = reading
  const masker = new NodeMasker(reading)
  const masked: string[] = []
  for (const node of nodesOf(delta)) {
    yield
    const content = links === null ? node.content : links.before(node.content)
    const shown = yield* masker.mask({ ...node, content })
    masked.push(written({ ...node, content: links === null ? shown : links.after(shown) }))
  }
  return masked.join('')
}

class NodeMasker {
  readonly #reading: DeltaReading
  readonly #labels: LabelledText
  readonly #names: Names
  readonly #words: StructureWords
  readonly #attributes: Attributes

  constructor(reading: DeltaReading) {
    const { fields, pathBase } = reading
    this.#reading = reading
    this.#labels = new LabelledText(fields)
    this.#names = new Names(fields, this.#labels)
    this.#words = new StructureWords(fields)
    const page = (inner: string, at: Place) => atOnce(maskPage(inner, at, { fields, pathBase, depth: 1 }))
    this.#attributes = new Attributes(fields, this.#names, this.#labels, this.#words, pathBase, page)
  }

  /** What the content of a part becomes. Throws `unknown` for a type that is none. */
  *mask(node: DeltaNode): Pausing<string> {
    const { fields, root, pathBase } = this.#reading
    // a control's name is for the page's programs, which find nothing by another
    if (this.#words.isPersonal(node.id)) throw fault('malformed')
    if (node.type === 'updatePanel')
      return yield* maskPage(node.content, root, { fields, pathBase, depth: 0, inForm: true })
    return this.#mask(node)
  }

  #mask({ type, id, content }: DeltaNode): string {
    switch (type) {
      case '#':
        return as(isVersion, content)
      case 'asyncPostBackTimeout':
        return as(isNumber, content)
      case 'hiddenField':
        return this.#attribute('value', content, this.#placeOf(id), hidden(id))
      case 'dataItem':
      case 'dataItemJson':
        return this.#dataItem(type, id, content)
      case 'pageTitle':
        return this.#text(content)
      case 'formAction':
        return this.#url(content)
      case 'pageRedirect':
        return this.#redirect(content)
      case 'scriptBlock':
      case 'scriptStartupBlock':
        return this.#script(id, content)
      case 'onSubmit':
      case 'scriptDispose':
        return this.#program(content)
      case 'expando':
        return this.#inside(`${id.replace(/\['(\w+)'\]$/, '.$1')} = `, content, '')
      case 'arrayDeclaration':
        return this.#inside(`var ${id} = [`, content, ']')
      case 'error':
        return content === '' ? '' : errorWords
      case 'focus':
      case 'asyncPostBackControlIDs':
      case 'postBackControlIDs':
      case 'updatePanelIDs':
      case 'childUpdatePanelIDs':
      case 'panelsToRefreshIDs':
        return this.#words.shown(as(areControls, content))
      default:
        throw fault('unknown')
    }
  }

  #placeOf(id: string): Place {
    const { fields, root } = this.#reading
    return this.#names.path(root, id) ?? fields.memberNamed(root, id)
  }

  #attribute(name: string, value: string, place: Place, seat: Omit<AttributeSeat, 'place'>): string {
    const change = this.#attributes.change(name, value, { ...seat, place })
    if (change === null) return value
    return 'value' in change ? change.value : ''
  }

  #url(address: string): string {
    return this.#attribute('href', address, this.#reading.root, link)
  }

  /** From version 4 on escaped as a whole. */
  #redirect(address: string): string {
    if (!/^(?:%2f|https?%3a)/i.test(address)) return this.#url(address)
    const plain = decoded(address)
    const shown = this.#url(plain)
    return shown === plain ? address : encodeURIComponent(shown)
  }

  #text(text: string): string {
    const { fields, root } = this.#reading
    if (this.#labels.find(root, text).length > 0) return this.#labels.mask(root, text)
    const outcome = decidedOf(fields, root, text)
    return outcome === 'keep' ? text : shownOf(outcome, fields)
  }

  /** What programs of the page are told: where it is JSON, it stays that. */
  #dataItem(type: string, id: string, content: string): string {
    const { fields } = this.#reading
    const outcome = decidedOf(fields, this.#placeOf(id), content)
    if (outcome === 'keep') return content
    return outcome !== 'text' && type === 'dataItemJson' ? 'null' : shownOf(outcome, fields)
  }

  #script(id: string, content: string): string {
    if (id === 'ScriptPath') return this.#url(content)
    if (id === 'ScriptContentNoTags') return this.#program(content)
    if (id !== 'ScriptContentWithTags') throw fault('unknown')
    const attributes = attributesOf(content)
    const masked = Object.entries(attributes).map(([name, value]) => [name, this.#scriptAttribute(name, value)])
    const again = masked.every(([name, value]) => attributes[name!] === value)
    return again ? content : JSON.stringify(Object.fromEntries(masked))
  }

  #scriptAttribute(name: string, value: string): string {
    if (this.#words.isPersonal(name)) throw fault('malformed')
    if (name === 'text') return this.#program(value)
    return name === 'src' ? this.#url(value) : this.#words.shown(value)
  }

  #program(source: string): string {
    const { fields, root } = this.#reading
    return maskScript(source, root, fields, this.#names)
  }

  /** A piece of a program that is one with what stands around it. */
  #inside(before: string, piece: string, behind: string): string {
    const masked = this.#program(before + piece + behind)
    if (!masked.startsWith(before) || !masked.endsWith(behind)) throw fault('malformed')
    return masked.slice(before.length, masked.length - behind.length)
  }
}

const link: Omit<AttributeSeat, 'place'> = { tag: 'a', attribute: () => null }

function hidden(id: string): Omit<AttributeSeat, 'place'> {
  return { tag: 'input', attribute: name => (name === 'name' ? id : name === 'type' ? 'hidden' : null) }
}

function as(shape: RegExp, content: string): string {
  if (!shape.test(content)) throw fault('malformed')
  return content
}

function decidedOf(fields: FieldCursor, place: Place, text: string): Outcome {
  return text.trim() === '' || fields.treatment(place) === 'copy' ? 'keep' : offer(fields, place, text)
}

/** The attributes of a script with its text, as JSON has them. */
function attributesOf(content: string): Record<string, string> {
  let read: unknown
  try {
    read = JSON.parse(content)
  } catch {
    throw fault('malformed')
  }
  const isOne = typeof read === 'object' && read !== null && !Array.isArray(read)
  if (!isOne || !Object.values(read!).every(value => typeof value === 'string')) throw fault('malformed')
  return read as Record<string, string>
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw fault('malformed')
  }
}
