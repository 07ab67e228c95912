/** Prefixes and what they stand for (Namespaces in XML 1.0, third edition). */
import { fault } from '../faults.ts'
import type { NamedTag } from './known-tags.ts'
import { beginsProse, describesSheet, repeatsCell, saysHow, typeOfText } from './office.ts'
import { type Attribute, type StartTag, valueIn } from './tag.ts'

const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance'
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/'
/** A message in parts (MTOM): what is included stands in another part, unread. */
const xopNamespace = 'http://www.w3.org/2004/08/xop/include'

/** Attributes from these say how a document is to be read and nothing about anybody. */
const structural: ReadonlySet<string> = new Set([
  xmlNamespace,
  instanceNamespace,
  'http://schemas.xmlsoap.org/soap/envelope/',
  'http://schemas.xmlsoap.org/soap/encoding/',
  'http://www.w3.org/2003/05/soap-envelope',
  'http://www.w3.org/2003/05/soap-encoding',
])
/** Elements from these describe a service or its messages: their names are those of parts, operations and fields. */
const describing: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/XMLSchema',
  'http://www.w3.org/ns/wsdl',
  'http://schemas.xmlsoap.org/wsdl/',
  'http://schemas.xmlsoap.org/wsdl/soap/',
  'http://schemas.xmlsoap.org/wsdl/soap12/',
  'http://schemas.xmlsoap.org/wsdl/http/',
  'http://schemas.xmlsoap.org/wsdl/mime/',
])
/** Attributes of such elements that hold names and addresses. */
const descriptive: ReadonlySet<string> = new Set(
  `name type element ref base message binding part parts parameterOrder location schemaLocation namespace targetNamespace
  soapAction id refer itemType memberTypes substitutionGroup`.split(/\s+/),
)
/** Names, numbers, addresses of schemas: more than that is no value of theirs. */
const structuralValue = /^[\w:.\-/#[\], ?=+~%]*$/

const none: readonly string[] = []

export class Namespaces {
  /** By prefix, innermost last. */
  readonly #stacks = new Map<string, string[]>([['xml', [xmlNamespace]]])

  /** Takes up what the tag at `start` declares and checks its prefixes; returns them, for `leave`. Throws where they do not fit. */
  enter(tag: NamedTag, bytes: Buffer, start: number): readonly string[] {
    const { attributes, prefix } = tag
    const declared = tag.isSimple ? none : this.#declare(attributes, bytes, start)
    if (!tag.isSimple) this.#checkUnique(tag)
    else for (const one of attributes) if (one.prefix !== '') this.of(one.prefix)
    if ((prefix !== '' || attributes.length > 0) && this.isInclusion(prefix)) throw fault('malformed')
    return declared
  }

  #declare(attributes: readonly Attribute[], bytes: Buffer, start: number): readonly string[] {
    const declared: string[] = []
    for (const one of attributes) {
      const prefix = declaredPrefix(one)
      if (prefix === null) continue
      const name = valueIn(bytes, start, one)
      this.#check(prefix, name)
      const stack = this.#stacks.get(prefix)
      if (stack === undefined) this.#stacks.set(prefix, [name])
      else stack.push(name)
      declared.push(prefix)
    }
    return declared
  }

  leave(declared: readonly string[]): void {
    for (const prefix of declared) {
      const stack = this.#stacks.get(prefix)!
      stack.pop()
      if (stack.length === 0) this.#stacks.delete(prefix)
    }
  }

  /** What a prefix stands for; the empty text for none. Throws where it is not declared. */
  of(prefix: string): string {
    const name = this.#stacks.get(prefix)?.at(-1)
    if (name === undefined && prefix !== '') throw fault('malformed')
    return name ?? ''
  }

  /** Whether elements of a prefix stand for another part of a message. Throws where it is not declared. */
  isInclusion(prefix: string): boolean {
    return this.of(prefix) === xopNamespace
  }

  /** Whether elements of a prefix describe a service. Throws where it is not declared. */
  isDescribing(prefix: string): boolean {
    return describing.has(this.of(prefix))
  }

  /** Whether the root at `start`, which has been entered, begins a document of an office program that is no sheet. */
  beginsProse({ prefix, attributes }: NamedTag, bytes: Buffer, start: number): boolean {
    const type = attributes.find(one => one.local === 'mimetype' && one.prefix !== '')
    return beginsProse(this.of(prefix), type === undefined ? null : valueIn(bytes, start, type))
  }

  /** A prefix by which `xsi:nil` can be said here, or null. */
  get nilPrefix(): string | null {
    for (const [prefix, stack] of this.#stacks) if (prefix !== '' && stack.at(-1) === instanceNamespace) return prefix
    return null
  }

  /** Whether an attribute of the tag at `start` says how the document is to be read. */
  isStructural(attribute: Attribute, bytes: Buffer, start: number): boolean {
    if (attribute.prefix === '') return false
    const namespace = this.of(attribute.prefix)
    if (structural.has(namespace)) return structuralValue.test(valueIn(bytes, start, attribute))
    return saysHow(namespace, attribute.local, () => valueIn(bytes, start, attribute))
  }

  /** Whether it says what a part of a service, schema or sheet is called: no field of that name is meant. */
  isDescription(tag: StartTag, attribute: Attribute, bytes: Buffer, start: number): boolean {
    if (attribute.prefix !== '') return describesSheet(this.of(attribute.prefix), attribute.local)
    if (!descriptive.has(attribute.local) || !this.isDescribing(tag.prefix)) return false
    return structuralValue.test(valueIn(bytes, start, attribute))
  }

  /** Whether it holds the value of a cell, beside the text in it. */
  repeatsCell({ prefix, local }: Attribute): boolean {
    return prefix !== '' && prefix !== 'xmlns' && repeatsCell(this.of(prefix), local)
  }

  /** What it has to say once its cell holds a text; null: it says nothing of that. */
  typeOfText({ prefix, local }: Attribute): string | null {
    return prefix === '' || prefix === 'xmlns' ? null : typeOfText(this.of(prefix), local)
  }

  isNil(attribute: Attribute): boolean {
    return attribute.local === 'nil' && attribute.prefix !== '' && this.of(attribute.prefix) === instanceNamespace
  }

  #check(prefix: string, name: string): void {
    const reserved = name === xmlnsNamespace || (name === xmlNamespace) !== (prefix === 'xml')
    if (prefix === 'xmlns' || reserved || (name === '' && prefix !== '')) throw fault('malformed')
  }

  #checkUnique({ attributes }: StartTag): void {
    if (attributes.length === 0) return
    const seen = new Set<string>()
    for (const one of attributes) {
      const written = `${one.prefix}:${one.local}`
      const expanded = one.prefix === '' || one.prefix === 'xmlns' ? written : `${this.of(one.prefix)} ${one.local}`
      if (seen.has(expanded)) throw fault('malformed')
      seen.add(expanded)
    }
  }
}

/** The prefix that an attribute declares, the empty text for the default; null where it declares none. */
export function declaredPrefix({ prefix, local }: Attribute): string | null {
  if (prefix === 'xmlns') return local
  return prefix === '' && local === 'xmlns' ? '' : null
}
