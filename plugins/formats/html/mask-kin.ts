/** Masks elements that are like one of the page (kin.ts), text by text. */
import { escapeText } from './escape.ts'
import { type At, type Step, type Steps, stepsOf, type TagStep, type TextStep, type Whose } from './kin-steps.ts'
import { endOfPart, saidIn } from './kin-text.ts'
import type { Places } from './places.ts'
import type { Texts } from './texts.ts'
import type { Alike, KinToken, TagToken, TextToken } from './tokens.ts'
import type { Pausing } from './turns.ts'

const elementsBetweenPauses = 4

/** What the page around them is masked with. */
export type Around = {
  readonly source: string
  readonly places: Places
  readonly texts: Texts
  /** Begins a row, if none such is begun; what stands next is in it. */
  readonly enterRow: (row: Whose) => void
  /** Whether the attributes of a tag stay as they are, wherever it stands. */
  readonly mayStay: (tag: TagToken) => boolean
  readonly readAttributes: (tag: TagToken) => void
}

export class KinMasker {
  readonly #around: Around
  readonly #steps = new Map<Alike, Steps>()
  /** What is the element's own is told from that of others by numbers from here on. */
  #own = 0

  constructor(around: Around) {
    this.#around = around
  }

  *mask({ model, count, bounds }: KinToken): Pausing<void> {
    const { list, own } = this.#stepsOf(model)
    const width = model.gaps.length * 2
    for (let nth = 0; nth < count; nth++) {
      if (nth % elementsBetweenPauses === 0) yield
      for (const step of list) this.#take(step, bounds, nth * width)
      this.#own += own
    }
  }

  #stepsOf(model: Alike): Steps {
    const known = this.#steps.get(model)
    if (known !== undefined) return known
    const { places, mayStay } = this.#around
    const steps = stepsOf(model, places, mayStay)
    this.#steps.set(model, steps)
    return steps
  }

  #take(step: Step, bounds: Int32Array, first: number): void {
    const { texts, enterRow, mayStay, readAttributes } = this.#around
    if (step.kind === 'text') {
      enterRow(this.#whose(step.row))
      this.#text(step, bounds, first)
      return
    }
    if (step.partsText) texts.part(step.partsLines)
    if (step.marks) texts.mark()
    if (step.row !== undefined) enterRow(this.#whose(step.row))
    if (step.tag === null) return
    const tag = this.#tag(step.tag, step, bounds, first)
    if (!mayStay(tag)) readAttributes(tag)
  }

  /** A tag where it stands, with the values that it has there. */
  #tag(like: TagToken, { at, to, values }: TagStep, bounds: Int32Array, first: number): TagToken {
    const attributes = like.attributes.map(one => {
      const value = values.find(({ name }) => name === one.name)
      if (value === undefined) return one
      const [from, end] = [bounds[first + value.gap * 2]!, bounds[first + value.gap * 2 + 1]!]
      return { name: one.name, value: saidIn(this.#around.source, from, end) }
    })
    return { ...like, from: standsAt(at, bounds, first), to: standsAt(to, bounds, first), attributes }
  }

  #text(step: TextStep, bounds: Int32Array, first: number): void {
    const from = standsAt(step.at, bounds, first)
    const { token } = step
    if (token !== null) this.#add(step, { ...token, from, to: from + token.to - token.from })
    else {
      const { source } = this.#around
      const to = bounds[first + step.at.bound + 1]!
      for (let at = from; at < to; ) {
        const end = endOfPart(source, at, to)
        this.#add(step, { kind: 'text', from: at, to: end, text: saidIn(source, at, end), node: null })
        at = end
      }
    }
  }

  #add({ place, field, box }: TextStep, token: TextToken): void {
    this.#around.texts.add(place, this.#whose(field), this.#whose(box), token, escapeText)
  }

  #whose(one: Whose): Whose {
    return typeof one === 'number' ? this.#own + one : one
  }
}

function standsAt({ bound, shift }: At, bounds: Int32Array, first: number): number {
  return bounds[first + bound]! + shift
}
