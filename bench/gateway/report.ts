/** The figures as Markdown: tables, and the ratios they are read by. */

export type Cell = {
  readonly peer: string
  readonly size: string
  readonly bytes: number
  readonly perSecond: number
  /** Microseconds of CPU for each request, by all threads. */
  readonly cpu: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly errors: number
}

export type StreamCell = {
  readonly peer: string
  readonly size: string
  readonly bytes: number
  readonly megabytesPerSecond: number
  readonly firstByte: number
  readonly peak: number
  /** Of processes that it has started. */
  readonly beside: number
  readonly whole: boolean
}

export type Results = { small: Cell[]; streams: StreamCell[]; readonly missing: readonly string[] }

type How = {
  readonly rounds: number
  readonly warmUp: number
  readonly seconds: number
  readonly connections: number
  readonly generator: string
  readonly machine: string
}

/** Who is compared with whom. */
const pairs = [
  ['Veilgate', 'http-proxy-middleware, masking'],
  ['Veilgate', 'nginx + Lua (cjson)'],
  ['Veilgate', '@fastify/http-proxy, passing through'],
  ['Veilgate', 'Veilgate without records'],
] as const

export function ratios({ small, streams }: Results): string[] {
  const sizes = [...new Set(small.map(({ size }) => size))]
  const lines: string[] = []
  for (const [one, other] of pairs) {
    const cells = sizes.map(size => {
      const [a, b] = [one, other].map(peer => small.find(cell => cell.peer === peer && cell.size === size))
      if (a === undefined || b === undefined) return '–'
      return `${(a.perSecond / b.perSecond).toFixed(2)} (${(b.cpu / a.cpu).toFixed(2)})`
    })
    const long = [...new Set(streams.map(({ size }) => size))].map(size => {
      const [a, b] = [one, other].map(peer => streams.find(cell => cell.peer === peer && cell.size === size))
      return a === undefined || b === undefined || !a.whole || !b.whole
        ? '–'
        : (a.megabytesPerSecond / b.megabytesPerSecond).toFixed(2)
    })
    lines.push(`| ${one} / ${other} | ${[...cells, ...long].join(' | ')} |`)
  }
  return lines
}

export function report(results: Results, { rounds, warmUp, seconds, connections, generator, machine }: How): string {
  const { small, streams, missing } = results
  const sizes = [...new Set(small.map(({ size }) => size))]
  const long = [...new Set(streams.map(({ size }) => size))]
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const rule = (count: number) => row(Array.from({ length: count }, (_, at) => (at === 0 ? '---' : '---:')))
  const lines = [
    '# What a gateway costs a request',
    '',
    'Made by `npm run bench -- gateway`; what it does is in [../README.md](../README.md).',
    '',
    machine,
    `- load: ${generator}, ${connections} connections kept alive, on core 0 with the system behind (nginx, files); what is measured alone on core 1`,
    `- ${rounds} alternating rounds of ${seconds} s after ${warmUp} to warm up; medians`,
    ...missing.map(one => `- left out: ${one}`),
    '',
    '## Ratios',
    '',
    'Requests a second (in brackets: CPU of the other for each request, by ours), and MB/s of streams. More is better.',
    '',
    row(['', ...sizes, ...long]),
    rule(1 + sizes.length + long.length),
    ...ratios(results),
  ]
  for (const size of sizes) {
    const cells = small.filter(cell => cell.size === size)
    lines.push('', `## ${size}: ${cells[0]!.bytes} bytes`, '')
    lines.push(row(['', 'requests/s', 'CPU a request, µs', 'p50, ms', 'p99, ms', 'errors']), rule(6))
    for (const { peer, perSecond, cpu, p50, p99, errors } of cells)
      lines.push(row([peer, perSecond.toFixed(0), cpu.toFixed(0), p50.toFixed(1), p99.toFixed(0), errors]))
  }
  if (streams.length > 0) {
    lines.push('', '## Streams, one client', '')
    lines.push(row(['', 'bytes', 'MB/s', 'first byte, ms', 'peak memory, MB', 'beside it, MB', 'whole']), rule(7))
    for (const { peer, bytes, megabytesPerSecond, firstByte, peak, beside, whole } of streams) {
      const figures = [
        megabytesPerSecond.toFixed(0),
        firstByte.toFixed(0),
        (peak / 1e6).toFixed(0),
        (beside / 1e6).toFixed(0),
      ]
      lines.push(row([peer, bytes, ...figures, whole ? 'yes' : '**no**']))
    }
  }
  return `${lines.join('\n')}\n`
}
