/**
 * Boxes and choices of a page's forms that are shown masked. The system would take what is shown for what was typed, so each such form
 * gets a hidden field that says, sealed, what was shown where, and what it stands for.
 */
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import type { FieldCursor, PathBase, ShownBox } from '../../../gateway/contracts.ts'
import type { Repeats } from '../repeats.ts'
import type { SourceEdits } from './edits.ts'
import type { PageToken, TagToken } from './tokens.ts'
import { atOnce } from './turns.ts'
import { buttons } from './words.ts'

/** `at`: where a field may be put that is sent with it. */
type Form = {
  readonly action: string
  at: number
  readonly boxes: ShownBox[]
  /** Behind which tags the system's own choice is to be offered. */
  readonly choices: number[]
}
type Select = { readonly tag: TagToken; readonly name: string; readonly form: Form; readonly options: Option[] }
type Option = {
  readonly value: string
  readonly shown: string
  readonly wasChosen: boolean
  readonly isHidden: boolean
}

type Around = { readonly fields: FieldCursor; readonly pathBase: PathBase | null; readonly inForm?: boolean }

const choosing: ReadonlySet<string> = new Set(['radio', 'checkbox'])
/** What boxes of a type take; in one that stands there, but is of another shape, there is nothing. */
const takenBy: ReadonlyMap<string, RegExp> = new Map([
  ['number', /^-?\d+(?:\.\d+)?$/],
  ['date', /^\d{4}-\d{2}-\d{2}$/],
  ['month', /^\d{4}-\d{2}$/],
  ['week', /^\d{4}-W\d{2}$/],
  ['time', /^\d{2}:\d{2}(?::[\d.]+)?$/],
  ['datetime-local', /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::[\d.]+)?$/],
])
/** What the system's own choice is shown as. */
const untouched = '***'

/** Puts the fields into the source, once all that is masked in it is known. `inForm`: the source is a piece of a form, and ends in it. */
export function putShownBoxes(
  source: string,
  tokens: readonly PageToken[],
  edits: SourceEdits,
  repeats: Repeats,
  { fields, pathBase, inForm = false }: Around,
): void {
  const finder = new BoxFinder(
    source,
    tokens,
    (from, to) => atOnce(repeats.hide(edits.partOf(source, from, to))),
    inForm,
  )
  for (const { action, at, boxes, choices } of finder.find()) {
    const field = boxes.length === 0 ? null : fields.sealedBoxes(systemsOwn(action, pathBase), boxes)
    if (field === null) continue
    edits.put(at, at, `<input type="hidden" name="${field.name}" value="${field.value}" />`)
    // else the first option would be sent for what was chosen
    for (const behind of choices)
      edits.put(behind, behind, `<option value="${untouched}" selected>${untouched}</option>`)
  }
}

/** An address as it is under the system. */
function systemsOwn(action: string, pathBase: PathBase | null): string {
  const inside = pathBase?.inside ?? ''
  return inside !== '' && action.startsWith(`${inside}/`) ? action.slice(inside.length) : action
}

class BoxFinder {
  readonly #source: string
  readonly #tokens: readonly PageToken[]
  /** What becomes of a part of the source. */
  readonly #shown: (from: number, to: number) => string
  readonly #forms: Form[] = []
  readonly #byId = new Map<string, Form>()
  #open: Form | null = null
  #select: Select | null = null

  constructor(
    source: string,
    tokens: readonly PageToken[],
    shown: (from: number, to: number) => string,
    inForm: boolean,
  ) {
    this.#source = source
    this.#tokens = tokens
    this.#shown = shown
    if (inForm) this.#open = this.#begin('', source.length)
  }

  find(): readonly Form[] {
    for (const [at, token] of this.#tokens.entries()) {
      if (token.kind === 'start') this.#start(token, at)
      else if (token.kind === 'end') this.#end(token)
    }
    return this.#forms
  }

