/** A workbook of Excel 5.0 to 2003 (MS-XLS) as it leaves: read record by record, and written anew from what was read. */
import { fault } from '../faults.ts'
import { HiddenTexts } from '../workbook/hidden.ts'
import type { Ask } from '../workbook/protocol.ts'
import { Words } from '../workbook/words.ts'
import { readStream } from './container.ts'
import { Globals } from './globals.ts'
import { beginsBare } from './marks.ts'
import { isOlder, raise, raiseBare } from './older.ts'
import { Sheet, type Workbook } from './sheet.ts'
import { readAsTheyStand } from './sheet-list.ts'
import { writeCompound } from './write-container.ts'

/** Throws `malformed`, or `unknown` where it is another kind of file in such a container, or encrypted. */
export async function convertXls(bytes: Buffer, ask: Ask): Promise<Buffer> {
  const stream = workbookIn(bytes)
  const words = new Words()
  const globals = new Globals(stream, words)
  const names = await ask(
    'sheets',
    globals.sheets.map(({ name }) => name),
  )
  const workbook: Workbook = { globals, words, hidden: new HiddenTexts(), ask }
  const sheets = readAsTheyStand(globals.sheets, globals.end, (at, index) => new Sheet(stream, at, index, workbook))
  await words.settle(ask)
  for (const sheet of sheets) await sheet.read()
  const contents = sheets.map(sheet => sheet.written())
  const lengths = contents.map(({ length }) => length)
  return writeCompound('Workbook', Buffer.concat([globals.written(names, lengths), ...contents]))
}

/** The stream that is the workbook. Those from before Excel 97 are called otherwise, or stand alone. */
function workbookIn(bytes: Buffer): Buffer {
  if (beginsBare(bytes)) return raiseBare(bytes)
  const stream = readStream(bytes, 'Workbook') ?? readStream(bytes, 'Book')
  if (stream === null) throw fault('unknown')
  return isOlder(stream) ? raise(stream) : stream
}
