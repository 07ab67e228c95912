/**
 * The second stage of reading JSON: strict grammar (RFC 8259), the walk through the plan of fields, and the edits. Bytes
 * that nothing is done with are never looked at again after the scan, and leave as they came.
 *
 * A member leaves only when it is known whether it stays: from its comma, or its name, until its value is decided, its
 * bytes are held. So what is held is at most one name and one scalar.
 */
import type { FieldCursor, Outcome, Place, ScalarKind } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { longestLabel, role } from '../roles.ts'
import { labelsBehind } from './labels-behind.ts'
import { LookAhead, ownScalars } from './look-ahead.ts'
import { ObjectLabels } from './object-labels.ts'
import type { Output } from './output.ts'
import { holds, positionMask, type Scanner } from './scan.ts'
import { longestList, look, Tables } from './self-described.ts'
import { checkEscapes, endOfPrimitive, pastSpace, readString } from './text.ts'

/** What may come next. */
const expectValue = 0
const expectValueOrClose = 1
const expectNameOrClose = 2
const expectName = 3
const expectColon = 4
const expectCommaOrClose = 5
const expectEnd = 6

const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c
const colon = 0x3a
const quote = 0x22
const newline = 0x0a

/** Of an array in one whose name says that it has columns: no columns that are objects have come, or some have. */
const inList = 2
const ofObjects = 3

/** Said of a container by itself: an array is one of pairs, rows in an object came without columns. */
const [ofPairs, hasLateRows] = [1, 2]

/** One body on its way through the plan. Positions are those of the scanner, and move with `rebase`. */
export class Walk {
  readonly #fields: FieldCursor
  readonly #lines: boolean
  readonly #scanner: Scanner
  readonly #output: Output
  readonly #root: Place
  readonly #lookAhead = new LookAhead()

  #expect = expectValue
  /** Containers that are open; what follows is by depth: whether it is an object, and its place. */
  #depth = 0
  readonly #isObject: Uint8Array
  readonly #places: Int32Array
  /** Elements that began, names that were masked, and whether a member or element has stayed. */
  readonly #counts: Uint32Array
  readonly #ordinals: Uint32Array
  readonly #kept: Uint8Array

  /** The member or element under way: the place of its value, and from where it would be cut. -1: none is. */
  #place: Place = -1
  #memberFrom = -1
  #commaAt = -1
  /** What the name of the member under way says of others. */
  #roles = 0
  readonly #labels: ObjectLabels
  /** By depth: an object has columns, an array may be them; or it may be one of several lists of them (`inList`, `ofObjects`). */
  readonly #columns: Uint8Array
  /** By depth: `ofPairs`, `hasLateRows`. */
  readonly #kinds: Uint8Array
  readonly #tables: Tables
  /** A new name for the member, to be written once its value is known to stay. */
  #nameFrom = -1
  #nameTo = -1
  #name = ''
  /** The member goes because of its name. */
  #gone = false
  /** The depth outside the container that is being removed; -1: none is. */
  #skipOutside = -1
  /** In lines: whether a newline has come since the last text. */
  #newline = true
  #gapFrom = 0

  /** `lines`: whether several texts may follow one another (NDJSON). The scanner's tape is read, the output's bytes edited. */
  constructor(fields: FieldCursor, lines: boolean, scanner: Scanner, output: Output) {
    this.#fields = fields
    this.#lines = lines
    this.#root = fields.root
    this.#scanner = scanner
    this.#output = output
    const size = fields.limits.depth + 1
    this.#isObject = new Uint8Array(size)
    this.#places = new Int32Array(size)
    this.#counts = new Uint32Array(size)
    this.#ordinals = new Uint32Array(size)
    this.#kept = new Uint8Array(size)
    this.#labels = new ObjectLabels(size)
    this.#columns = new Uint8Array(size)
    this.#kinds = new Uint8Array(size)
    this.#tables = new Tables(fields)
  }

