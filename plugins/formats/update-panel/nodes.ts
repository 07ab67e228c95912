/** The parts of an answer to an UpdatePanel, as PageRequestManager of ASP.NET AJAX reads them: `length|type|id|content|`. */
import { fault } from '../faults.ts'

export type DeltaNode = { readonly type: string; readonly id: string; readonly content: string }

const types =
  '#|updatePanel|hiddenField|arrayDeclaration|scriptBlock|scriptStartupBlock|expando|onSubmit|asyncPostBackControlIDs|' +
  'postBackControlIDs|updatePanelIDs|childUpdatePanelIDs|panelsToRefreshIDs|asyncPostBackTimeout|dataItem|dataItemJson|' +
  'scriptDispose|pageRedirect|error|pageTitle|focus|formAction'

/** How one begins: by a part of a type that there is. */
export const opening = new RegExp(`^\\d{1,9}\\|(?:${types})\\|[^|\\r\\n]*\\|`)

const head = /(\d{1,9})\|([^|]{1,64})\|([^|]{0,1024})\|/y

/** Throws `malformed` where the lengths, in units of UTF-16, do not lead to its end. */
export function nodesOf(delta: string): DeltaNode[] {
  const nodes: DeltaNode[] = []
  for (let at = 0; at < delta.length; ) {
    head.lastIndex = at
    const [all, length, type, id] = head.exec(delta) ?? []
    if (all === undefined) throw fault('malformed')
    const from = at + all.length
    const to = from + Number(length)
    if (delta[to] !== '|') throw fault('malformed')
    nodes.push({ type: type!, id: id!, content: delta.slice(from, to) })
    at = to + 1
  }
  return nodes
}

export function written({ type, id, content }: DeltaNode): string {
  return `${content.length}|${type}|${id}|${content}|`
}
