/** Reads a body as the graph of slots that it begins like, if it is one; else as the JSON it is. */
import { isUtf8 } from 'node:buffer'
import type { FieldCursor, Reader } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { graphIn } from './graph.ts'
import { maskGraph } from './mask-graph.ts'
import { maskNodes, mayBeginNodes, nodesAhead } from './nodes.ts'

/** The first slot has nothing but numbers of others in it, the next one among them, and ends within so many bytes. */
const longestFirst = 4096
const object = /^\[\{(?:"(?:[^"\\]|\\.)*":(?:-?\d[\d.eE+-]*|"\d+"|true|false|null)(?:,(?=")|(?=\})))+\}\s*[,\]]/
const array = /^\[\[(?:"\w{1,32}"(?:,|(?=\])))?(?:(?:-?\d{1,7}|"\d{1,7}")(?:,(?=[-\d"])|(?=\])))+\]\s*[,\]]/
const leadsOn = /[:,[](?:1|"1")[,}\]]|[{,]"_1":/

const opensArray = 0x5b

export class FlattenedReader implements Reader {
  readonly #fields: FieldCursor
  readonly #json: Reader
  /** What was held back; null: it is read as it comes. */
  #held: Uint8Array[] | null = []
  #size = 0
  #isLikely = false
  #ofNodes = false

  /** `json`: a reader of ordinary JSON, which has read nothing. */
  constructor(fields: FieldCursor, json: Reader) {
    this.#fields = fields
    this.#json = json
  }

  write(chunk: Uint8Array): Uint8Array[] {
    if (this.#held === null) return this.#json.write(chunk)
    if (chunk.length === 0) return []
    if (this.#size === 0 && chunk[0] !== opensArray && !mayBeginNodes(chunk)) {
      this.#held = null
      return this.#json.write(chunk)
    }
    // The caller's memory may hold something else by then.
    this.#held.push(Buffer.from(chunk))
    this.#size += chunk.length
    if (this.#isOfNodes()) return []
    return this.#mayBeGraph() ? [] : this.#giveUp()
  }

  end(): Uint8Array[] {
    if (this.#held === null) return this.#json.end()
    const bytes = Buffer.concat(this.#held)
    if (this.#ofNodes && bytes.length >= nodesAhead.length) return maskNodes(bytes, this.#fields, this.#json)
    const graph = this.#isLikely && isUtf8(bytes) ? graphIn(bytes.toString('utf8')) : null
    if (graph === null || graph.slots.some(({ written }) => written.length > this.#fields.limits.scalar))
      return [...this.#giveUp(), ...this.#json.end()]
    const masked = maskGraph(graph, this.#fields)
    return masked === null ? [bytes] : [Buffer.from(masked)]
  }

  forget(): void {
    this.#json.forget?.()
  }

  /** Whether nodes of SvelteKit may follow, which nothing but the whole tells of. */
  #isOfNodes(): boolean {
    if (!this.#ofNodes && this.#held!.length > 1) return false
    this.#ofNodes = mayBeginNodes(this.#size < nodesAhead.length ? Buffer.concat(this.#held!) : this.#head())
    if (this.#ofNodes && this.#size > this.#fields.limits.page) throw fault('scalar_too_large')
    return this.#ofNodes
  }

  #head(): Uint8Array {
    const [first] = this.#held!
    return first!.length >= nodesAhead.length ? first! : Buffer.concat(this.#held!)
  }

  #mayBeGraph(): boolean {
    if (this.#isLikely) return this.#size <= this.#fields.limits.page
    const head = Buffer.concat(this.#held!).toString('latin1', 0, longestFirst)
    const end = head.length < 2 ? -1 : head.search(/[}\]]\s*[,\]]/)
    if (end < 0) return head.length < longestFirst && (head.length < 2 || head[1] === '{' || head[1] === '[')
    const first = head.slice(0, end + 32)
    this.#isLikely = (object.test(first) || array.test(first)) && leadsOn.test(first.slice(0, end + 1))
    return this.#isLikely
  }

  #giveUp(): Uint8Array[] {
    const held = this.#held!
    this.#held = null
    return held.flatMap(chunk => this.#json.write(chunk))
  }
}