  /** Whether the body may end here. */
  get isOver(): boolean {
    return this.#expect === expectEnd || (this.#lines && this.#expect === expectValue && this.#depth === 0)
  }

  /** From where bytes must be held, where `unread` is the first that were not read: the member whose value is not decided. */
  heldFrom(unread: number): number {
    if (this.#skipOutside >= 0) return unread
    const member = this.#commaAt >= 0 ? this.#commaAt : this.#memberFrom
    return member >= 0 && member < unread ? member : unread
  }

  /** Cuts what has come, up to `to`, of a container that is being removed. */
  cutSkipped(to: number): void {
    if (this.#skipOutside < 0) return
    this.#output.cut(this.#memberFrom, to)
    this.#memberFrom = to
  }

  /** All positions count from `keep` on, as the bytes before it have left. */
  rebase(bytes: Buffer, keep: number): void {
    if (this.#lines && this.#expect === expectEnd) this.#lookForNewline(bytes, bytes.length)
    if (this.#memberFrom >= 0) this.#memberFrom -= keep
    if (this.#commaAt >= 0) this.#commaAt -= keep
    if (this.#nameFrom >= 0) {
      this.#nameFrom -= keep
      this.#nameTo -= keep
    }
    this.#gapFrom = 0
  }

  /**
   * Reads the scanner's tokens up to the last one that is whole; returns how many entries of its tape were used. `end`: where the
   * bytes that were scanned end; `last`: whether the body does too. Throws a fault for what is not JSON or over a limit.
   */
  read(bytes: Buffer, end: number, last: boolean): number {
    const { tape, count } = this.#scanner
    let t = 0
    while (t < count) {
      const at = tape[t]!
      const byte = bytes[at]!
      if (this.#mayBeDescribed() && !this.#describe(bytes, t, last)) return t
      if (byte === openBracket && !this.#lookBehind(bytes, at, last)) return t
      switch (byte) {
        case quote: {
          if (t + 1 === count) return t
          const close = tape[t + 1]!
          t += 2
          if (this.#expect === expectNameOrClose || this.#expect === expectName) this.#readName(bytes, at, close)
          else this.#readText(bytes, at, close)
          break
        }
        case colon:
          if (this.#expect !== expectColon) throw fault('malformed')
          this.#expect = expectValue
          t++
          break
        case comma:
          if (this.#expect !== expectCommaOrClose) throw fault('malformed')
          if (this.#skipOutside < 0) this.#commaAt = at
          this.#expect = this.#isObject[this.#depth] === 1 ? expectName : expectValue
          t++
          break
        case openBrace:
        case openBracket: {
          const { waits, lookAhead } = this.#fields
          const settles = waits && byte === openBrace && this.#skipOutside < 0 && !this.#gone
          const end = settles ? this.#lookAhead.end(bytes, this.#scanner, t, lookAhead) : null
          if (end === 'waiting' && !last) return t
          this.#open(bytes, at, byte === openBrace)
          if (settles) this.#settle(bytes, t, end === 'whole')
          t++
          break
        }
        case closeBrace:
        case closeBracket:
          this.#close(at, byte === closeBrace)
          t++
          break
        default: {
          const to = endOfPrimitive(bytes, at, end, last)
          if (to < 0) return t
          this.#readPrimitive(bytes, at, to)
          t++
        }
      }
    }
    return t
  }

  #readName(bytes: Buffer, at: number, close: number): void {
    const to = close & positionMask
    if (to - at > this.#fields.limits.scalar) throw fault('scalar_too_large')
    const escaped = (close & holds.escape) !== 0
    if (escaped) checkEscapes(bytes, at + 1, to)
    this.#expect = expectColon
    if (this.#skipOutside >= 0) return
    this.#beginMember(at)
    const parent = this.#places[this.#depth]!
    const real = this.#tables.real(parent)
    this.#place = escaped
      ? this.#fields.memberNamed(real, readString(bytes, at + 1, to, true, true))
      : this.#fields.member(real, bytes, at + 1, to)
    this.#roles = this.#fields.roles
    if (this.#tables.isTable(parent)) {
      this.#place = this.#tables.member(parent, this.#place, readString(bytes, at + 1, to, escaped, true))
    }
    if (this.#fields.keyIsPersonal) this.#maskName(readString(bytes, at + 1, to, escaped, true), at, to + 1)
    if ((this.#roles & role.rows) !== 0 && this.#columns[this.#depth] === 1) {
      this.#place = this.#tables.rows(this.#place, this.#depth)
    }
  }

  /** Whether the value comes of a member that labels of its object may name. */
  #mayBeDescribed(): boolean {
    if (this.#expect !== expectValue || (this.#roles & role.value) === 0) return false
    return this.#skipOutside < 0 && this.#isObject[this.#depth] === 1
  }

  /** The value of entry `t` stands where the labels of its object say, if they name anything; false: some may come yet. */
  #describe(bytes: Buffer, t: number, last: boolean): boolean {
    const fields = this.#fields
    const depth = this.#depth
    const ahead = labelsBehind(bytes, this.#scanner, t, fields.limits.scalar, name => fields.isLabel(name))
    if (ahead === 'waiting' && !last) return false
    this.#roles &= ~role.value
    const labels = this.#labels.with(depth, ahead === 'waiting' ? [] : ahead)
    if (labels.length === 0) return true
    const parent = this.#tables.real(this.#places[depth]!)
    const place = fields.described(parent, labels)
    if (place !== fields.described(parent, [])) this.#place = place
    return true
  }

  /**
   * An array begins: of rows whose columns may stand behind them, or of an array of pairs. False: more has to come to tell.
   */
  #lookBehind(bytes: Buffer, at: number, last: boolean): boolean {
    const depth = this.#depth
    if (this.#skipOutside >= 0 || depth === 0) return true
    if (this.#isObject[depth] === 1) return this.#lookForColumns(bytes, at, last)
    if (this.#expect !== expectValueOrClose || !this.#fields.looksThrough(this.#tables.real(this.#places[depth]!)))
      return true
    if (this.#tables.isTable(this.#places[depth]!)) return true
    const first = pastSpace(bytes, at + 1, bytes.length)
    if (first < bytes.length && bytes[first] !== quote) return true
    const pairs = this.#tables.pairs(bytes, at, bytes.length, last, this.#places[depth]!, depth)
    if (pairs === 'waiting') return false
    if (pairs === null) return true
    this.#places[depth] = pairs
    this.#columns[depth] = 0
    this.#kinds[depth] = ofPairs
    return true
  }

  #lookForColumns(bytes: Buffer, at: number, last: boolean): boolean {
    const depth = this.#depth
    if (this.#expect !== expectValue || this.#gone) return true
    if ((this.#roles & role.rows) === 0 || this.#columns[depth] === 1) return true
    const first = pastSpace(bytes, at + 1, bytes.length)
    if (first === bytes.length && !last) return false
    const found =
      bytes[first] === openBracket ? this.#tables.lookBehind(bytes, at, bytes.length, last, depth) : look.none
    if (found === look.waiting) return false
    if (found === look.far) this.#kinds[depth]! |= hasLateRows
    if (found !== look.found) return true
    this.#columns[depth] = 1
    this.#place = this.#tables.rows(this.#place, depth)
    return true
  }

  /** Columns of the object at hand are known now: rows ahead of them may have needed them. */
  #haveColumns(): void {
    const depth = this.#depth
    this.#columns[depth] = 1
    if ((this.#kinds[depth]! & hasLateRows) !== 0) this.#tables.late(this.#places[depth]!, depth)
  }

  #maskName(name: string, from: number, to: number): void {
    const outcome = this.#fields.key(name, this.#ordinals[this.#depth]! + 1)
    if (outcome === 'keep') return
    this.#ordinals[this.#depth]!++
    if (outcome === 'remove') this.#gone = true
    else {
      this.#nameFrom = from
      this.#nameTo = to
      this.#name = this.#fields.replacement
    }
  }

  /** A member or element begins at `at`; where nothing was kept before it, the comma before it goes. */
  #beginMember(at: number): void {
    if (this.#commaAt >= 0 && this.#kept[this.#depth] === 0) {
      this.#output.cut(this.#commaAt, at)
      this.#memberFrom = at
    } else this.#memberFrom = this.#commaAt >= 0 ? this.#commaAt : at
    this.#commaAt = -1
  }

  /** A value begins at `at`: checks that one may, and finds its place where its container is an array or the document. */
  #beginValue(bytes: Buffer, at: number): void {
    if (this.#expect === expectEnd && this.#lines) {
      this.#lookForNewline(bytes, at)
      if (!this.#newline) throw fault('malformed')
    } else if (this.#expect !== expectValue && this.#expect !== expectValueOrClose) throw fault('malformed')
    if (this.#skipOutside >= 0) return
    if (this.#depth === 0) {
      this.#place = this.#root
      this.#memberFrom = at
      if (this.#lines) this.#fields.beginElement()
    } else if (this.#isObject[this.#depth] === 0) {
      this.#beginMember(at)
      const [parent, index] = [this.#places[this.#depth]!, this.#counts[this.#depth]!++]
      this.#place = this.#tables.isTable(parent)
        ? this.#tables.element(parent, index)
        : this.#fields.element(parent, index)
      this.#fields.beginElement()
    }
  }

  #lookForNewline(bytes: Buffer, to: number): void {
    for (let i = this.#gapFrom; i < to && !this.#newline; i++) this.#newline = bytes[i] === newline
  }

  /** The value that ended before `to` stays. */
  #keepMember(): void {
    if (this.#nameFrom >= 0) {
      this.#output.string(this.#nameFrom, this.#nameTo, this.#name)
      this.#nameFrom = -1
    }
    this.#kept[this.#depth] = 1
    this.#memberFrom = -1
  }

  /** The value from `from` to `to` goes, with its name and comma; what stands behind a cell in its row stays in its column. */
  #dropMember(from: number, to: number): void {
    if (this.#depth === 0) this.#output.null(from, to)
    else if (this.#isCell() || this.#isCounted()) {
      this.#kept[this.#depth] = 1
      this.#output.null(from, to)
    } else this.#output.cut(this.#memberFrom, to)
    this.#memberFrom = -1
    this.#nameFrom = -1
    this.#gone = false
  }

  /** Whether the value under way is known by how many stand before it in its row. */
  #isCell(): boolean {
    return this.#isObject[this.#depth] === 0 && this.#tables.isRow(this.#places[this.#depth]!)
  }

  /** Whether the scalar under way is in an array whose elements the policy, or a header, tells apart by their number. */
  #isCounted(): boolean {
    const place = this.#places[this.#depth]!
    if (this.#isObject[this.#depth] === 1) return false
    return this.#tables.isTable(place) || !this.#fields.looksThrough(place)
  }

  #endValue(to: number): void {
    if (this.#depth > 0) {
      if (this.#isObject[this.#depth] === 0 && this.#skipOutside < 0) this.#fields.endElement()
      this.#expect = expectCommaOrClose
      return
    }
    if (this.#lines) this.#fields.endElement()
    this.#newline = false
    this.#gapFrom = to
    this.#expect = expectEnd
  }

  #readText(bytes: Buffer, at: number, close: number): void {
    const to = close & positionMask
    const escaped = (close & holds.escape) !== 0
    if (to - at > this.#fields.limits.scalar) throw fault('scalar_too_large')
    if (escaped) checkEscapes(bytes, at + 1, to)
    this.#beginValue(bytes, at)
    if (this.#skipOutside < 0) {
      this.#noteText(bytes, at + 1, to, close)
      const outcome = this.#gone ? 'remove' : this.#decideText(bytes, at + 1, to, close)
      if (outcome === 'remove') this.#dropMember(at, to + 1)
      else {
        this.#keepMember()
        if (outcome !== 'keep') this.#output.string(at, to + 1, outcome === 'text' ? this.#fields.replacement : '***')
      }
    }
    this.#endValue(to + 1)
  }

  #noteText(bytes: Buffer, from: number, to: number, close: number): void {
    const depth = this.#depth
    if (depth === 0) return
    const inObject = this.#isObject[depth] === 1
    const labels = inObject && (this.#roles & role.label) !== 0 && !this.#gone
    if (inObject && !this.#gone && (this.#roles & role.columns) !== 0 && to - from <= longestList) {
      const text = readString(bytes, from, to, (close & holds.escape) !== 0, true)
      if (this.#tables.keepText(depth, this.#columns[depth] === 1, text)) this.#haveColumns()
    }
    if (!labels && (inObject || this.#columns[depth] === 0)) return
    const text = to - from > longestLabel ? '' : readString(bytes, from, to, (close & holds.escape) !== 0, true)
    if (labels) this.#labels.add(depth, { text, length: to - from })
    else this.#tables.column(depth, this.#counts[depth]!, text === '' ? [] : [text])
  }

  #decideText(bytes: Buffer, from: number, to: number, close: number): Outcome {
    const place = this.#tables.cell(this.#place)
    const treatment = this.#fields.treatment(place)
    if (treatment === 'copy') return 'keep'
    const escaped = (close & holds.escape) !== 0
    // Most strings end here: nothing in them that any detector could begin with, and no encoding.
    if (treatment === 'read' && !escaped && (close & holds.opener) === 0 && !this.#fields.mayMatch(bytes, from, to)) {
      return 'keep'
    }
    return this.#fields.scalar(place, readString(bytes, from, to, escaped, (close & holds.wide) !== 0), 'string')
  }

  #readPrimitive(bytes: Buffer, at: number, to: number): void {
    if (to - at > this.#fields.limits.scalar) throw fault('scalar_too_large')
    this.#beginValue(bytes, at)
    if (this.#skipOutside < 0) {
      if (this.#isObject[this.#depth] === 0) this.#columns[this.#depth] = 0
      const outcome = this.#gone ? 'remove' : this.#decidePrimitive(bytes, at, to)
      if (outcome === 'remove') this.#dropMember(at, to)
      else {
        this.#keepMember()
        if (outcome === 'text') this.#output.string(at, to, this.#fields.replacement)
        else if (outcome === 'redact') this.#output.null(at, to)
      }
    }
    this.#endValue(to)
  }

  #decidePrimitive(bytes: Buffer, at: number, to: number): Outcome {
    const place = this.#tables.cell(this.#place)
    const treatment = this.#fields.treatment(place)
    if (treatment === 'copy') return 'keep'
    const lead = bytes[at]!
    const kind: ScalarKind = lead === 0x6e ? 'null' : lead === 0x74 || lead === 0x66 ? 'boolean' : 'number'
    if (treatment === 'read') {
      if (kind !== 'number') return 'keep'
      // An exponent can make many digits of few.
      if (to - at < this.#fields.digitsNeeded && !hasExponent(bytes, at, to)) return 'keep'
    }
    return this.#fields.scalar(place, bytes.toString('latin1', at, to), kind)
  }

  #open(bytes: Buffer, at: number, isObject: boolean): void {
    this.#beginValue(bytes, at)
    if (this.#depth === this.#fields.limits.depth) throw fault('too_deep')
    if (this.#skipOutside < 0) {
      if (this.#gone || this.#fields.treatment(this.#tables.real(this.#place)) === 'remove') this.#beginSkip(at)
      else this.#keepMember()
    }
    const columns = this.#mayBeColumns(isObject)
    const depth = ++this.#depth
    this.#columns[depth] = columns
    this.#kinds[depth] = 0
    this.#labels.clear(depth)
    this.#isObject[depth] = isObject ? 1 : 0
    this.#places[depth] = this.#place
    this.#counts[depth] = 0
    this.#ordinals[depth] = 0
    this.#kept[depth] = 0
    this.#expect = isObject ? expectNameOrClose : expectValueOrClose
  }

  /**
   * A container begins: whether it is an array that may name the columns of rows behind it. An array around it may not, but
   * with objects for columns where its own name says so, as with lists of them: `"cols":[[{"field":"c1","title":"姓名"}]]`.
   */
  #mayBeColumns(isObject: boolean): number {
    const depth = this.#depth
    if (depth === 0 || this.#skipOutside >= 0) return 0
    if (this.#isObject[depth] === 1) {
      if (isObject || (this.#roles & role.columns) === 0) return 0
      this.#tables.begin(depth + 1)
      return 1
    }
    if (this.#columns[depth] !== 0 && this.#isObject[depth - 1] === 1) return isObject ? 0 : inList
    if (isObject && this.#columns[depth]! >= inList) return 0
    this.#columns[depth] = 0
    return !isObject && (this.#counts[depth] === 1 || this.#kinds[depth] === ofPairs) ? 1 : 0
  }

  /** A container has ended in the one at hand. */
  #leave(wasObject: boolean): void {
    const [depth, inside] = [this.#depth, this.#depth + 1]
    if (depth === 0 || this.#skipOutside >= 0) return
    const isObject = this.#isObject[depth] === 1
    if (wasObject) {
      if (isObject && this.#columns[inside] === 1 && this.#columns[depth] === 0) {
        this.#tables.handUp(depth)
        this.#haveColumns()
      }
      if (!isObject && this.#columns[depth] !== 0) this.#passColumn(depth, this.#labels.of(inside))
      return
    }
    const columns = this.#columns[inside]!
    if (columns === ofObjects || this.#counts[inside] === 0) return
    if (!isObject) this.#columns[depth] = 0
    if (columns === 0) return
    if (isObject) {
      this.#tables.keep(depth, this.#columns[depth] === 1)
      this.#haveColumns()
    } else if (this.#counts[depth] === 1 && this.#kinds[depth] !== ofPairs)
      this.#places[depth] = this.#tables.headed(this.#places[depth]!, depth)
  }

  /** An object has ended that is a column: of the array at this depth, or of the one around, where that has several lists. */
  #passColumn(depth: number, names: readonly string[]): void {
    const isInList = this.#columns[depth] !== 1
    this.#tables.column(isInList ? depth - 1 : depth, 0, names)
    if (isInList) this.#columns[depth] = ofObjects
  }

  /** What the object that was opened tells of itself decides how its members are read. */
  #settle(bytes: Buffer, t: number, whole: boolean): void {
    this.#lookAhead.forget()
    if (this.#skipOutside >= 0) return
    const fields = this.#fields
    const depth = this.#depth
    const row = this.#places[depth]!
    const place = this.#tables.real(row)
    const scalars = ownScalars(bytes, this.#scanner, t, fields.lookAhead, name => fields.decides(place, name))
    this.#places[depth] = this.#tables.settled(row, fields.settle(place, scalars, whole), depth)
  }

  #beginSkip(at: number): void {
    if (!this.#gone) this.#fields.removed(this.#tables.real(this.#place))
    if (this.#depth === 0 || this.#isCell()) {
      this.#kept[this.#depth] = 1
      this.#output.null(at, at)
      this.#memberFrom = at
    }
    this.#skipOutside = this.#depth
    this.#nameFrom = -1
    this.#gone = false
  }

  #close(at: number, isObject: boolean): void {
    const empty = isObject ? expectNameOrClose : expectValueOrClose
    if (this.#expect !== expectCommaOrClose && this.#expect !== empty) throw fault('malformed')
    if (this.#depth === 0 || (this.#isObject[this.#depth] === 1) !== isObject) throw fault('malformed')
    this.#depth--
    if (this.#skipOutside === this.#depth) {
      this.#output.cut(this.#memberFrom, at + 1)
      this.#skipOutside = -1
      this.#memberFrom = -1
    } else this.#leave(isObject)
    this.#endValue(at + 1)
  }
}

function hasExponent(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] === 0x65 || bytes[i] === 0x45) return true
  return false
}
