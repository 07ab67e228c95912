/**
 * Reads JSON by the compiled scanner and walker (../wasm), which do the same as ../scan.ts and ../reader.ts: this class
 * feeds them, keeps what a body leaves between two writes while another is read, and takes what comes out.
 */
import type { FieldCursor, Place, Reader, Room, SettlingReader } from '../../../../gateway/contracts.ts'
import { lengthAhead } from '../head.ts'
import { deepestLabels } from '../object-labels.ts'
import { Tables } from '../self-described.ts'
import { catchUp, connect, tellSaved, type Work } from './host.ts'
import type { SavedPeople } from './known-people.ts'
import { address, maxDepth, type Texts, texts, word } from './layout.ts'
import type { Memory } from './memory.ts'

/** Bytes are read in slices of this size, so that they stay in the processor's cache. */
const slice = 1 << 16
/** What is held of a body while others are read is copied each time; so more than this waits for a part of its size. */
const largeHold = 1 << 16
const nothing = new Uint8Array(0)
const faults = ['', 'malformed', 'not_utf8', 'too_deep', 'scalar_too_large'] as const

const expectValue = 0
const expectEnd = 6

let atWork: Work
const memory = connectIfAble()

/** null where the compiled reader cannot run: the one in TypeScript gives the same bytes, more slowly. */
function connectIfAble(): Memory | null {
  try {
    return connect(() => atWork)
  } catch {
    return null
  }
}

/** Whether a body under these fields can be read by the compiled reader, here and now. */
export function canReadFast({ limits }: FieldCursor): boolean {
  return (
    memory !== null && !memory.busy && limits.depth <= maxDepth && limits.scalar >= 1024 && limits.scalar <= 1 << 28
  )
}

export class FastReader implements Reader, SettlingReader, Work {
  readonly fields: FieldCursor
  readonly tables: Tables
  name = ''
  readonly #memory: Memory
  readonly #texts: Texts
  readonly room: Room | undefined
  readonly #root: Place
  /** What came before it was known what stands ahead of the text; null once that is known. */
  #head: Uint8Array | null = nothing
  #state: 'new' | 'open' | 'over' = 'new'
  #out: Uint8Array[] = []
  /** The range of the chunk that leaves as it came. */
  #chunk: Uint8Array = nothing
  #sharedFrom = 0
  #sharedTo = 0
  /** While another body is read: the state and stack, the window and its bitmap; and what came but waits. */
  #saved: { state: Buffer; labels: Buffer; window: Buffer; quotes: Buffer; people: SavedPeople } | null = null
  #waiting: Buffer[] = []
  #waitingLength = 0

  constructor(fields: FieldCursor, of: Texts, room?: Room, root: Place = fields.root) {
    this.room = room
    this.fields = fields
    this.tables = new Tables(fields)
    this.#texts = of
    this.#memory = memory!
    this.#root = root
  }

