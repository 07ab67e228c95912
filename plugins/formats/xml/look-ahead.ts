/** A look over an element before any of it is read: which of its own values decide how it is read. */
import { readStartTag, type StartTag, valueIn } from './tag.ts'
import { resolve } from './text.ts'
import { cdataEnd, cdataStart, Tokens } from './tokens.ts'

/** What an element tells: `whole` says that it tells nothing else. */
export type Ahead = { readonly scalars: readonly (readonly [name: string, text: string])[]; readonly whole: boolean }

/**
 * What the element tells whose start tag stands from `from` to `to`: its attributes, child elements that hold text alone, and
 * those with an attribute `value` (as FHIR writes them), as far as they end less than `limit` bytes behind its beginning.
 * `waiting`: its end may come yet. null: it has no elements inside. Throws what reading throws.
 */
export function lookInto(
  bytes: Buffer,
  { from, to, tag }: { readonly from: number; readonly to: number; readonly tag: StartTag },
  limit: number,
  asked: (name: string) => boolean,
): Ahead | 'waiting' | null {
  if (tag.selfClosing) return null
  const until = from + limit
  const own = (one: StartTag['attributes'][number]) => one.prefix === '' && asked(one.local)
  const scalars = tag.attributes.filter(own).map(one => [one.local, valueIn(bytes, from, one)] as const)
  const tokens = new Tokens()
  tokens.at = to
  const reach = bytes.length > until ? bytes.subarray(0, until) : bytes
  let depth = 1
  let child: StartTag | null = null
  let text: string | null = null
  while (tokens.next(reach, false)) {
    const written = () => reach.toString('utf8', tokens.from, tokens.at)
    if (tokens.kind === 'start') {
      const inner = readStartTag(reach, tokens.from, tokens.at)
      text = null
      if (depth === 1) {
        child = inner
        const value = inner.attributes.find(({ prefix, local }) => prefix === '' && local === 'value')
        if (value !== undefined && asked(inner.local)) scalars.push([inner.local, valueIn(reach, tokens.from, value)])
        if (!inner.selfClosing) text = ''
      }
      if (!inner.selfClosing) depth++
    } else if (tokens.kind === 'end') {
      if (--depth === 0) return child === null ? null : { scalars, whole: true }
      if (depth === 1 && text !== null && asked(child!.local)) scalars.push([child!.local, text])
      text = null
    } else if (text !== null && depth === 2) {
      if (tokens.kind === 'text') text += resolve(written())
      if (tokens.kind === 'cdata') text += written().slice(cdataStart.length, -cdataEnd.length)
    }
  }
  return bytes.length < until ? 'waiting' : { scalars, whole: false }
}