  #begin(action: string, at: number): Form {
    const form: Form = { action, at, boxes: [], choices: [] }
    this.#forms.push(form)
    return form
  }

  #start(tag: TagToken, at: number): void {
    if (tag.element === null) return
    if (tag.name === 'form') this.#startForm(tag)
    else if (tag.name === 'option' && this.#select !== null) this.#option(tag, at, this.#select)
    else if (tag.name === 'input' || tag.name === 'textarea' || tag.name === 'select') this.#control(tag, at)
  }

  /** What a form that asks has in it stands in addresses: there it stays as it is shown. */
  #startForm(tag: TagToken): void {
    if (said(tag, 'method')?.trim().toLowerCase() !== 'post') return
    const form = this.#begin(said(tag, 'action') ?? '', tag.to)
    const id = said(tag, 'id')
    if (id !== null) this.#byId.set(id, form)
    this.#open = form
  }

  #end(tag: TagToken): void {
    if (tag.name === 'select' && this.#select !== null) this.#endSelect(this.#select)
    if (tag.name !== 'form' || tag.element === null || this.#open === null) return
    this.#open.at = tag.from
    this.#open = null
  }

  #control(tag: TagToken, at: number): void {
    const name = said(tag, 'name') ?? ''
    const form = this.#byId.get(said(tag, 'form') ?? '') ?? this.#open
    if (form === null || name === '' || said(tag, 'disabled') !== null) return
    if (tag.name === 'select') this.#select = { tag, name, form, options: [] }
    else if (tag.name === 'textarea') this.#area(name, form, tag, this.#tokens[this.#endOf(at)])
    else this.#input(name, form, tag)
  }

  #input(name: string, { boxes }: Form, tag: TagToken): void {
    const type = (said(tag, 'type') ?? '').toLowerCase()
    if (buttons.has(type) || type === 'file' || type === 'image') return
    const masked = this.#masked(tag)
    if (masked === null) return
    const isChoice = choosing.has(type)
    const value = said(tag, 'value') ?? (isChoice ? 'on' : '')
    const shown = masked.get('value') ?? (isChoice ? 'on' : '')
    if (shown !== value) boxes.push({ name, shown, value })
    // a browser shows nothing in its place
    if (shown !== value && takenBy.get(type)?.test(shown) === false) boxes.push({ name, shown: '', value })
    if (isChoice && said(tag, 'checked') !== null && !masked.has('checked')) boxes.push({ name, shown: null, value })
  }

  #area(name: string, { boxes }: Form, { to }: TagToken, end: PageToken | undefined): void {
    if (end?.kind !== 'end') return
    const written = this.#source.slice(to, end.from)
    const shown = this.#shown(to, end.from)
    if (shown !== written) boxes.push({ name, shown: textOf(shown), value: textOf(written) })
  }

  #option(tag: TagToken, at: number, { options }: Select): void {
    if (said(tag, 'disabled') !== null) return
    const masked = this.#masked(tag)
    const own = said(tag, 'value')
    const [from, to] = [tag.to, this.#tokens[this.#endOf(at)]?.from ?? tag.to]
    const wasChosen = said(tag, 'selected') !== null
    const value = own ?? wordsOf(textOf(this.#source.slice(from, to)))
    const shown = own === null ? wordsOf(textOf(this.#shown(from, to))) : masked?.get('value')
    options.push({ value, shown: shown ?? value, wasChosen, isHidden: masked !== null && !masked.has('selected') })
  }

  #endSelect({ tag, name, form, options }: Select): void {
    this.#select = null
    const chosen = options.filter(({ wasChosen }) => wasChosen)
    const areMasked = options.some(({ shown, value }) => shown !== value)
    if (!areMasked && !chosen.some(({ isHidden }) => isHidden)) return
    const isOne = said(tag, 'multiple') === null
    const own = isOne ? (chosen.at(-1) ?? options[0])! : null
    for (const { value, shown } of options)
      if (shown !== value && (own === null || shown !== untouched)) form.boxes.push({ name, shown, value })
    if (own === null) for (const { value } of chosen) form.boxes.push({ name, shown: null, value })
    else {
      form.boxes.push({ name, shown: untouched, value: own.value })
      form.choices.push(tag.to)
    }
  }

  /** The next tag behind a tag, in which no other stands. */
  #endOf(at: number): number {
    let next = at + 1
    while (this.#tokens[next]?.kind === 'text' || this.#tokens[next]?.kind === 'comment') next++
    return next
  }

  /** The attributes of a tag as it leaves; null: it stays. */
  #masked({ from, to }: TagToken): ReadonlyMap<string, string> | null {
    const tag = this.#shown(from, to)
    if (tag === this.#source.slice(from, to)) return null
    const [made] = parseFragment(tag.startsWith('<option') ? `${tag}</option>` : tag).childNodes
    const { attrs } = made as DefaultTreeAdapterTypes.Element
    return new Map(attrs.map(({ name, value }) => [name, value]))
  }
}

function said({ attributes }: TagToken, name: string): string | null {
  return attributes.find(one => one.name === name)?.value ?? null
}

/** What a text area with this source in it holds. */
function textOf(source: string): string {
  const [area] = parseFragment(`<textarea>${source}</textarea>`).childNodes
  const [text] = (area as DefaultTreeAdapterTypes.Element).childNodes
  return text === undefined ? '' : (text as DefaultTreeAdapterTypes.TextNode).value
}

/** The text of an option is sent without blanks around it, and one between words. */
function wordsOf(text: string): string {
  return text.replace(/[\t\n\f\r ]+/g, ' ').trim()
}
