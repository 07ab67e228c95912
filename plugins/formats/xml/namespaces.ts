/** Prefixes and what they stand for (Namespaces in XML 1.0, third edition). */
import { fault } from '../faults.ts'
import type { Attribute, StartTag } from './tag.ts'

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

  /** Takes up what a tag declares and checks its prefixes; returns the prefixes, for `leave`. Throws where they do not fit. */
  enter(tag: StartTag): readonly string[] {
    if (tag.attributes.length === 0) {
      if (tag.prefix !== '' && this.of(tag.prefix) === xopNamespace) throw fault('malformed')
      return none
    }
    const declared: string[] = []
    for (const one of tag.attributes) {
      const prefix = declaredPrefix(one)
      if (prefix === null) continue
      this.#check(prefix, one.value)
      const stack = this.#stacks.get(prefix)
      if (stack === undefined) this.#stacks.set(prefix, [one.value])
      else stack.push(one.value)
      declared.push(prefix)
    }
    this.#checkUnique(tag)
    if (this.of(tag.prefix) === xopNamespace) throw fault('malformed')
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

  /** A prefix by which `xsi:nil` can be said here, or null. */
  get nilPrefix(): string | null {
    for (const [prefix, stack] of this.#stacks) if (prefix !== '' && stack.at(-1) === instanceNamespace) return prefix
    return null
  }

  isStructural(attribute: Attribute): boolean {
    if (attribute.prefix === '' || !structural.has(this.of(attribute.prefix))) return false
    return structuralValue.test(attribute.value)
  }

  /** Whether an attribute says what a part of a service or schema is called: no field of that name is meant. */
  isDescription(tag: StartTag, { prefix, local, value }: Attribute): boolean {
    if (prefix !== '' || !descriptive.has(local) || !describing.has(this.of(tag.prefix))) return false
    return structuralValue.test(value)
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
