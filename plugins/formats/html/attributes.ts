/** The attributes of a page's elements: values of inputs, links, programs, and what else may hold something personal. */
import type { FieldCursor, PathBase, Place } from '../../../gateway/contracts.ts'
import { stateOf, tokenOf } from '../states.ts'
import type { LabelledText } from '../text/labels.ts'
import { offer } from './decide.ts'
import type { Names } from './names.ts'
import { maskScript } from './script.ts'
import type { StructureWords } from './structure.ts'
import { buttons, structural, urls } from './words.ts'

/** What a value becomes; null: it stays. `gone` takes the attribute away. */
export type AttributeChange = { readonly value: string } | { readonly gone: true } | null

export type AttributeSeat = {
  readonly tag: string
  /** Where the element stands. */
  readonly place: Place
  readonly attribute: (name: string) => string | null
}

/** What may be structured text, or an encoding of one: programs hand their state on in addresses. */
const mayHoldText = /^\s*["{[<]|[\w+/-]{20}/

export class Attributes {
  readonly #fields: FieldCursor
  readonly #names: Names
  readonly #labels: LabelledText
  readonly #words: StructureWords
  readonly #pathBase: PathBase | null
  readonly #page: (source: string, place: Place) => string

  /** `page` masks a page inside an attribute. */
  constructor(
    fields: FieldCursor,
    names: Names,
    labels: LabelledText,
    words: StructureWords,
    pathBase: PathBase | null,
    page: (source: string, place: Place) => string,
  ) {
    this.#fields = fields
    this.#names = names
    this.#labels = labels
    this.#words = words
    this.#pathBase = pathBase
    this.#page = page
  }

  change(name: string, value: string, seat: AttributeSeat): AttributeChange {
    if (value === '' && name !== 'checked' && name !== 'selected') return null
    const { tag, place } = seat
    if (name === 'checked' || name === 'selected') return this.#fields.hides(place) ? { gone: true } : null
    if (name.startsWith('on')) return changed(value, maskScript(value, place, this.#fields, this.#names))
    if (name === 'srcdoc') return changed(value, this.#page(value, place))
    if (urls.has(name) && !(tag === 'object' && name === 'data' && !value.includes(':'))) return this.#url(value, place)
    if (name === 'srcset' || name === 'style') return this.#style(value)
    if (name === 'value') return this.#value(value, seat)
    if (name === 'content' && tag === 'meta') {
      const named = seat.attribute('name') ?? seat.attribute('property') ?? seat.attribute('itemprop')
      if (named === null) return this.#plain(value)
      const at = this.#names.path(place, named) ?? this.#fields.memberNamed(place, named)
      const token = tokenOf(this.#fields, at, named, value)
      return token === null ? this.#offer(at, value, false) : { value: token }
    }
    // A label is no value, wherever it stands.
    if (structural.has(name) || this.#names.label(this.#fields.root, value) !== null) return this.#plain(value)
    const own = name.replace(/^data-/, '')
    return this.#offer(this.#names.path(place, own) ?? this.#fields.memberNamed(place, own), value, true)
  }

  #value(value: string, { tag, place, attribute }: AttributeSeat): AttributeChange {
    const type = (attribute('type') ?? '').toLowerCase()
    if (tag === 'button' || (tag === 'input' && buttons.has(type))) return this.#plain(value)
    const name = attribute('name') ?? ''
    const state =
      stateOf(this.#fields, name, value) ?? (type === 'hidden' ? tokenOf(this.#fields, place, name, value) : null)
    if (state !== null) return { value: state }
    if (tag === 'li' || tag === 'progress' || tag === 'meter') return this.#plain(value)
    return this.#offer(place, value, false)
  }

  #offer(place: Place, value: string, mayGo: boolean): AttributeChange {
    if (value.trim() === '' || this.#fields.treatment(place) === 'copy') return null
    // Running text may name what stands in it: `title="姓名：…"`.
    if (
      this.#fields.standing(place) === 'read' &&
      !/^\s*[{[<]/.test(value) &&
      this.#labels.find(place, value).length > 0
    )
      return changed(value, this.#labels.mask(place, value))
    const outcome = offer(this.#fields, place, value)
    if (outcome === 'keep') return null
    if (outcome === 'remove') return mayGo ? { gone: true } : { value: '' }
    return { value: outcome === 'text' ? this.#fields.replacement : '***' }
  }

  /** Words that a page is built of: only what a detector finds in them changes. */
  #plain(value: string): AttributeChange {
    return changed(value, this.#words.shown(value))
  }

  /** Pictures and fonts inside a style cannot be read: they are left out. */
  #style(value: string): AttributeChange {
    return changed(value, this.#words.shown(withoutData(value)))
  }

  #url(value: string, place: Place): AttributeChange {
    const trimmed = value.trim()
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(trimmed)?.[1]?.toLowerCase()
    if (scheme === 'data') return { value: 'data:,' }
    if (scheme === 'javascript' || scheme === 'vbscript') {
      const program = decoded(trimmed.slice(scheme.length + 1))
      const masked = maskScript(program, place, this.#fields, this.#names)
      return masked === program ? null : { value: `${scheme}:${masked}` }
    }
    if (scheme === 'tel' || scheme === 'mailto' || scheme === 'sms' || scheme === 'callto') {
      const change = this.#offer(
        this.#fields.memberNamed(place, scheme),
        decoded(trimmed.slice(scheme.length + 1)),
        true,
      )
      return change !== null && 'value' in change ? { value: `${scheme}:${change.value}` } : change
    }
    return changed(value, this.#rebased(this.#address(value)))
  }

  /** Paths from the root lead to where callers have the system. What is there already, or leads out of it, stays. */
  #rebased(address: string): string {
    if (this.#pathBase === null) return address
    const { inside, outside } = this.#pathBase
    const [, blank = '', path] = /^(\s*)(\/[\s\S]*)$/.exec(address) ?? []
    if (path === undefined || !isUnder(path, inside) || (outside !== '' && isUnder(path, outside))) return address
    const moved = outside + (path.slice(inside.length) || '/')
    // two slashes begin a host
    return /^\/[/\\]/.test(path) || /^\/[/\\]/.test(moved) ? address : blank + moved
  }

  #address(value: string): string {
    const [, path = '', query = '', mark = ''] = /^([^?#]*)(\?[^#]*)?(#[\s\S]*)?$/.exec(value) ?? []
    return path.replace(/[^/;]+/g, part => this.#part(part)) + this.#query(query) + this.#query(mark)
  }

  #query(query: string): string {
    return query.replace(
      /([?#&;])([^&;=]*)(=?)([^&;]*)/g,
      (_, before: string, name: string, equals: string, value: string) => {
        const place = equals === '' ? null : this.#names.path(this.#fields.root, decoded(name))
        const token = place === null ? null : tokenOf(this.#fields, place, decoded(name), decoded(value))
        if (token !== null) return before + name + equals + token
        const change = place === null ? null : this.#offer(place, decoded(value), false)
        if (place === null) return before + this.#part(name) + equals + this.#part(value)
        return (
          before + name + equals + (change !== null && 'value' in change ? encodeURIComponent(change.value) : value)
        )
      },
    )
  }

  #part(part: string): string {
    const text = decoded(part)
    const read = mayHoldText.test(text) ? this.#read(text) : text
    const shown = this.#words.shown(read)
    return shown === text ? part : encodeURIComponent(shown)
  }

  /** What a part of an address holds, as a value that no name says anything of. */
  #read(text: string): string {
    const change = this.#offer(this.#fields.root, text, false)
    return change !== null && 'value' in change ? change.value : text
  }
}

/** Whether what becomes of an attribute is told by its value alone, wherever it stands; and it counts for nobody. */
export function saysHowBuilt(name: string): boolean {
  return structural.has(name) && !urls.has(name) && name !== 'checked' && name !== 'selected' && !name.startsWith('on')
}

function isUnder(path: string, base: string): boolean {
  return path.startsWith(base) && /^(?:[/?#]|$)/.test(path.slice(base.length))
}

export function withoutData(style: string): string {
  return style.replace(/data:[^)"'\s,]*(,?)[^)"'\s]*/gi, (whole, comma) => (comma === '' ? whole : 'data:,'))
}

function changed(before: string, after: string): AttributeChange {
  return after === before ? null : { value: after }
}

/** Text of which percent signs are resolved as far as they are UTF-8. */
function decoded(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  const plain = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain.replace(/(?:%[0-7][0-9a-f])+/gi, run => decodeURIComponent(run))
  }
}
