/** Whether any text can hold up the detectors: see ../README.md. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Detection } from '../../gateway/masking/detect.ts'
import { hostileUnits } from '../../test/contract/hostile-text.ts'
import { shipped } from '../accuracy/run.ts'
import { machine } from '../machine.ts'

/** Shorter times tell nothing: a cleaning of memory makes them many times as long. */
const leastMilliseconds = 20
const sizes = [1 << 17, 1 << 18, 1 << 19, 1 << 20]

export async function run(): Promise<void> {
  const detection = new Detection(shipped().plan.detectors)
  const rows = hostileUnits.map(unit => {
    const texts = sizes.map(size => unit.repeat(Math.ceil(size / unit.length)))
    const times = texts.map(text => quickest(() => detection.find(text)))
    return {
      unit,
      time: times.at(-1)!,
      growth: times.at(-1)! < leastMilliseconds ? null : times.at(-1)! / times.at(-2)!,
    }
  })
  const worst = Math.max(...rows.map(({ growth }) => growth ?? 0))
  const report = [
    '# All detectors on hostile text',
    '',
    machine(),
    `- the quickest of three runs over texts of ${sizes.map(size => `${size >> 10} Ki`).join(', ')} characters, of one unit again and again`,
    '',
    `Twice the text takes ${worst.toFixed(1)} times as long at worst (linear is 2, quadratic 4).`,
    '',
    '| unit | ms for 1 Mi characters | times as long as for 512 Ki |',
    '|---|---:|---:|',
    ...rows.map(
      ({ unit, time, growth }) => `| \`${JSON.stringify(unit)}\` | ${time.toFixed(0)} | ${growth?.toFixed(1) ?? ''} |`,
    ),
    '',
  ].join('\n')
  await mkdir(join(import.meta.dirname, '../results'), { recursive: true })
  await writeFile(join(import.meta.dirname, '../results/detectors.md'), report)
  console.log(report)
}

function quickest(once: () => void): number {
  const times = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage()
    once()
    return process.cpuUsage(before).user / 1000
  })
  return Math.min(...times)
}
