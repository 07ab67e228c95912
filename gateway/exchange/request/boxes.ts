/**
 * Boxes of a form that come back as they were shown masked: who sent them has left them alone, so the system gets its own values, where
 * the form goes to where its page sent it. What was edited around a masked part, or goes elsewhere, would destroy what is stored.
 */
import type { ShownBox } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import { boxesField, formPath, type PageStates, type ShownForm } from '../page-states.ts'
import { encodeStrictly } from '../percent.ts'
import { formDecoded, halvesOf } from './urlencoded.ts'

/** Where a form goes, and what may be done with it. */
export type BoxTerms = {
  /** Under the system. */
  readonly path: string
  readonly states: PageStates
  /** Whether what is sent asks, and is not stored. */
  readonly asks: boolean
  /** Whether the policy will have what comes back masked refused, or left out. */
  readonly refuse: boolean
  readonly drop: boolean
}

export type RestoredForm = {
  /** In UTF-8, without the fields that say what was shown. */
  readonly form: Buffer
  /** Names of the fields at its end that were not sent. */
  readonly added: readonly string[]
  /** Of the page; null where nothing was put back. */
  readonly charset: string | null
}

type Known = { readonly boxes: readonly ShownBox[]; readonly isSentHere: boolean; readonly charset: string | null }
type Pair = { readonly written: string; readonly name: string; readonly value: string }

/** A form in UTF-8 with values put back. Throws PAGE_STATE_UNUSABLE, and MASKED_VALUE with the names of the boxes. */
export function restoreBoxes(form: Buffer, terms: BoxTerms): RestoredForm {
  const all = form.toString('latin1').split('&').map(pairOf)
  const pairs = all.filter(({ name }) => name !== boxesField)
  if (pairs.length === all.length) return { form, added: [], charset: null }
  const shown = all.filter(({ name }) => name === boxesField).map(({ value }) => terms.states.openBoxes(value))
  const known = knownBoxes(shown, formPath('', terms.path))
  const boxes = new BoxRestorer(pairs, known, terms)
  const sent = pairs.map(pair => boxes.written(pair)).filter(pair => pair !== null)
  const unsent = boxes.unsent()
  if (boxes.lost.size > 0) throw new Refusal('MASKED_VALUE', { fields: [...boxes.lost].slice(0, 64) })
  const written = [...sent, ...unsent.map(({ pair }) => pair)]
  return {
    form: Buffer.from(written.join('&'), 'latin1'),
    added: unsent.map(({ name }) => name),
    charset: boxes.charset,
  }
}

class BoxRestorer {
  /** Names of boxes whose values cannot be told. */
  readonly lost = new Set<string>()
  charset: string | null = null
  readonly #known: ReadonlyMap<string, Known>
  readonly #terms: BoxTerms
  readonly #sent = new Map<string, number>()
  readonly #passed = new Map<string, number>()

  constructor(pairs: readonly Pair[], known: ReadonlyMap<string, Known>, terms: BoxTerms) {
    this.#known = known
    this.#terms = terms
    for (const { name } of pairs) this.#sent.set(name, (this.#sent.get(name) ?? 0) + 1)
  }

  /** A pair as the system gets it; null: it does not. */
  written({ name, value, written }: Pair): string | null {
    const known = this.#known.get(name)
    if (known === undefined) return written
    const nth = this.#passed.get(name) ?? 0
    this.#passed.set(name, nth + 1)
    const boxes = known.boxes.filter(({ shown }) => shown !== null)
    const alike = boxes.filter(({ shown }) => isSame(shown!, value))
    if (alike.length === 0) {
      return boxes.some(({ shown }) => keepsCovered(value, shown!)) ? this.#without(name, written) : written
    }
    const own = alike.every(one => one.value === alike[0]!.value)
      ? alike[0]!
      : boxes.length === this.#sent.get(name) && alike.includes(boxes[nth]!)
        ? boxes[nth]!
        : null
    return own === null || !this.#mayRestore(known) ? this.#without(name, written) : this.#pair(known, name, own.value)
  }

  /** Choices that were made in the system, where nobody has chosen anew. */
  unsent(): { readonly name: string; readonly pair: string }[] {
    const unsent: { readonly name: string; readonly pair: string }[] = []
    for (const [name, known] of this.#known) {
      const chosen = known.boxes.filter(({ shown }) => shown === null)
      if (chosen.length === 0 || this.#sent.has(name)) continue
      if (this.#mayRestore(known))
        unsent.push(...chosen.map(({ value }) => ({ name, pair: this.#pair(known, name, value) })))
      else this.#without(name, '')
    }
    return unsent
  }

  #pair(known: Known, name: string, value: string): string {
    this.charset = known.charset
    // as browsers send the ends of lines
    return `${encodeStrictly(name)}=${encodeStrictly(value.replace(/\r\n?|\n/g, '\r\n'))}`
  }

  #mayRestore({ isSentHere }: Known): boolean {
    return isSentHere && !this.#terms.refuse
  }

  /** What becomes of a pair that would destroy what is stored. A question is none the worse for what is masked in it. */
  #without(name: string, written: string): string | null {
    if (this.#terms.asks) return written
    if (!this.#terms.drop) this.lost.add(name)
    return null
  }
}

/** The boxes of each name, as they were shown last. */
function knownBoxes(shown: readonly ShownForm[], path: string): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>()
  for (const { boxes, path: sentTo, charset } of shown.toSorted((one, other) => one.at - other.at))
    for (const [name, own] of Map.groupBy(boxes, one => one.name))
      known.set(name, { boxes: own, isSentHere: sentTo === path, charset })
  return known
}

function pairOf(written: string): Pair {
  const [name, value] = halvesOf(written)
  return { written, name: formDecoded(name).toString('utf8'), value: formDecoded(value ?? '').toString('utf8') }
}

function isSame(shown: string, value: string): boolean {
  return shown.replace(/\r\n?/g, '\n') === value.replace(/\r\n?/g, '\n')
}

/** Whether a text has as much covered in it as another was shown with. */
function keepsCovered(value: string, shown: string): boolean {
  return value.includes('**') && (shown.match(/\*{2,}/g)?.some(part => value.includes(part)) ?? false)
}
