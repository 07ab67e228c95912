/** A compound file (MS-CFB) around one stream, in sectors of 512 bytes. Nothing in it comes from another container. */

const sectorBytes = 512
const perSector = sectorBytes / 4
const inHeader = 109
const [tableSector, listSector, endOfChain, free] = [0xfffffffd, 0xfffffffc, 0xfffffffe, 0xffffffff]
/** Streams under this stand in a table of their own: filled up to it, the stream needs none. */
const miniCutoff = 4096
/** What says that the file is a workbook of Excel: {00020820-0000-0000-C000-000000000046}. */
const classId = Buffer.from('2008020000000000c000000000000046', 'hex')

/** The file; its sectors are the header, the stream, the directory, the table of sectors, and what lists its sectors. */
export function writeCompound(name: string, stream: Buffer): Buffer {
  const padded = Math.max(stream.length, miniCutoff)
  const data = Math.ceil(padded / sectorBytes)
  const directory = 1
  const { tables, lists } = counts(data + directory)
  const total = data + directory + tables + lists
  const file = Buffer.alloc((1 + total) * sectorBytes)
  stream.copy(file, sectorBytes)
  writeDirectory(file.subarray((1 + data) * sectorBytes), name, padded)
  const firstTable = data + directory
  const firstList = firstTable + tables
  const table = file.subarray((1 + firstTable) * sectorBytes, (1 + firstList) * sectorBytes).fill(0xff)
  for (let at = 0; at < total; at++) {
    const isLast = at === data - 1 || at === data
    const next = isLast ? endOfChain : at >= firstList ? listSector : at >= firstTable ? tableSector : at + 1
    table.writeUInt32LE(next, at * 4)
  }
  writeHeader(file, { directoryAt: data, tables, lists, firstList })
  for (let at = 0; at < tables; at++) file.writeUInt32LE(firstTable + at, listedAt(at, firstList))
  for (let at = 0; at < lists; at++) {
    const end = (2 + firstList + at) * sectorBytes - 4
    file.writeUInt32LE(at === lists - 1 ? endOfChain : firstList + at + 1, end)
  }
  return file
}

/** Sectors of the table, which has an entry for each sector, itself included, and sectors that list those the header has no room for. */
function counts(others: number): { tables: number; lists: number } {
  let [tables, lists] = [0, 0]
  while (tables * perSector < others + tables + lists) {
    tables++
    lists = Math.ceil(Math.max(tables - inHeader, 0) / (perSector - 1))
  }
  return { tables, lists }
}

/** Where in the file the number of a sector of the table stands. */
function listedAt(at: number, firstList: number): number {
  if (at < inHeader) return 76 + at * 4
  const behind = at - inHeader
  const list = Math.floor(behind / (perSector - 1))
  return (1 + firstList + list) * sectorBytes + (behind % (perSector - 1)) * 4
}

function writeHeader(
  file: Buffer,
  at: { readonly directoryAt: number; readonly tables: number; readonly lists: number; readonly firstList: number },
): void {
  file.fill(0xff, 76, sectorBytes)
  for (let list = 0; list < at.lists; list++)
    file.fill(0xff, (1 + at.firstList + list) * sectorBytes, (2 + at.firstList + list) * sectorBytes)
  file.write('d0cf11e0a1b11ae1', 0, 'hex')
  const halves: readonly (readonly [at: number, value: number])[] = [
    [24, 0x3e],
    [26, 3],
    [28, 0xfffe],
    [30, 9],
    [32, 6],
  ]
  for (const [where, value] of halves) file.writeUInt16LE(value, where)
  const words: readonly (readonly [at: number, value: number])[] = [
    [44, at.tables],
    [48, at.directoryAt],
    [56, miniCutoff],
    [60, endOfChain],
    [68, at.lists === 0 ? endOfChain : at.firstList],
    [72, at.lists],
  ]
  for (const [where, value] of words) file.writeUInt32LE(value, where)
}

function writeDirectory(sector: Buffer, name: string, size: number): void {
  writeEntry(sector, 'Root Entry', 5, { child: 1, start: endOfChain, size: 0 })
  classId.copy(sector, 80)
  writeEntry(sector.subarray(128), name, 2, { child: free, start: 0, size })
  for (const at of [256, 384]) sector.fill(0xff, at + 68, at + 80)
}

function writeEntry(
  entry: Buffer,
  name: string,
  kind: number,
  { child, start, size }: { readonly child: number; readonly start: number; readonly size: number },
): void {
  entry.write(name, 0, 'utf16le')
  entry.writeUInt16LE((name.length + 1) * 2, 64)
  entry[66] = kind
  // Black: a tree of one entry is balanced.
  entry[67] = 1
  entry.writeUInt32LE(free, 68)
  entry.writeUInt32LE(free, 72)
  entry.writeUInt32LE(child, 76)
  entry.writeUInt32LE(start, 116)
  entry.writeUInt32LE(size, 120)
}
