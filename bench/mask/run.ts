/** How fast a body is masked in process, and with how much memory: see ../README.md. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawChart } from '../chart.ts'
import { machine, median } from '../machine.ts'
import { alternating, inFreshProcess } from '../rounds.ts'
import type { Shape } from './bodies.ts'
import { build } from './built.ts'
import type { Measured, Task } from './child.ts'
import { type Depth, type Fields, runOf, type Variant, variants } from './variants.ts'

const labels: Readonly<Record<Variant, string>> = {
  naive: 'parse, walk, stringify',
  regex: 'regular expression',
  redact: '@pinojs/redact',
  plain: 'Veilgate, TypeScript',
  fast: 'Veilgate',
}

type Scene = {
  readonly label: string
  readonly bytes: number
  readonly shape: Shape
  readonly fields: Fields
  readonly depth: Depth
}

const sizes = [
  ['1 KB', 1_000],
  ['10 KB', 10_000],
  ['100 KB', 100_000],
  ['1 MB', 1_000_000],
] as const

const depths: Readonly<Record<Depth, string>> = {
  paths: 'paths',
  scan: 'scan',
  all: 'scan by all',
  index: 'index',
  shipped: 'shipped policy',
}

const scenes: readonly Scene[] = [
  ...(['paths', 'scan', 'all', 'index', 'shipped'] as const).flatMap(depth =>
    sizes.map(([size, bytes]) => ({
      label: `${size}, ${depths[depth]}`,
      bytes,
      shape: 'compact' as const,
      fields: 'few' as const,
      depth,
    })),
  ),
  ...(['pretty', 'chinese'] as const).flatMap(shape =>
    (['paths', 'scan', 'all'] as const).map(depth => ({
      label: `100 KB ${shape}, ${depths[depth]}`,
      bytes: 100_000,
      shape,
      fields: 'few' as const,
      depth,
    })),
  ),
  ...(['none', 'all'] as const).map(fields => ({
    label: `100 KB, ${fields === 'none' ? 'nothing' : 'everything'} masked, paths`,
    bytes: 100_000,
    shape: 'compact' as const,
    fields,
    depth: 'paths' as const,
  })),
]
const long: readonly Scene[] = (['paths', 'scan'] as const).map(depth => ({
  label: `50 MB, ${depth}`,
  bytes: 50_000_000,
  shape: 'compact',
  fields: 'few',
  depth,
}))

/** `--rounds N` (5), `--time MS` for each measurement (300), `--only WORDS` that a scene's label begins with. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string' }, time: { type: 'string' }, only: { type: 'string' } },
  })
  const rounds = Number(values.rounds ?? 5)
  const time = Number(values.time ?? 300)
  const chosen = (scene: Scene) => scene.label.startsWith(values.only ?? '')
  const fast = scenes.filter(chosen).map(scene => measureScene(scene, rounds, time, source))
  const flat = measureLong(long.filter(chosen), rounds)
  const report = [
    '# Masking in process',
    '',
    machine(),
    `- medians of ${rounds} alternating rounds, each measurement ${time} ms of processor time after as long a warm-up, in a fresh process`,
    '',
    'Megabytes of input for each second of the processor; in brackets, how many times the first column. Every variant gives the same JSON.',
    '',
    ...speeds(fast),
    '',
    '## One body of 50 MB, once, in a fresh process: megabytes for each second of the processor, and the peak memory of the process (before the body); as the package is built',
    '',
    ...memories(flat),
    '',
  ].join('\n')
  console.log(report)
  if (values.only !== undefined) return
  const results = join(import.meta.dirname, '../results')
  await writeFile(join(results, 'mask.md'), `${report}\n![megabytes a second](mask.svg)\n`)
  const svg = drawChart({
    title: 'Masking JSON in process',
    unit: 'MB/s',
    series: variants.map(variant => labels[variant]),
    groups: fast.map(({ scene, results }) => ({
      label: scene.label,
      values: variants.map(variant => results.get(variant)?.speed ?? null),
    })),
  })
  await writeFile(join(results, 'mask.svg'), svg)
}

type Outcome = {
  readonly scene: Scene
  readonly results: ReadonlyMap<Variant, { speed: number; memory: number; before: number }>
}

/** The program of a measurement, as it is in the tree. */
const source = join(import.meta.dirname, 'child.ts')

function measureLong(chosen: readonly Scene[], rounds: number): readonly Outcome[] {
  if (chosen.length === 0) return []
  const { child, remove } = build()
  try {
    return chosen.map(scene => measureScene(scene, rounds, 0, child))
  } finally {
    remove()
  }
}

function measureScene(scene: Scene, rounds: number, time: number, child: string): Outcome {
  const able = variants.filter(variant => runOf(variant, scene.fields, scene.depth) !== null)
  const measure = (variant: Variant) => inFreshProcess<Measured>(child, { ...scene, variant, time } satisfies Task)
  const measured = alternating(able, rounds, measure)
  const digests = new Set([...measured.values()].flat().map(({ digest }) => digest))
  if (digests.size > 1) throw new Error(`${scene.label}: the variants do not mask alike`)
  const results = new Map(
    able.map(variant => {
      const all = measured.get(variant)!
      return [
        variant,
        {
          speed: median(all.map(one => one.speed)),
          memory: median(all.map(one => one.memory)),
          before: median(all.map(one => one.before)),
        },
      ]
    }),
  )
  process.stderr.write(
    `${scene.label}: ${[...results].map(([variant, { speed }]) => `${variant} ${speed.toFixed(0)}`).join(', ')}\n`,
  )
  return { scene, results }
}

function speeds(outcomes: readonly Outcome[]): string[] {
  const rows = outcomes.map(({ scene, results }) => {
    const first = results.get('naive')?.speed
    const cells = variants.map(variant => {
      const speed = results.get(variant)?.speed
      if (speed === undefined) return ''
      return first === undefined || variant === 'naive'
        ? speed.toFixed(0)
        : `${speed.toFixed(0)} (${(speed / first).toFixed(1)})`
    })
    return `| ${[scene.label, ...cells].join(' | ')} |`
  })
  return [...heading(), ...rows]
}

function memories(outcomes: readonly Outcome[]): string[] {
  const rows = outcomes.map(({ scene, results }) => {
    const cells = variants.map(variant => {
      const result = results.get(variant)
      return result === undefined
        ? ''
        : `${result.speed.toFixed(0)}, ${mebibytes(result.memory)} (${mebibytes(result.before)}) MiB`
    })
    return `| ${[scene.label, ...cells].join(' | ')} |`
  })
  return [...heading(), ...rows]
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20)
}

function heading(): string[] {
  return [
    `| | ${variants.map(variant => labels[variant]).join(' | ')} |`,
    `|---|${variants.map(() => '---:|').join('')}`,
  ]
}
