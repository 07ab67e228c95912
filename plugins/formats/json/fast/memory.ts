/**
 * The memory of the compiled reader (layout.ts says where things are). One memory serves all readers of a process in turn: a
 * reader runs only inside `write` and `end`, which nothing interrupts. So a thousand slow bodies cost what each has to keep, and no
 * more.
 */
import { readFileSync } from 'node:fs'
import type { FieldCursor, Room } from '../../../../gateway/contracts.ts'
import { KnownPeople, type OfPeople } from './known-people.ts'
import { address, type Texts, type Views, word } from './layout.ts'
import { Plans } from './plans.ts'

/** Zeros before the window and behind it: loops look a little over both ends. */
const margin = 128
const page = 1 << 16
const firstCapacity = 1 << 18

type Exports = OfPeople & {
  readonly memory: WebAssembly.Memory
  setWindow(input: number, quotes: number): void
  copyWindow(): void
  use(slot: number, scalar: number, depth: number, texts: number): void
  forgetPeople(): void
  logPeople(): void
  push(more: number, last: number): number
}

/** A reader whose state is in the memory until another takes it: then `save` copies out of it what its body needs. */
export type Owner = { save(): void }

export class Memory implements Views {
  readonly #exports: Exports
  bytes: Buffer = Buffer.alloc(0)
  words: Int32Array = new Int32Array(0)
  input = 0
  quotes = 0
  #capacity = 0
  readonly plans: Plans
  readonly known: KnownPeople
  /** Whose state is in memory. */
  owner: Owner | null = null
  /** Whether a reader is at work: another, inside one of its values, must be of the other kind. */
  busy = false

  constructor(module: WebAssembly.Module, host: WebAssembly.ModuleImports) {
    this.#exports = new WebAssembly.Instance(module, { host }).exports as Exports
    this.plans = new Plans(this)
    this.known = new KnownPeople(this, this.#exports, () => this.plans.rules)
    this.#widen(firstCapacity)
  }

  /** Makes room for a window of so many bytes; what is in it, and its bitmap, move along. */
  reserve(bytes: number): void {
    if (bytes + margin > this.#capacity) this.#widen(2 ** Math.ceil(Math.log2(bytes + margin)))
  }

  #widen(capacity: number): void {
    const { memory } = this.#exports
    const from = Math.max(memory.buffer.byteLength, address.end)
    const input = Math.ceil((from + capacity / 8 + 2 * margin) / 64) * 64
    memory.grow(Math.ceil((input + capacity + margin - memory.buffer.byteLength) / page))
    this.bytes = Buffer.from(memory.buffer)
    this.words = new Int32Array(memory.buffer)
    if (this.#capacity > 0) {
      this.bytes.copyWithin(from, this.quotes, this.quotes + this.#capacity / 8)
      this.bytes.copyWithin(input, this.input, this.input + this.#capacity)
    }
    this.quotes = from
    this.input = input
    this.#capacity = capacity
    this.#exports.setWindow(input, from)
  }

  /** Makes ready for the next bytes of a body under these fields, of whose people nothing is known. */
  use(fields: FieldCursor, texts: Texts): void {
    const { plan, limits, prefilter } = fields
    this.#exports.use(this.plans.use(plan, prefilter), limits.scalar, limits.depth, texts)
    this.forgetPeople()
  }

  /** To be called when the log of people is empty: the values on it go by other numbers from now on. */
  forgetPeople(): void {
    this.known.drop()
    this.#exports.forgetPeople()
  }

  /** Tells a cursor how often each byte rule was carried out. */
  takeCounts(fields: FieldCursor): void {
    const { rules } = this.plans
    for (let number = 1; number <= rules.length; number++) {
      const times = this.words[word.counts + number]!
      if (times === 0) continue
      fields.carriedOut(rules[number - 1]!, times)
      this.words[word.counts + number] = 0
    }
  }

  /** A copy of some bytes. Short ones come from Node's pool, which spares each an allocation of its own. */
  copy(from: number, length: number, room: Room | undefined): Buffer {
    const copy = room === undefined ? Buffer.allocUnsafe(length) : room.room(length)
    this.bytes.copy(copy, 0, from, from + length)
    return copy
  }

  /** What of the row under way is on the list gets on the log, if rows are not settled. */
  logPeople(): void {
    this.#exports.logPeople()
  }

  copyWindow(): void {
    this.#exports.copyWindow()
  }

  push(more: number, last: boolean): number {
    return this.#exports.push(more, last ? 1 : 0)
  }
}

/** The compiled reader. Throws where it cannot run: it is not there, the machine has no vector instructions. */
export function loadModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL('../wasm/json.wasm', import.meta.url)))
}
