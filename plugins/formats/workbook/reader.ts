import type { FieldCursor, Reader } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { WorkbookDecisions } from './decide.ts'
import { convertInThread } from './thread.ts'

/** Most bytes of a file, whatever the limits say. What stands at its end or anywhere says what is in it, so it is held whole. */
export const fileLimit = 20 << 20

export class WorkbookReader implements Reader {
  readonly #decisions: WorkbookDecisions
  readonly #most: number
  readonly #chunks: Buffer[] = []
  #length = 0

  constructor(fields: FieldCursor) {
    this.#decisions = new WorkbookDecisions(fields)
    this.#most = Math.min(fileLimit, fields.limits.workbook ?? fileLimit)
  }

  write(chunk: Uint8Array): Uint8Array[] {
    this.#length += chunk.length
    if (this.#length > this.#most) throw fault('too_large')
    this.#chunks.push(Buffer.from(chunk))
    return []
  }

  end(): Uint8Array[] {
    throw fault('malformed')
  }

  async finish(): Promise<Uint8Array[]> {
    const bytes = Buffer.concat(this.#chunks.splice(0))
    const converted = await convertInThread(bytes, (kind, asks) => this.#decisions.answer(kind, asks))
    this.#decisions.end()
    return [converted]
  }
}
