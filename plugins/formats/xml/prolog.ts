/** Processing instructions: the XML declaration, and the few that programs need to open a document. */
import type { FieldCursor } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { ncName } from './text.ts'

const space = '[ \\t\\r\\n]+'
const equals = '[ \\t\\r\\n]*=[ \\t\\r\\n]*'
const declaration = new RegExp(
  `^<\\?xml${space}version${equals}(?:"1\\.0"|'1\\.0')` +
    `(?:${space}encoding${equals}(?:"[A-Za-z][\\w.\\-]*"|'[A-Za-z][\\w.\\-]*'))?` +
    `(?:${space}standalone${equals}(?:"(?:yes|no)"|'(?:yes|no)'))?[ \\t\\r\\n]*\\?>$`,
)
const instruction = new RegExp(`^<\\?(${ncName})(?:[ \\t\\r\\n][\\s\\S]*)?\\?>$`, 'u')

/** By which style sheet a document is shown, and by which program it is opened. */
const needed: ReadonlySet<string> = new Set(['xml-stylesheet', 'mso-application'])
const maxNeeded = 512

/** Whether an instruction is the XML declaration. Throws where it stands at the wrong place or neither is well-formed. */
export function isDeclaration(text: string, atStart: boolean): boolean {
  const target = instruction.exec(text)?.[1]
  if (target === undefined) throw fault('malformed')
  if (target.toLowerCase() !== 'xml') return false
  if (!atStart || !declaration.test(text)) throw fault('malformed')
  return true
}

/** Whether an instruction stays: one that is needed, and in which no detector finds anything. */
export function keepsInstruction(text: string, fields: FieldCursor): boolean {
  if (!needed.has(instruction.exec(text)?.[1] ?? '') || text.length > maxNeeded || !/^[\x20-\x7e]*$/.test(text))
    return false
  fields.memberNamed(fields.root, text)
  return !fields.keyIsPersonal
}