  write(chunk: Uint8Array): Uint8Array[] {
    if (this.#state === 'over') throw fault('malformed')
    const bytes = this.#head === null ? chunk : this.#fromHead(chunk, false)
    if (bytes === null) return []
    if (this.#waits(bytes)) return []
    return this.#run(bytes, false)
  }

  end(): Uint8Array[] {
    if (this.#state === 'over') throw fault('malformed')
    const bytes = this.#head === null ? nothing : this.#fromHead(nothing, true)
    if (bytes === null) {
      this.#state = 'over'
      return []
    }
    if (bytes === nothing && this.#hasLeft()) {
      this.#tellLast()
      this.#over()
      return []
    }
    const out = this.#run(bytes, true)
    const { words } = this.#memory
    const expect = words[word.expect]!
    this.#tellLast()
    this.#over()
    if (expect !== expectEnd && !(this.#isLines && expect === expectValue && words[word.depth] === 0)) {
      throw fault('malformed')
    }
    return out
  }

  forget(): void {
    if (this.#memory.busy) return
    if (this.#saved !== null) this.#restore()
    if (this.#memory.owner !== this) return
    this.#tellSettled()
    this.#memory.forgetPeople()
  }

  tellPeople(): void {
    const { owner, words } = this.#memory
    if (owner !== this) return
    const before = atWork
    atWork = this
    words[word.settles] = 0
    this.#memory.logPeople()
    // The cursor may be inside a value that this reader has offered.
    catchUp(this.#memory, this.fields, this.fields.nesting)
    atWork = before
  }

  /** What the cursor has not been told when the body ends: inside a value the row under way is that of the body around. */
  #tellLast(): void {
    if (this.#memory.words[word.held] !== 0) this.tellPeople()
    else this.#tellSettled()
  }

  /** To be called before the values are forgotten by which people were settled. */
  #tellSettled(): void {
    const { words, known } = this.#memory
    if (known.people.length > 0) {
      words[word.settles] = 0
      catchUp(this.#memory, this.fields, this.fields.nesting)
    } else if (words[word.settled] !== 0) this.fields.settled(known.settled())
  }

  get #isLines(): boolean {
    return this.#texts !== texts.one
  }

  /** Whether the text is whole and all of it has left, so that its end changes nothing. */
  #hasLeft(): boolean {
    const { owner, busy, words } = this.#memory
    if (owner !== this || busy || this.#waiting.length > 0) return false
    const length = words[word.length]!
    return words[word.expect] === expectEnd && words[word.read] === length && words[word.done] === length
  }

  /** The bytes to begin with, once it is known what stands ahead of the text. null: too little has come to tell. */
  #fromHead(chunk: Uint8Array, last: boolean): Uint8Array | null {
    const head = this.#head!.length === 0 ? chunk : Buffer.concat([this.#head!, chunk])
    if (last && this.#isLines && head.length === 0) return null
    const ahead = lengthAhead(head, this.#isLines, last)
    if (ahead < 0) {
      this.#head = Buffer.from(head)
      return null
    }
    this.#head = null
    this.#begin(ahead)
    return head
  }

  /** Takes the memory for a new body whose text begins after so many bytes. */
  #begin(ahead: number): void {
    const { words } = this.#memory
    this.#memory.owner?.save()
    this.#memory.owner = this
    words.fill(0, address.state >> 2, address.stateEnd >> 2)
    for (const field of [word.sought, word.badEscape, word.member, word.comma, word.nameFrom, word.nameTo, word.skip]) {
      words[field] = -1
    }
    words[word.read] = ahead
    words[word.newline] = 1
    words[word.nesting] = this.fields.nesting
    words[word.place] = this.#root
    words[word.stack] = 0
    words[word.stack + 1] = this.#root
    this.#state = 'open'
    this.#memory.use(this.fields, this.#texts)
  }

  /** Whether these bytes were put aside, because so much is held that it would have to be copied for little. */
  #waits(bytes: Uint8Array): boolean {
    const held = this.#saved?.window.length ?? 0
    if (held <= largeHold || this.#waitingLength + bytes.length >= held >> 3) return false
    this.#waiting.push(Buffer.from(bytes))
    this.#waitingLength += bytes.length
    return true
  }

  #run(bytes: Uint8Array, last: boolean): Uint8Array[] {
    const memory = this.#memory
    this.#out = []
    if (memory.busy) throw new Error('the compiled reader is at work')
    atWork = this
    memory.busy = true
    try {
      if (memory.owner !== this) this.#restore()
      memory.words[word.settles] = this.fields.settles(this) ? 1 : 0
      for (const part of this.#waiting) this.#read(part, false)
      this.#waiting = []
      this.#waitingLength = 0
      this.#read(bytes, last)
      catchUp(memory, this.fields)
      memory.takeCounts(this.fields)
    } catch (error) {
      this.#over()
      memory.words.fill(0, word.counts, word.counts + 256)
      throw error
    } finally {
      memory.busy = false
    }
    const out = this.#out
    this.#out = []
    this.#chunk = nothing
    return out
  }

  #read(chunk: Uint8Array, last: boolean): void {
    this.#chunk = chunk
    let at = 0
    do {
      const more = Math.min(slice, chunk.length - at)
      this.#slice(at, more, last && at + more === chunk.length)
      at += more
    } while (at < chunk.length)
    this.#giveShared()
  }

  /** Reads `more` bytes of the chunk from `at` on. */
  #slice(at: number, more: number, last: boolean): void {
    const memory = this.#memory
    memory.copyWindow()
    const length = memory.words[word.length]!
    memory.reserve(length + more)
    memory.bytes.set(
      more === this.#chunk.length ? this.#chunk : this.#chunk.subarray(at, at + more),
      memory.input + length,
    )
    const code = memory.push(more, last)
    if (code !== 0) throw fault(faults[code]!)
    const { words } = memory
    if (words[word.untouched] === 0) {
      this.#giveShared()
      if (words[word.written]! > 0) {
        this.#out.push(memory.copy(address.output, words[word.written]!, this.room))
      }
      return
    }
    const from = words[word.from]!
    const to = words[word.done]!
    if (from === to) return
    // In the chunk the window's bytes stand at an offset; those from an earlier chunk do not.
    const shift = at - length
    if (from + shift < 0) this.#out.push(memory.copy(memory.input + from, to - from, this.room))
    else if (from + shift === this.#sharedTo && this.#sharedTo > 0) this.#sharedTo = to + shift
    else {
      this.#giveShared()
      this.#sharedFrom = from + shift
      this.#sharedTo = to + shift
    }
  }

  /** Gives out the part of the chunk that leaves as it came. */
  #giveShared(): void {
    if (this.#sharedTo > this.#sharedFrom) this.#out.push(this.#chunk.subarray(this.#sharedFrom, this.#sharedTo))
    this.#sharedFrom = 0
    this.#sharedTo = 0
  }

  /** Called while another part of the body leaves. */
  give(bytes: Buffer): void {
    this.#giveShared()
    this.#out.push(bytes)
  }

  /** Copies what this body needs out of the memory, which another takes. */
  save(): void {
    const { bytes, words, input, quotes } = this.#memory
    this.#memory.copyWindow()
    const length = words[word.length]!
    const stackEnd = address.stack + 16 * (words[word.depth]! + 1)
    const levels = Math.min(words[word.depth]!, deepestLabels) + 1
    this.#saved = {
      labels: Buffer.copyBytesFrom(bytes, address.labels, levels * address.labelsOfLevel),
      state: Buffer.concat([bytes.subarray(address.state, address.stateEnd), bytes.subarray(address.stack, stackEnd)]),
      window: Buffer.copyBytesFrom(bytes, input, length),
      quotes: Buffer.copyBytesFrom(bytes, quotes, ((length + 63) >> 6) << 3),
      people: this.#memory.known.save(),
    }
  }

  #restore(): void {
    const memory = this.#memory
    const { state, labels, window, quotes, people } = this.#saved!
    memory.owner?.save()
    memory.owner = this
    memory.reserve(window.length)
    const stateSize = address.stateEnd - address.state
    memory.bytes.set(state.subarray(0, stateSize), address.state)
    memory.bytes.set(state.subarray(stateSize), address.stack)
    memory.bytes.set(labels, address.labels)
    memory.bytes.set(window, memory.input)
    memory.bytes.set(quotes, memory.quotes)
    memory.use(this.fields, this.#texts)
    if (!memory.known.restore(people)) {
      tellSaved(people, this.fields)
      memory.words[word.held] = 0
      memory.words[word.pinned] = 0
    }
    this.#saved = null
  }

  #over(): void {
    this.#state = 'over'
    this.#saved = null
    this.#waiting = []
    if (this.#memory.owner !== this) return
    this.#memory.owner = null
    this.#memory.known.drop()
  }
}

function fault(code: string): Error {
  return Object.assign(new Error('JSON that cannot be read'), { code })
}
