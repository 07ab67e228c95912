/** A cursor over the tests' plan, for converting workbooks without a thread. */
import type { FieldCursor, FormatPlugin } from '../../gateway/contracts.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import { WorkbookDecisions } from '../../plugins/formats/workbook/decide.ts'
import type { Ask } from '../../plugins/formats/workbook/protocol.ts'
import { limits } from '../support/mask-body.ts'
import { people } from './people-plan.ts'

export function cursorOfPeople(): FieldCursor {
  let cursor: FieldCursor | null = null
  const spy: FormatPlugin = {
    kind: 'format',
    name: 'json',
    summary: { zh: '', en: '' },
    options: { type: 'object', additionalProperties: false, properties: {} },
    mediaTypes: [],
    suffixes: [],
    looksLike: () => true,
    create: () => fields => {
      cursor = fields
      return { write: () => [], end: () => [] }
    },
  }
  createMasking({ formats: [spy] }).start(people, spy, { consumer: 'tester', purpose: 'test' }, limits)
  return cursor!
}

/** Answers what is asked of one workbook after the other, by the tests' plan. */
export function askOfPeople(): Ask {
  let decisions = new WorkbookDecisions(cursorOfPeople())
  return (async (kind, asks) => {
    if (kind === 'sheets') decisions = new WorkbookDecisions(cursorOfPeople())
    return decisions.answer(kind, asks)
  }) as Ask
}
