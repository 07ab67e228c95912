/** Compound files (MS-CFB) as writers of all kinds lay them out: in any order of sectors, with other streams, and with old bytes between. */

export type Stream = {
  readonly name: string
  readonly bytes: Buffer /** Stands in a storage of this name; left out: in the root. */
  readonly inside?: string
}

export type Layout = {
  /** A whole number from 0 up to this one: what is left open is decided by it. */
  readonly chance: (below: number) => number
  /** Bytes that fill what nothing uses. */
  readonly slack: Buffer
  /** 512 or 4096. */
  readonly sectorBytes: number
}

const [endOfChain, free, tableMark, none] = [0xfffffffe, 0xffffffff, 0xfffffffd, 0xffffffff]
const [miniBytes, miniCutoff] = [64, 4096]

type Entry = {
  readonly name: string
  readonly kind: number
  readonly start: number
  readonly size: number
  readonly children: readonly number[]
}

/** At most 109 sectors of the table: some 7 MB in sectors of 512 bytes. */
export function writeCompoundFile(streams: readonly Stream[], { chance, slack, sectorBytes }: Layout): Buffer {
  const mini = streams.filter(({ bytes }) => bytes.length < miniCutoff)
  const miniTable: number[] = []
  const miniParts: Buffer[] = []
  const miniStarts = new Map<Stream, number>()
  for (const stream of mini) {
    const pieces = Math.ceil(stream.bytes.length / miniBytes)
    miniStarts.set(stream, pieces === 0 ? endOfChain : miniTable.length)
    for (let at = 0; at < pieces; at++) miniTable.push(at === pieces - 1 ? endOfChain : miniTable.length + 1)
    miniParts.push(padded(stream.bytes, miniBytes, slack))
  }
  const storages = [...new Set(streams.flatMap(({ inside }) => inside ?? []))]
  const entryCount = 1 + storages.length + streams.length
  const miniBody = Buffer.concat(miniParts)
  const large = streams.filter(stream => !mini.includes(stream)).map(({ bytes }) => bytes)
  const bodies = [Buffer.alloc(entryCount * 128), halves(miniTable), miniBody, ...large]
  const needed = bodies.map(({ length }) => Math.ceil(length / sectorBytes))
  const spare = chance(4)
  const others = needed.reduce((sum, count) => sum + count, 0) + spare
  let tables = 1
  while (tables * (sectorBytes / 4) < others + tables) tables++
  const order = shuffled(others + tables, chance)
  const take = (count: number) => order.splice(0, count)
  const next = new Array<number>(others + tables).fill(free)
  const chains = needed.map(count => chained(take(count), next))
  const tableAt = take(tables)
  for (const sector of tableAt) next[sector] = tableMark
  const startOf = (at: number) => chains[at]![0] ?? endOfChain
  const entries: Entry[] = [
    { name: 'Root Entry', kind: 5, start: startOf(2), size: miniBody.length, children: [] },
    ...storages.map((name): Entry => ({ name, kind: 1, start: 0, size: 0, children: [] })),
    ...streams.map(stream => entryOf(stream, miniStarts.get(stream) ?? startOf(3 + large.indexOf(stream.bytes)))),
  ]
  const inside = (storage: string | undefined) =>
    streams.flatMap((stream, at) => (stream.inside === storage ? [1 + storages.length + at] : []))
  bodies[0] = directoryOf(
    entries,
    [[...storages.map((_, at) => 1 + at), ...inside(undefined)], ...storages.map(inside)],
    chance,
  )
  const file = filled((1 + others + tables) * sectorBytes, slack)
  for (const [nth, chain] of chains.entries())
    for (const [at, sector] of chain.entries())
      bodies[nth]!.copy(file, (1 + sector) * sectorBytes, at * sectorBytes, (at + 1) * sectorBytes)
  const table = halves([...next, ...Array(tables * (sectorBytes / 4) - next.length).fill(free)])
  for (const [at, sector] of tableAt.entries())
    table.copy(file, (1 + sector) * sectorBytes, at * sectorBytes, (at + 1) * sectorBytes)
  headerOf(sectorBytes, tableAt, startOf(0), startOf(1), needed[1]!).copy(file)
  return file
}

function entryOf({ name, bytes }: Stream, start: number): Entry {
  return { name, kind: 2, start, size: bytes.length, children: [] }
}

/** `children`: of the root and of each storage, in the order of entries; their trees are as chance has them. */
function directoryOf(
  entries: readonly Entry[],
  children: readonly (readonly number[])[],
  chance: Layout['chance'],
): Buffer {
  const links = entries.map(() => [none, none, none])
  const treeOf = (members: readonly number[]): number => {
    if (members.length === 0) return none
    const at = chance(members.length)
    const top = members[at]!
    links[top]![0] = treeOf(members.slice(0, at))
    links[top]![1] = treeOf(members.slice(at + 1))
    return top
  }
  for (const [at, members] of children.entries()) links[at]![2] = treeOf(members)
  return Buffer.concat(
    entries.map(({ name, kind, start, size }, at) => {
      const bytes = Buffer.alloc(128)
      bytes.write(name, 0, 'utf16le')
      bytes.writeUInt16LE((name.length + 1) * 2, 64)
      bytes[66] = kind
      for (const [nth, link] of links[at]!.entries()) bytes.writeUInt32LE(link, 68 + nth * 4)
      bytes.writeUInt32LE(start, 116)
      bytes.writeUInt32LE(size, 120)
      return bytes
    }),
  )
}

function headerOf(
  sectorBytes: number,
  tableAt: readonly number[],
  directory: number,
  miniTable: number,
  miniCount: number,
): Buffer {
  const header = Buffer.alloc(512, 0)
  header.fill(0xff, 76)
  header.write('d0cf11e0a1b11ae1', 0, 'hex')
  const wide = sectorBytes === 4096
  for (const [at, value] of [
    [24, 0x3e],
    [26, wide ? 4 : 3],
    [28, 0xfffe],
    [30, wide ? 12 : 9],
    [32, 6],
  ] as const)
    header.writeUInt16LE(value, at)
  for (const [at, value] of [
    [44, tableAt.length],
    [48, directory],
    [56, miniCutoff],
    [60, miniTable],
    [64, miniCount],
    [68, endOfChain],
  ] as const)
    header.writeUInt32LE(value, at)
  for (const [at, sector] of tableAt.entries()) header.writeUInt32LE(sector, 76 + at * 4)
  return header
}

function chained(sectors: readonly number[], next: number[]): readonly number[] {
  for (const [at, sector] of sectors.entries()) next[sector] = sectors[at + 1] ?? endOfChain
  return sectors
}

function shuffled(count: number, chance: Layout['chance']): number[] {
  const order = Array.from({ length: count }, (_, at) => at)
  for (let at = count - 1; at > 0; at--) {
    const other = chance(at + 1)
    ;[order[at], order[other]] = [order[other]!, order[at]!]
  }
  return order
}

function halves(words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(words.length * 4)
  for (const [at, word] of words.entries()) bytes.writeUInt32LE(word, at * 4)
  return bytes
}

function filled(length: number, slack: Buffer): Buffer {
  return slack.length === 0 ? Buffer.alloc(length) : Buffer.alloc(length, slack)
}

function padded(bytes: Buffer, unit: number, slack: Buffer): Buffer {
  const rest = filled(Math.ceil(bytes.length / unit) * unit - bytes.length, slack)
  return Buffer.concat([bytes, rest])
}
