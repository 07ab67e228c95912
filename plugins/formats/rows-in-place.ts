/** Rows as JSON (rows-as-json.ts) of a format whose bytes are edited where they stand. */
import { isUtf8 } from 'node:buffer'
import type { FieldCursor, Place } from '../../gateway/contracts.ts'
import type { Bytes } from './bytes.ts'
import { fault } from './faults.ts'
import { RowsAsJson } from './rows-as-json.ts'
import type { SpanEditor } from './spans.ts'

export abstract class RowsInPlace<Text extends Bytes> extends RowsAsJson<Text> {
  protected readonly editor: SpanEditor
  /** Between where the rows stand that wait. */
  protected from = 0
  protected to = 0

  constructor(fields: FieldCursor, place: Place, editor: SpanEditor, json: Text) {
    super(fields, place, json)
    this.editor = editor
  }

  /** A row has been written that stands from a position to another. */
  protected passRow(from: number, to: number): void {
    if (this.from === this.to) this.from = from
    this.to = to
  }

  override flush(): void {
    if (this.to > this.from && !isUtf8(this.editor.bytes.subarray(this.from, this.to))) throw fault('not_utf8')
    this.from = this.to
    super.flush()
  }
}
