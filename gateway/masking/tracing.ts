/** A cursor that knows where each of its places is, in names: what explaining and holding look over the engine's shoulder by. */
import type {
  ByteRule,
  Edit,
  FieldCursor,
  MaskedValue,
  Outcome,
  Place,
  Prefilter,
  Reader,
  ReadLimits,
  Role,
  ScalarKind,
  ShownBox,
  Treatment,
} from '../contracts.ts'
import type { BodyCursor } from './cursor.ts'
import type { PartReader } from './plan-tables.ts'

type Trace = { readonly place: Place; readonly path: string }

/** What is called by more characters than this is data, and so is what stands so deep. A body of a few MiB would else make paths of GiB. */
const [longestName, longestPath] = [100, 500]
/** More different paths than this nobody reads: what comes after them stands at the path of what it is in. */
const mostTraces = 20_000
const cut = '…'

/**
 * Stands between a reader and the cursor of a body, and lets every value be offered. Paths are of names from the root, `[]`
 * for the elements of an array, `***` for a name that is personal or longer than a name is.
 */
export class TracingCursor implements FieldCursor {
  readonly plan: object = {}
  readonly prefilter: Prefilter
  readonly digitsNeeded = 1
  readonly limits: ReadLimits
  readonly columns?: readonly string[]
  /** So that readers take no way on which they do not ask for each value. */
  readonly waits = true
  readonly lookAhead: number
  root: Place = 0
  protected readonly inner: BodyCursor
  readonly #part: PartReader
  readonly #traces: Trace[]
  readonly #known = new Map<string, Place>()
  /** The name last offered. */
  #named: { readonly parent: Place; readonly path: string } = { parent: -1, path: '' }

  constructor(inner: BodyCursor, part: PartReader) {
    this.inner = inner
    this.#part = part
    this.#traces = [{ place: inner.root, path: '' }]
    this.prefilter = inner.prefilter
    this.limits = inner.limits
    this.lookAhead = inner.lookAhead
    if (inner.columns !== undefined) this.columns = inner.columns
  }

  get keyIsPersonal(): boolean {
    return this.inner.keyIsPersonal
  }

  /** Whether the name that was offered last is somebody's, and no path has it. */
  protected get isPersonal(): boolean {
    return this.inner.keyIsPersonal
  }

  get roles(): Role {
    return this.inner.roles
  }

  isLabel(name: string): boolean {
    return this.inner.isLabel(name)
  }

  hasColumns(name: string): boolean {
    return this.inner.hasColumns(name)
  }

  described(parent: Place, labels: readonly string[]): Place {
    const around = this.#traces[parent]!.path
    const path = this.#named.parent === parent ? this.#named.path : `${around}[]`
    return this.#trace(parent, this.inner.described(this.placeOf(parent), labels), path)
  }

  get replacement(): string {
    return this.inner.replacement
  }

  get edits(): readonly Edit[] | null {
    return this.inner.edits
  }

  get nesting(): number {
    return this.inner.nesting
  }

  member(parent: Place, bytes: Uint8Array, from: number, to: number): Place {
    return this.memberNamed(parent, Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8'))
  }

  memberNamed(parent: Place, name: string): Place {
    const place = this.inner.memberNamed(this.placeOf(parent), name)
    const shown = this.isPersonal || name.length > longestName ? '***' : name
    const { path } = this.#traces[parent]!
    this.#named = { parent, path: path === '' ? shown : `${path}.${shown}` }
    return this.#trace(parent, place, this.#named.path)
  }

  namesField(name: string): boolean {
    return this.inner.namesField(name)
  }

  isOftenValue(name: string): boolean {
    return this.inner.isOftenValue(name)
  }

  isToldByName(place: Place): boolean {
    return this.inner.isToldByName(this.placeOf(place))
  }

  key(name: string, ordinal: number): Outcome {
    return this.inner.key(name, ordinal)
  }

  element(parent: Place, index: number): Place {
    return this.#trace(parent, this.inner.element(this.placeOf(parent), index), `${this.#traces[parent]!.path}[]`)
  }

  repeated(place: Place, index: number): Place {
    return this.#trace(place, this.inner.repeated(this.placeOf(place), index), this.#traces[place]!.path)
  }

  decides(parent: Place, name: string): boolean {
    return this.inner.decides(this.placeOf(parent), name)
  }

  settle(place: Place, scalars: readonly (readonly [name: string, text: string])[], whole: boolean): Place {
    return this.#trace(place, this.inner.settle(this.placeOf(place), scalars, whole), this.#traces[place]!.path)
  }

  treatment(place: Place): Treatment {
    return this.inner.treatment(this.placeOf(place)) === 'remove' ? 'remove' : 'mask'
  }

  standing(place: Place): Treatment {
    return this.inner.standing(this.placeOf(place))
  }

  hides(place: Place): boolean {
    return this.inner.hides(this.placeOf(place))
  }

  scalar(place: Place, text: string, kind: ScalarKind): Outcome {
    return this.inner.scalar(this.placeOf(place), text, kind)
  }

  sealed(name: string, state: string): string | null {
    return this.inner.sealed(name, state)
  }

  sealedToken(name: string, token: string): string | null {
    return this.inner.sealedToken(name, token)
  }

  sealedBoxes(action: string, boxes: readonly ShownBox[]) {
    return this.inner.sealedBoxes(action, boxes)
  }

  removed(place: Place): void {
    this.inner.removed(this.placeOf(place))
  }

  part(place: Place, mediaType: string | null, head: Uint8Array): Reader | null {
    const outer = this.root
    this.root = place
    try {
      return this.#part(mediaType, head, this)
    } finally {
      this.root = outer
    }
  }

  beginElement(): void {
    this.inner.beginElement()
  }

  endElement(): void {
    this.inner.endElement()
  }

  beginSibling(name: string): void {
    this.inner.beginSibling(name)
  }

  endSibling(): void {
    this.inner.endSibling()
  }

  beginSiblings(name: string): boolean {
    return this.inner.beginSiblings(name)
  }

  mayMatch(): boolean {
    return true
  }

  looksThrough(): boolean {
    return false
  }

  byteRule(): ByteRule | null {
    return null
  }

  carriedOut(): void {}

  carryOut(): Outcome {
    throw new Error('there are no byte rules')
  }

  person(): object {
    throw new Error('there are no byte rules')
  }

  personIn(): object {
    throw new Error('there are no byte rules')
  }

  maskBy(): MaskedValue {
    throw new Error('there are no byte rules')
  }

  settles(): boolean {
    return false
  }

  settled(): void {}

  passedRows(): void {}

  protected placeOf(place: Place): Place {
    return this.#traces[place]!.place
  }

  protected pathOf(place: Place): string {
    return this.#traces[place]!.path
  }

  #trace(parent: Place, place: Place, path: string): Place {
    const around = this.#traces[parent]!.path
    const isCut = around.endsWith(cut) || path.length > longestPath || this.#traces.length >= mostTraces
    const told = !isCut ? path : around.endsWith(cut) ? around : `${around}${cut}`
    const key = `${place}\0${told}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = this.#traces.push({ place, path: told }) - 1
    this.#known.set(key, made)
    return made
  }
}
