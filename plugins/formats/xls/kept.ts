/**
 * Records that leave as they came, as they hold numbers alone: how things look, how they are printed and shown. Each is known by its
 * size as well. What is in no list here and is read nowhere else does not leave: comments, drawings, charts, pivot tables,
 * hyperlinks, filters, validations, conditional formats, printers, macros, user names, and all that came after 2003.
 */

/** Sizes a record may have; of lists: bytes ahead, where they are counted, and bytes of each. */
type Size =
  | { readonly least: number; readonly most: number }
  | { readonly ahead: number; readonly countAt: number; readonly each: number }

type Kept = ReadonlyMap<number, Size>

const exactly = (size: number): Size => ({ least: size, most: size })
const flags = (...types: number[]): [number, Size][] => types.map(type => [type, exactly(2)])
const list = (ahead: number, countAt: number, each: number): Size => ({ ahead, countAt, each })

/** Of the workbook (MS-XLS, 2.1.7.20.3). */
export const keptOfWorkbook: Kept = new Map<number, Size>([
  // WINDOWPROTECT, PROTECT, PASSWORD and those for shared workbooks; CODEPAGE
  ...flags(0x19, 0x12, 0x13, 0x1af, 0x1bc, 0x42),
  // BACKUP, HIDEOBJ, DATEMODE, PRECISION, REFRESHALL, BOOKBOOL, USESELFS
  ...flags(0x40, 0x8d, 0x22, 0x0e, 0x1b7, 0xda, 0x160),
  // WINDOW1, COUNTRY, RECALCID, XF, PALETTE
  [0x3d, exactly(18)],
  [0x8c, exactly(4)],
  [0x1c1, exactly(8)],
  [0xe0, exactly(20)],
  [0x92, list(2, 0, 4)],
])

/** Of a sheet (MS-XLS, 2.1.7.20.5). */
export const keptOfSheet: Kept = new Map<number, Size>([
  // CALCMODE, CALCCOUNT, REFMODE, ITERATION, SAVERECALC
  ...flags(0x0d, 0x0c, 0x0f, 0x11, 0x5f),
  // PRINTHEADERS, PRINTGRIDLINES, GRIDSET, WSBOOL, HCENTER, VCENTER, DEFCOLWIDTH, STANDARDWIDTH
  ...flags(0x2a, 0x2b, 0x82, 0x81, 0x83, 0x84, 0x55, 0x99),
  // PROTECT, WINDOWPROTECT, OBJECTPROTECT, SCENPROTECT, PASSWORD
  ...flags(0x12, 0x19, 0x63, 0xdd, 0x13),
  // DELTA, GUTS, DEFAULTROWHEIGHT, the four margins, SETUP
  [0x10, exactly(8)],
  [0x80, exactly(8)],
  [0x225, exactly(4)],
  ...[0x26, 0x27, 0x28, 0x29].map((type): [number, Size] => [type, exactly(8)]),
  [0xa1, exactly(34)],
  // HORIZONTALPAGEBREAKS, VERTICALPAGEBREAKS, MERGEDCELLS, SELECTION
  [0x1b, list(2, 0, 6)],
  [0x1a, list(2, 0, 6)],
  [0xe5, list(2, 0, 8)],
  [0x1d, list(9, 7, 6)],
  // COLINFO: some writers leave out what is reserved at its end; WINDOW2, SCL, PANE, SHEETEXT (the colour of its tab)
  [0x7d, { least: 10, most: 12 }],
  [0x23e, { least: 10, most: 18 }],
  [0xa0, exactly(4)],
  [0x41, exactly(10)],
  [0x862, { least: 20, most: 40 }],
])

/** Whether a record is in such a list, and of a size it can have. */
export function isKept(kept: Kept, type: number, bytes: Buffer): boolean {
  const size = kept.get(type)
  if (size === undefined) return false
  if ('least' in size) return bytes.length >= size.least && bytes.length <= size.most
  return bytes.length >= size.ahead && bytes.length === size.ahead + bytes.readUInt16LE(size.countAt) * size.each
}
