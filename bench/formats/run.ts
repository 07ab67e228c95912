/** How fast each format is masked in process, as the package comes: see ../README.md. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawChart } from '../chart.ts'
import { machine, median } from '../machine.ts'
import { alternating, inFreshProcess } from '../rounds.ts'
import { kinds } from './bodies.ts'
import type { Measured, Task } from './child.ts'
import { peers, type Way, ways } from './peers.ts'

const labels: Readonly<Record<Way, string>> = {
  veilgate: 'Veilgate',
  regex: 'three regular expressions',
  parser: 'parsed, no more',
}

/** Bytes of JSON whose rows a body has: a page that somebody looks at, and a list that somebody exports. */
const sizes = [
  ['16 rows', 10_000],
  ['1,600 rows', 1_000_000],
] as const

type Outcome = { readonly label: string; readonly results: ReadonlyMap<Way, Measured> }

/**
 * `--rounds N` (3), `--time MS` for each measurement (300), `--warm-up MS` before it (2500: code that V8 has compiled is what a gateway
 * runs), `--only WORDS` that a kind's label begins with.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string' },
      time: { type: 'string' },
      'warm-up': { type: 'string' },
      only: { type: 'string' },
    },
  })
  const rounds = Number(values.rounds ?? 3)
  const time = Number(values.time ?? 300)
  const warmUp = Number(values['warm-up'] ?? 2500)
  const chosen = kinds.filter(({ label }) => label.startsWith(values.only ?? ''))
  const outcomes = chosen.flatMap(({ label, format }) =>
    sizes.map(([size, bytes]) =>
      measureKind(`${label}, ${size}`, { kind: label, bytes, time, warmUp }, format, rounds),
    ),
  )
  const report = [
    '# Masking of each format in process',
    '',
    machine(),
    `- medians of ${rounds} alternating rounds, each measurement ${time} ms of processor time after ${warmUp} ms of warm-up, in a fresh process`,
    '',
    'Megabytes of input for each second of the processor, all threads together.',
    '',
    `| | bytes | ${ways.map(way => labels[way]).join(' | ')} |`,
    `|---|---:|${ways.map(() => '---:').join('|')}|`,
    ...outcomes.map(line),
    '',
  ].join('\n')
  console.log(report)
  if (values.only !== undefined) return
  const results = join(import.meta.dirname, '../results')
  await writeFile(join(results, 'formats.md'), `${report}\n![megabytes a second](formats.svg)\n`)
  const svg = drawChart({
    title: 'Masking each format in process',
    unit: 'MB/s',
    series: ways.map(way => labels[way]),
    groups: outcomes.map(({ label, results }) => ({
      label,
      values: ways.map(way => results.get(way)?.speed ?? null),
    })),
  })
  await writeFile(join(results, 'formats.svg'), svg)
}

function measureKind(label: string, task: Omit<Task, 'way'>, format: string, rounds: number): Outcome {
  const able = ways.filter(way => way === 'veilgate' || peers[way][format] !== undefined)
  const measured = alternating(able, rounds, way => inFreshProcess<Measured>(child, { ...task, way } satisfies Task))
  const results = new Map(
    able.map(way => {
      const all = measured.get(way)!
      return [way, { speed: median(all.map(({ speed }) => speed)), length: all[0]!.length }]
    }),
  )
  process.stderr.write(`${label}: ${[...results].map(([way, { speed }]) => `${way} ${shown(speed)}`).join(', ')}\n`)
  return { label, results }
}

const child = join(import.meta.dirname, 'child.ts')

function line({ label, results }: Outcome): string {
  const speeds = ways.map(way => (results.has(way) ? shown(results.get(way)!.speed) : ''))
  return `| ${[label, results.get('veilgate')!.length.toLocaleString('en'), ...speeds].join(' | ')} |`
}

function shown(speed: number): string {
  return speed.toFixed(speed < 10 ? 1 : 0)
}
