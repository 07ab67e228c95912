/**
 * Data of pages as SvelteKit answers for them: `{"type":"data","nodes":[null,{"type":"data","data":[…],"uses":{}}]}`, each `data` a graph of slots by
 * devalue, and behind it what comes later, a line each: `{"type":"chunk","id":1,"data":[…]}`.
 */
import { isUtf8 } from 'node:buffer'
import type { FieldCursor, Reader } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { graphIn } from './graph.ts'
import { maskGraph } from './mask-graph.ts'

export const nodesAhead = Buffer.from('{"type":"data","nodes":[')

/** Whether a body begins so, as far as it has come. */
export function mayBeginNodes(head: Uint8Array): boolean {
  const length = Math.min(head.length, nodesAhead.length)
  for (let at = 0; at < length; at++) if (head[at] !== nodesAhead[at]) return false
  return true
}

const chunk = /^(\{"type":"chunk","id":\d{1,9},"(?:data|error)":)(\[.*\])\}$/s

/** Graphs are masked each from its root on; the rest is read as the JSON it is, with a number in place of each. */
export function maskNodes(bytes: Buffer, fields: FieldCursor, json: Reader): Uint8Array[] {
  if (!isUtf8(bytes)) throw fault('not_utf8')
  const [first = '', ...later] = bytes.toString('utf8').split('\n')
  const parts = takenApart(first)
  if (parts === null) return [...json.write(bytes), ...json.end()]
  const { around, graphs } = parts
  const masked = graphs.map(graph => maskedGraph(graph, fields))
  const chunks = later.map(line => {
    if (line === '') return ''
    const [, ahead, graph] = chunk.exec(line) ?? []
    if (graph === undefined) throw fault('malformed')
    return `${ahead}${maskedGraph(graph, fields)}}`
  })
  const rest = Buffer.concat([...json.write(Buffer.from(around)), ...json.end()].map(part => Buffer.from(part)))
  return [Buffer.from([putBack(rest.toString('utf8'), masked), ...chunks].join('\n'))]
}

function maskedGraph(text: string, fields: FieldCursor): string {
  const graph = graphIn(text, true)
  if (graph === null || graph.slots.some(({ written }) => written.length > fields.limits.scalar))
    throw fault('malformed')
  return maskGraph(graph, fields) ?? text
}

const tokens = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^"[\]{}:,\s]+/gs
/** In the object of a node, which is in the list of all, which is in the whole. */
const inNode = 3

/** Where the `data` of nodes begin, and what they begin with. */
function* dataOf(text: string): Generator<{ readonly at: number; readonly token: string; readonly end: number }> {
  let depth = 0
  let from = -1
  let name = ''
  let isName = false
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const begins = isName && name === '"data"' && depth === inNode
    if (begins && token !== '[') yield { at: index, token, end: index + token.length }
    else if (begins) from = index
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (from >= 0 && depth === inNode) {
      yield { at: from, token: '[', end: index + 1 }
      from = -1
    }
    isName = token === ':' && from < 0
    if (token !== ':') name = token
  }
}

const node = '{"type":"data","data":'

/** null: it begins like SvelteKit's and is none. */
function takenApart(text: string): { around: string; graphs: string[] } | null {
  const graphs: string[] = []
  let around = ''
  let from = 0
  for (const { at, token, end } of dataOf(text)) {
    if (token !== '[' || !text.endsWith(node, at)) return null
    graphs.push(text.slice(at, end))
    around += `${text.slice(from, at)}0`
    from = end
  }
  return { around: around + text.slice(from), graphs }
}

/** What became of the number in the place of a graph becomes of the graph: where it is gone, or redacted, there is none. */
function putBack(around: string, graphs: readonly string[]): string {
  const places = [...dataOf(around)]
  if (places.length !== graphs.length) throw fault('malformed')
  let text = ''
  let from = 0
  for (const [nth, { at, token, end }] of places.entries()) {
    text += around.slice(from, at) + (token === '0' ? graphs[nth] : token)
    from = end
  }
  return text + around.slice(from)
}
