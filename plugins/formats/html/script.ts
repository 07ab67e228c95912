/**
 * Programs in a page: each string and number in them is a value, and the name it is given to says what it is: `xm: "张三"`,
 * `student.xm = "张三"`, `set("xm", "张三")`, `$("#xm").val("张三")`. Comments go. A program that cannot be split into
 * tokens goes as a whole.
 */
import type { FieldCursor, Outcome, Place } from '../../../gateway/contracts.ts'
import { tokenOf } from '../states.ts'
import { shownOf } from './decide.ts'
import { SourceEdits } from './edits.ts'
import type { Names } from './names.ts'
import { Arguments } from './script-arguments.ts'
import { columnIn, type Frame, hear, labelsIn, leaveFrame, nameIn, openFrame } from './script-frames.ts'
import { isPostback } from './script-postback.ts'
import { quoteScript, type ScriptToken, scriptTokens } from './script-tokens.ts'

/** Members and calls by which a page is given a value: the name stands before them. */
const setters: ReadonlySet<string> = new Set(
  'value innerHTML innerText textContent outerHTML text defaultValue val html setValue append prepend'.split(' '),
)
/** How far back the name is looked for. */
const lookBack = 12

/** The program with its values masked. */
export function maskScript(source: string, place: Place, fields: FieldCursor, names: Names): string {
  let tokens: readonly ScriptToken[]
  try {
    tokens = scriptTokens(source)
  } catch {
    return ''
  }
  return new ScriptReader(source, tokens, place, fields, names).read()
}

/** The word right before a literal that it is given to: `token: "…"`, `token = "…"`, `set("token", "…")`; empty: none. */
function givenTo(tokens: readonly ScriptToken[], at: number): string {
  const [mark, name] = [tokens[at - 1], tokens[at - 2]]
  return mark?.kind === 'mark' && /^[:=,]$/.test(mark.text) && name !== undefined && name.kind !== 'mark'
    ? name.text
    : ''
}

