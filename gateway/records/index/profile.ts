/**
 * What a record can be asked by, beside its time, grant and review. Few differ in it: an index keeps each combination once, and
 * asks it as it would the record.
 */

import type { Entry } from '../files/read.ts'
import { type Asking, answers, fieldsOf, outcomeOf, searchedOf, textOf } from '../query/query.ts'

const keys = ['kind', 'consumer', 'operator', 'system', 'route', 'code'] as const

/** Before types that a request asked by, and that may not be in its answer. */
const searchedMark = '?'

/** Makes profiles of records in their context, as JSON: the same for all that no filter tells apart. */
export class Profiles {
  /** By what records say, as they say it: making one costs five times as much as finding it. */
  readonly #known = new Map<string, string>()

  of(context: Entry): string {
    const { fields, searched } = context
    // what was asked by can be another person each time
    if (Array.isArray(searched) && searched.length > 0) return profileOf(context)
    const types = typeof fields === 'object' && fields !== null ? Object.keys(fields).join() : ''
    let text = `${types}\n${outcomeOf(context)}`
    for (const key of keys) {
      const word = textOf(context, key)
      text += word === null ? '\n' : `\n=${word}`
    }
    let profile = this.#known.get(text)
    if (profile === undefined) {
      if (this.#known.size >= mostKnown) this.#known.clear()
      profile = profileOf(context)
      this.#known.set(text, profile)
    }
    return profile
  }
}

const mostKnown = 10_000

function profileOf(context: Entry): string {
  const fields = fieldsOf(context).map(({ type, cell }) => `${type}@${cell}`)
  const searched = searchedOf(context).map(({ type, cell }) => `${searchedMark}${type}@${cell}`)
  const types = [...fields, ...searched]
  const said = keys.map(key => textOf(context, key))
  return JSON.stringify([...said, outcomeOf(context), ...new Set(types.sort())])
}

/** Whether records of this profile are asked for; of grants and reviews it cannot say. */
export function profileAnswers(said: string, asked: Asking): boolean {
  return answers(entryOf(said), { ...asked, grant: [], review: [] })
}

/** What it says, in the words of a record. */
export function entryOf(said: string): Entry {
  const [kind, consumer, operator, system, route, code, outcome, ...types] = JSON.parse(said) as string[]
  const fields = Object.fromEntries(types.filter(type => !type.startsWith(searchedMark)).map(type => [type, {}]))
  const searched = types.filter(type => type.startsWith(searchedMark)).map(type => type.slice(searchedMark.length))
  const asked = { consumer, operator, system, route, code, outcome }
  return { v: 1, log: '', seq: 0, time: '', kind: kind!, ...asked, fields, searched }
}
