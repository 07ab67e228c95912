/** Labels that stand behind the value they name: `<value>张三</value><name>姓名</name>`. As JSON does it: ../json/labels-behind.ts. */
import { longestLabel, mostLabels } from '../roles.ts'
import { readStartTag } from './tag.ts'
import { resolve } from './text.ts'
import { cdataEnd, cdataStart, Tokens } from './tokens.ts'

/** How far behind the beginning of a value, in bytes: what a value may have to wait for. */
const reach = 1024

/**
 * The texts of elements that label, by their names, behind the one whose start tag stands from `from` to `to`, in the same element and
 * within reach. `waiting`: some may come yet. Throws what reading throws.
 */
export function labelsBehind(
  bytes: Buffer,
  { from, to }: { readonly from: number; readonly to: number },
  isLabel: (name: string) => boolean,
): readonly string[] | 'waiting' {
  const until = Math.min(bytes.length, from + reach)
  const near = bytes.subarray(0, until)
  const found: string[] = []
  const tokens = new Tokens()
  tokens.at = to
  let depth = 1
  let text: string | null = null
  while (tokens.next(near, false)) {
    if (tokens.kind === 'start') {
      const tag = readStartTag(near, tokens.from, tokens.at)
      text = depth === 0 && !tag.selfClosing && isLabel(tag.local) ? '' : null
      if (!tag.selfClosing) depth++
    } else if (tokens.kind === 'end') {
      if (--depth < 0) return found
      const label = depth === 0 ? (text?.trim() ?? '') : ''
      if (label !== '' && label.length <= longestLabel && found.push(label) === mostLabels) return found
      text = null
    } else if (text !== null) {
      const written = near.toString('utf8', tokens.from, tokens.at)
      if (tokens.kind === 'text') text += resolve(written)
      if (tokens.kind === 'cdata') text += written.slice(cdataStart.length, -cdataEnd.length)
    }
  }
  return until < from + reach ? 'waiting' : found
}