/** `'#xm'`, `'.box'`, `form['auth[driver]']`: by which a program calls other parts of its page, in ASCII. */
function isReference(tokens: readonly ScriptToken[], at: number): boolean {
  const { text } = tokens[at]!
  if (/^[#.][A-Za-z_][\w-]{0,63}$/.test(text)) return true
  const [open, object, close] = [tokens[at - 1], tokens[at - 2], tokens[at + 1]]
  const isMember = open?.text === '[' && close?.text === ']' && (object?.kind === 'name' || object?.text === ')')
  return isMember && /^[A-Za-z_][\w.-]{0,63}(?:\[\w{0,32}\]){0,4}$/.test(text)
}

class ScriptReader {
  readonly #source: string
  readonly #tokens: readonly ScriptToken[]
  readonly #fields: FieldCursor
  readonly #names: Names
  readonly #edits = new SourceEdits()
  readonly #frames: Frame[]
  readonly #arguments: Arguments
  /** Strings joined by plus signs so far. */
  #joined: { readonly token: ScriptToken; readonly text: string }[] = []
  #joinedPlace: Place = -1
  #personal = 0

  constructor(source: string, tokens: readonly ScriptToken[], place: Place, fields: FieldCursor, names: Names) {
    this.#source = source
    this.#tokens = tokens.filter(({ kind }) => kind !== 'comment')
    for (const { kind, from, to } of tokens) if (kind === 'comment') this.#removeComment(from, to)
    this.#fields = fields
    this.#names = names
    this.#frames = [openFrame('', place, null)]
    this.#arguments = new Arguments(this.#tokens)
  }

  read(): string {
    for (const [at, token] of this.#tokens.entries()) {
      if (this.#arguments.isGone(at)) this.#edits.put(token.from, token.to, 'null')
      else if (token.kind === 'mark') this.#mark(token, at)
      else if (token.kind === 'string' || token.kind === 'template') this.#string(token, at)
      else if (token.kind === 'number') this.#number(token, at)
      else if (token.kind === 'regex') this.#regex(token)
      else this.#name(token, at)
    }
    this.#endJoined()
    while (this.#frames.length > 1) this.#pop()
    return this.#edits.apply(this.#source)
  }

  get #top(): Frame {
    return this.#frames.at(-1)!
  }

  #removeComment(from: number, to: number): void {
    this.#edits.put(from, to, /[\n\r\u2028\u2029]/.test(this.#source.slice(from, to)) ? '\n' : ' ')
  }

  #mark({ text }: ScriptToken, at: number): void {
    const frame = this.#top
    if (text === '{' || text === '[' || text === '(') this.#push(text, at)
    else if (text === '}' || text === ']' || text === ')') {
      if (this.#frames.length > 1) this.#pop()
    } else if (text === '?') this.#question(frame, at)
    else if (text === ':' && frame.choices > 0) frame.choices--
    else if (text === ':') frame.named = this.#nameBefore(at)
    else if (text === '=' && !this.#isComparison(at)) frame.named = this.#nameBefore(at)
    else if (text === ',' || text === ';') {
      frame.named = null
      frame.isLabel = false
      frame.choices = 0
      frame.index++
      if (text === ';') frame.argument = null
    }
  }

  /** `a ? b : c`, but not `a?.b` and `a ?? b`. */
  #question(frame: Frame, at: number): void {
    const other = [this.#tokens[at - 1]?.text, this.#tokens[at + 1]?.text]
    if (!other.includes('?') && other[1] !== '.') frame.choices++
  }

  #push(open: string, at: number): void {
    const frame = this.#top
    const place = frame.named ?? (open === '(' ? (this.#setterTarget(at) ?? frame.place) : frame.place)
    frame.texts = null
    const inside = openFrame(open, place, frame)
    if (open === '{') inside.labels = labelsIn(this.#tokens, at + 1, name => this.#fields.isLabel(name))
    if (inside.isRow) this.#fields.beginElement()
    this.#frames.push(inside)
  }

  #pop(): void {
    const frame = this.#frames.pop()!
    leaveFrame(frame, this.#top)
    if (frame.isRow) this.#fields.endElement()
  }

  /** `==`, `<=`, `!=`, `=>`: no name is given a value. */
  #isComparison(at: number): boolean {
    const touches = (one: ScriptToken | undefined, position: number, marks: string) =>
      one?.kind === 'mark' && marks.includes(one.text) && (one.to === position || one.from === position)
    const { from, to } = this.#tokens[at]!
    return touches(this.#tokens[at - 1], from, '=!<>') || touches(this.#tokens[at + 1], to, '=>')
  }

  /** What the name before a colon or an equals sign is to the plan; null where it is nothing. */
  #nameBefore(at: number): Place | null {
    const compound = /^[-+*/%&|^?]$/.test(this.#tokens[at - 1]?.text ?? '') && this.#tokens[at]!.text === '='
    if (compound) return this.#nameBefore(at - 1)
    const before = this.#tokens[at - 1]
    if (before?.kind === 'mark' && before.text === ']') {
      const inside = this.#tokens[at - 2]
      return inside?.kind === 'string' ? this.#member(inside.text) : null
    }
    if (before === undefined || before.kind === 'mark') return null
    const own = nameIn(this.#top, before.text, this.#member(before.text), this.#fields)
    return setters.has(before.text) ? (this.#nameFurtherBack(at - 1) ?? own) : own
  }

  /** Of `$("#xm").val(` what `xm` is. */
  #setterTarget(at: number): Place | null {
    const before = this.#tokens[at - 1]
    return before?.kind === 'name' && setters.has(before.text) ? this.#nameFurtherBack(at - 1) : null
  }

  #nameFurtherBack(at: number): Place | null {
    for (let i = at - 1; i >= 0 && i >= at - lookBack; i--) {
      const { kind, text } = this.#tokens[i]!
      if (kind === 'mark' && /[;{},=]/.test(text)) return null
      const place = kind === 'name' || kind === 'string' ? this.#known(text) : null
      if (place !== null) return place
    }
    return null
  }

  /** What a string among arguments says of the next: `set("xm", …)`, `$("#xm").attr("value", …)`. */
  #argument(text: string, at: number): Place | null {
    const call = this.#tokens[at - 2]
    const sets = text === 'value' && call?.kind === 'name' && (call.text === 'attr' || call.text === 'prop')
    return sets ? this.#nameFurtherBack(at - 2) : this.#known(text)
  }

  #known(name: string): Place | null {
    return this.#names.path(this.#top.place, name.replace(/^[#.]/, ''))
  }

  #member(name: string): Place {
    return this.#known(name) ?? this.#fields.memberNamed(this.#top.place, name)
  }

  /** Where a literal stands: what it is given to, or the argument before it names. */
  #placeOf(at: number): Place {
    const { named, argument, place, open } = this.#top
    if (named !== null) return named
    const column = columnIn(this.#top, this.#frames.at(-2), this.#fields)
    if (column !== null) return column
    if (open === '(' && argument !== null && this.#tokens[at - 1]?.text === ',') return argument
    return place
  }

  #string(token: ScriptToken, at: number): void {
    const place = this.#placeOf(at)
    const next = this.#tokens[at + 1]
    const isKey = next?.kind === 'mark' && next.text === ':' && this.#top.open === '{' && this.#top.choices === 0
    if (isKey) {
      this.#key(token)
      return
    }
    hear(this.#top, token.text)
    if (this.#top.open === '(') this.#top.argument = this.#argument(token.text, at)
    if (!this.#isJoined(at)) this.#endJoined()
    // a control's name is read as an `id` is
    const isName = isPostback(this.#tokens, at) || isReference(this.#tokens, at)
    const isWord = isName && !this.#isPersonal(token.text)
    const sealed = tokenOf(this.#fields, place, givenTo(this.#tokens, at), token.text)
    const outcome = isWord || sealed !== null ? 'keep' : this.#offer(place, token.text, 'string')
    this.#joined.push({ token, text: sealed ?? (outcome === 'keep' ? token.text : shownOf(outcome, this.#fields)) })
    this.#joinedPlace = place
  }

  #isPersonal(text: string): boolean {
    this.#fields.memberNamed(this.#fields.root, text)
    return this.#fields.keyIsPersonal
  }

  #isJoined(at: number): boolean {
    const [plus, before] = [this.#tokens[at - 1], this.#tokens[at - 2]]
    return plus?.text === '+' && plus.kind === 'mark' && (before?.kind === 'string' || before?.kind === 'template')
  }

  /** What was written in parts is read once more as a whole. */
  #endJoined(): void {
    const parts = this.#joined
    this.#joined = []
    const outcome: Outcome =
      parts.length < 2 ? 'keep' : this.#offer(this.#joinedPlace, parts.map(({ text }) => text).join(''), 'string')
    const whole = outcome === 'keep' ? null : shownOf(outcome, this.#fields)
    for (const [index, { token, text }] of parts.entries()) {
      const shown = whole === null ? text : index === 0 ? whole : ''
      if (shown !== token.text) this.#edits.put(token.from, token.to, this.#quoted(token, shown))
    }
  }

  #number({ text, from, to }: ScriptToken, at: number): void {
    this.#top.texts = null
    const outcome = this.#offer(this.#placeOf(at), text.replace(/_|n$/g, ''), 'number')
    if (outcome === 'keep') return
    this.#edits.put(from, to, outcome === 'text' ? quoteScript(this.#fields.replacement, '"') : 'null')
  }

  #name(token: ScriptToken, at: number): void {
    if (token.text === 'true' || token.text === 'false') {
      const place = this.#placeOf(at)
      if (this.#names.isTyped(place) && this.#offer(place, token.text, 'boolean') !== 'keep')
        this.#edits.put(token.from, token.to, 'null')
      return
    }
    if (this.#given(token, at) || !/[^A-Za-z_$]/.test(token.text)) return
    this.#fields.memberNamed(this.#fields.root, token.text)
    if (this.#fields.keyIsPersonal && this.#fields.key(token.text, ++this.#personal) !== 'keep')
      this.#edits.put(token.from, token.to, `_${this.#personal}`)
  }

  /** Whether a name stands for an argument, which it is read as where it stands. */
  #given({ from, to }: ScriptToken, at: number): boolean {
    const argument = this.#arguments.givenAt(at)
    if (argument === null) return false
    const { kind, text } = this.#tokens[argument.at]!
    const outcome = this.#offer(this.#placeOf(at), text, kind === 'number' ? 'number' : 'string')
    if (outcome === 'keep') argument.clear = true
    else {
      argument.masked = true
      this.#edits.put(
        from,
        to,
        outcome === 'redact' && kind === 'number' ? 'null' : quoteScript(shownOf(outcome, this.#fields), '"'),
      )
    }
    return true
  }

  #key(token: ScriptToken): void {
    this.#fields.memberNamed(this.#top.place, token.text)
    if (!this.#fields.keyIsPersonal) return
    const outcome = this.#fields.key(token.text, ++this.#personal)
    if (outcome === 'keep') return
    const text = outcome === 'text' ? this.#fields.replacement : `***${this.#personal}`
    this.#edits.put(token.from, token.to, this.#quoted(token, text))
  }

  /** A pattern that holds a value matches nothing instead. */
  #regex({ text, from, to }: ScriptToken): void {
    this.#fields.memberNamed(this.#fields.root, text)
    if (this.#fields.keyIsPersonal) this.#edits.put(from, to, '/(?!)/')
  }

  #offer(place: Place, text: string, kind: 'string' | 'number' | 'boolean'): Outcome {
    if (text === '' || this.#fields.treatment(place) === 'copy') return 'keep'
    return this.#fields.scalar(place, text, kind)
  }

  #quoted({ kind, from }: ScriptToken, text: string): string {
    return quoteScript(text, kind === 'template' ? '' : this.#source[from]!)
  }
}
