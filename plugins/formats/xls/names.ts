/** Names for cells (MS-XLS, 2.4.150). They are known by their order, so one that goes leaves an empty one in its place. */
import { readExpression } from './expression.ts'
import { recordType, written } from './records.ts'
import type { References } from './references.ts'
import { PiecesReader, writtenCharacters } from './strings.ts'

const flag = { hidden: 0x01, builtIn: 0x20 } as const
/** What a name can be besides: a function, a command, one of a category, one with a macro or bytes of its own. */
const others = 0xffff & ~(flag.hidden | flag.builtIn)
/** Names without letters that stay: what is printed, and what is repeated on each page. */
const printing = /^[\x06\x07]$/
/** A reference that leads nowhere: #REF!. */
const nowhere = Buffer.from([0x1c, 0x17])

/** A name as it leaves; `asks`: the words in it, of which none may change. */
export type DefinedName = { readonly bytes: Buffer; readonly asks: string; readonly gone: Buffer }

/** `nth`: which of the names it is. A name for a text, a function, or something in another workbook goes at once. */
export function readName(pieces: readonly Buffer[], nth: number, sheets: number, references: References): DefinedName {
  const reader = new PiecesReader(pieces)
  const flags = reader.half()
  reader.byte()
  const length = reader.byte()
  const size = reader.half()
  reader.half()
  const sheet = reader.half()
  reader.word()
  const name = reader.characters(length, (reader.byte() & 1) !== 0)
  const tokens = reader.raw(size)
  const gone = writtenName(`_${nth}_`, flag.hidden, 0, nowhere)
  const { plain, constants } = readExpression(tokens, null, index => references.isOwn(index))
  const isBuiltIn = (flags & flag.builtIn) !== 0
  const stays = plain && !constants.includes('"') && (flags & others) === 0 && sheet <= sheets
  if (!stays || (isBuiltIn && !printing.test(name))) return { bytes: gone, asks: '', gone }
  return { bytes: writtenName(name, flags, sheet, tokens), asks: isBuiltIn ? '' : `${name} ${constants}`, gone }
}

function writtenName(name: string, flags: number, sheet: number, tokens: Buffer): Buffer {
  const head = Buffer.alloc(14)
  head.writeUInt16LE(flags, 0)
  head[3] = name.length
  head.writeUInt16LE(tokens.length, 4)
  head.writeUInt16LE(sheet, 8)
  return written(recordType.name, Buffer.concat([head, writtenCharacters(name), tokens]))
}
