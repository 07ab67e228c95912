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
import { MemberUnderWay } from './member-under-way.ts'
import { ObjectLabels } from './object-labels.ts'
import { OpenContainers } from './open-containers.ts'
import type { Output } from './output.ts'
import { holds, positionMask, type Scanner } from './scan.ts'
import { longestList, look, Tables } from './self-described.ts'
import { TableFinder } from './table-finder.ts'
import { checkEscapes, endOfPrimitive, readString } from './text.ts'

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

/** One body on its way through the plan. Positions are those of the scanner, and move with `rebase`. */
export class Walk {
  readonly #fields: FieldCursor
  readonly #lines: boolean
  readonly #scanner: Scanner
  readonly #output: Output
  readonly #root: Place
  readonly #lookAhead = new LookAhead()

  #expect = expectValue
  readonly #open: OpenContainers

  readonly #member: MemberUnderWay
  /** Of its value. */
  #place: Place = -1
  /** What the name of the member under way says of others. */
  #roles = 0
  readonly #labels: ObjectLabels
  readonly #tables: Tables
  readonly #finder: TableFinder
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
    this.#member = new MemberUnderWay(output)
    const size = fields.limits.depth + 1
    this.#open = new OpenContainers(size)
    this.#labels = new ObjectLabels(size)
    this.#tables = new Tables(fields)
    this.#finder = new TableFinder(fields, this.#tables, this.#open, this.#labels, size)
  }

  /** Whether the body may end here. */
  get isOver(): boolean {
    return this.#expect === expectEnd || (this.#lines && this.#expect === expectValue && this.#open.depth === 0)
  }

  /** From where bytes must be held, where `unread` is the first that were not read: the member whose value is not decided. */
  heldFrom(unread: number): number {
    if (this.#skipOutside >= 0) return unread
    return this.#member.heldFrom(unread)
  }

  /** Cuts what has come, up to `to`, of a container that is being removed. */
  cutSkipped(to: number): void {
    if (this.#skipOutside >= 0) this.#member.cutUpTo(to)
  }

  /** All positions count from `keep` on, as the bytes before it have left. */
  rebase(bytes: Buffer, keep: number): void {
    if (this.#lines && this.#expect === expectEnd) this.#lookForNewline(bytes, bytes.length)
    this.#member.rebase(keep)
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
          if (this.#skipOutside < 0) this.#member.comma(at)
          this.#expect = this.#open.inObject ? expectName : expectValue
          t++
          break
        case openBrace:
        case openBracket: {
          const { waits, lookAhead } = this.#fields
          const settles = waits && byte === openBrace && this.#skipOutside < 0 && !this.#member.gone
          const end = settles ? this.#lookAhead.end(bytes, this.#scanner, t, lookAhead) : null
          if (end === 'waiting' && !last) return t
          this.#openContainer(bytes, at, byte === openBrace)
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
    this.#member.begin(at, this.#open.hasKept)
    const parent = this.#open.place
    const real = this.#tables.real(parent)
    this.#place = escaped
      ? this.#fields.memberNamed(real, readString(bytes, at + 1, to, true, true))
      : this.#fields.member(real, bytes, at + 1, to)
    this.#roles = this.#fields.roles
    if (this.#tables.isTable(parent)) {
      this.#place = this.#tables.member(parent, this.#place, readString(bytes, at + 1, to, escaped, true))
    }
    if (this.#fields.keyIsPersonal) this.#maskName(readString(bytes, at + 1, to, escaped, true), at, to + 1)
    if ((this.#roles & role.rows) !== 0 && this.#finder.hasColumns) this.#place = this.#finder.rows(this.#place)
  }

  /** Whether the value comes of a member that labels of its object may name. */
  #mayBeDescribed(): boolean {
    if (this.#expect !== expectValue || (this.#roles & role.value) === 0) return false
    return this.#skipOutside < 0 && this.#open.inObject
  }

  /** The value of entry `t` stands where the labels of its object say, if they name anything; false: some may come yet. */
  #describe(bytes: Buffer, t: number, last: boolean): boolean {
    const fields = this.#fields
    const depth = this.#open.depth
    const ahead = labelsBehind(bytes, this.#scanner, t, fields.limits.scalar, name => fields.isLabel(name))
    if (ahead === 'waiting' && !last) return false
    this.#roles &= ~role.value
    const labels = this.#labels.with(depth, ahead === 'waiting' ? [] : ahead)
    if (labels.length === 0) return true
    const parent = this.#tables.real(this.#open.place)
    const place = fields.described(parent, labels)
    if (place !== fields.described(parent, [])) this.#place = place
    return true
  }

  /** An array begins: of rows whose columns may stand behind them, or of an array of pairs. False: more has to come to tell. */
  #lookBehind(bytes: Buffer, at: number, last: boolean): boolean {
    if (this.#skipOutside >= 0 || this.#open.depth === 0) return true
    if (!this.#open.inObject) return this.#expect !== expectValueOrClose || this.#finder.findPairs(bytes, at, last)
    if (this.#expect !== expectValue || this.#member.gone || (this.#roles & role.rows) === 0) return true
    const found = this.#finder.findColumns(bytes, at, last)
    if (found === look.found) this.#place = this.#finder.rows(this.#place)
    return found !== look.waiting
  }

  #maskName(name: string, from: number, to: number): void {
    const outcome = this.#fields.key(name, this.#open.maskedNames + 1)
    if (outcome === 'keep') return
    this.#open.maskName()
    if (outcome === 'remove') this.#member.gone = true
    else this.#member.rename(from, to, this.#fields.replacement)
  }

  /** A value begins at `at`: checks that one may, and finds its place where its container is an array or the document. */
  #beginValue(bytes: Buffer, at: number): void {
    if (this.#expect === expectEnd && this.#lines) {
      this.#lookForNewline(bytes, at)
      if (!this.#newline) throw fault('malformed')
    } else if (this.#expect !== expectValue && this.#expect !== expectValueOrClose) throw fault('malformed')
    if (this.#skipOutside >= 0) return
    if (this.#open.depth === 0) {
      this.#place = this.#root
      this.#member.beginText(at)
      if (this.#lines) this.#fields.beginElement()
    } else if (!this.#open.inObject) {
      this.#member.begin(at, this.#open.hasKept)
      const [parent, index] = [this.#open.place, this.#open.count()]
      this.#place = this.#tables.isTable(parent)
        ? this.#tables.element(parent, index)
        : this.#fields.element(parent, index)
      this.#fields.beginElement()
    }
  }

  #lookForNewline(bytes: Buffer, to: number): void {
    for (let i = this.#gapFrom; i < to && !this.#newline; i++) this.#newline = bytes[i] === newline
  }

  #keepMember(): void {
    this.#member.keep()
    this.#open.keep()
  }

  /** The scalar from `from` to `to` goes, with its name and comma; what stands behind a cell in its row stays in its column. */
  #dropMember(from: number, to: number): void {
    const staysAsNull = this.#open.depth > 0 && (this.#isCell() || this.#isCounted())
    if (staysAsNull) this.#open.keep()
    this.#member.drop(from, to, staysAsNull || this.#open.depth === 0)
  }

  /** Whether the value under way is known by how many stand before it in its row. */
  #isCell(): boolean {
    return !this.#open.inObject && this.#tables.isRow(this.#open.place)
  }

  /** Whether the scalar under way is in an array whose elements the policy, or a header, tells apart by their number. */
  #isCounted(): boolean {
    const place = this.#open.place
    if (this.#open.inObject) return false
    return this.#tables.isTable(place) || !this.#fields.looksThrough(place)
  }

  #endValue(to: number): void {
    if (this.#open.depth > 0) {
      if (!this.#open.inObject && this.#skipOutside < 0) this.#fields.endElement()
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
      const outcome = this.#member.gone ? 'remove' : this.#decideText(bytes, at + 1, to, close)
      if (outcome === 'remove') this.#dropMember(at, to + 1)
      else {
        this.#keepMember()
        if (outcome !== 'keep') this.#output.string(at, to + 1, outcome === 'text' ? this.#fields.replacement : '***')
      }
    }
    this.#endValue(to + 1)
  }

  #noteText(bytes: Buffer, from: number, to: number, close: number): void {
    if (this.#open.depth === 0) return
    const inObject = this.#open.inObject
    const says = inObject && !this.#member.gone ? this.#roles : 0
    const escaped = (close & holds.escape) !== 0
    if ((says & role.columns) !== 0 && to - from <= longestList) {
      this.#finder.list(readString(bytes, from, to, escaped, true))
    }
    const isLabel = (says & role.label) !== 0
    if (!isLabel && (inObject || !this.#finder.mayBeColumns)) return
    const text = to - from > longestLabel ? '' : readString(bytes, from, to, escaped, true)
    if (isLabel) this.#labels.add(this.#open.depth, { text, length: to - from })
    else this.#finder.column(text)
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
      if (!this.#open.inObject) this.#finder.noColumns()
      const outcome = this.#member.gone ? 'remove' : this.#decidePrimitive(bytes, at, to)
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

  #openContainer(bytes: Buffer, at: number, isObject: boolean): void {
    this.#beginValue(bytes, at)
    if (this.#open.depth === this.#fields.limits.depth) throw fault('too_deep')
    if (this.#skipOutside < 0) {
      if (this.#member.gone || this.#fields.treatment(this.#tables.real(this.#place)) === 'remove') this.#beginSkip(at)
      else this.#keepMember()
    }
    this.#finder.begin(isObject, this.#roles, this.#skipOutside >= 0)
    this.#open.push(isObject, this.#place)
    this.#labels.clear(this.#open.depth)
    this.#expect = isObject ? expectNameOrClose : expectValueOrClose
  }

  /** What the object that was opened tells of itself decides how its members are read. */
  #settle(bytes: Buffer, t: number, whole: boolean): void {
    this.#lookAhead.forget()
    if (this.#skipOutside >= 0) return
    const fields = this.#fields
    const depth = this.#open.depth
    const row = this.#open.place
    const place = this.#tables.real(row)
    const scalars = ownScalars(bytes, this.#scanner, t, fields.lookAhead, name => fields.decides(place, name))
    this.#open.place = this.#tables.settled(row, fields.settle(place, scalars, whole), depth)
  }

  #beginSkip(at: number): void {
    if (!this.#member.gone) this.#fields.removed(this.#tables.real(this.#place))
    const staysAsNull = this.#open.depth === 0 || this.#isCell()
    if (staysAsNull) this.#open.keep()
    this.#member.beginCut(at, staysAsNull)
    this.#skipOutside = this.#open.depth
  }

  #close(at: number, isObject: boolean): void {
    const empty = isObject ? expectNameOrClose : expectValueOrClose
    if (this.#expect !== expectCommaOrClose && this.#expect !== empty) throw fault('malformed')
    if (this.#open.depth === 0 || this.#open.inObject !== isObject) throw fault('malformed')
    this.#open.depth--
    if (this.#skipOutside === this.#open.depth) {
      this.#member.endCut(at + 1)
      this.#skipOutside = -1
    } else if (this.#skipOutside < 0) this.#finder.end(isObject)
    this.#endValue(at + 1)
  }
}

function hasExponent(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] === 0x65 || bytes[i] === 0x45) return true
  return false
}
