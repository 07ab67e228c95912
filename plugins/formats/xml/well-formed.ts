/** Whether a text is a whole XML document, found out by reading it with a plan that does nothing. */
import type { FieldCursor } from '../../../gateway/contracts.ts'
import { XmlReader } from './reader.ts'

const idle: FieldCursor = {
  limits: { scalar: Number.MAX_SAFE_INTEGER, depth: 4096, page: 0 },
  root: 0,
  keyIsPersonal: false,
  roles: 0,
  described: () => 0,
  digitsNeeded: Number.POSITIVE_INFINITY,
  replacement: '',
  edits: null,
  member: () => 0,
  memberNamed: () => 0,
  looksThrough: () => true,
  waits: false,
  namesField: () => false,
  isOftenValue: () => false,
  isToldByName: () => false,
  key: () => 'keep',
  element: () => 0,
  beginElement() {},
  endElement() {},
  beginSibling() {},
  endSibling() {},
  beginSiblings: () => false,
  repeated: () => 0,
  treatment: () => 'copy',
  standing: () => 'copy',
  hides: () => false,
  mayMatch: () => false,
  scalar: () => 'keep',
  sealed: () => null,
  sealedBoxes: () => null,
  removed() {},
} as Partial<FieldCursor> as FieldCursor

export function wellFormed(text: string): boolean {
  if (!/^\s*</.test(text)) return false
  try {
    const reader = new XmlReader({ ...idle, plan: {} }, true)
    reader.write(Buffer.from(text, 'utf8'))
    reader.end()
    return true
  } catch {
    return false
  }
}
