/** What it costs that every access is on record before its answer leaves: see ../README.md. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawChart } from '../chart.ts'
import { machine, median } from '../machine.ts'
import { bytesOf, type Rate, rateOf, type Way } from './rate.ts'

const ways: readonly Way[] = ['unsynced', 'durable', 'signed']
const inFlight = [1, 16, 64, 256]

export async function run(args: string[]): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args, options: { rounds: text, seconds: text } })
  const [rounds, seconds] = [Number(values.rounds ?? 3), Number(values.seconds ?? 2)]
  const taken = new Map<string, Rate[]>()
  for (let round = -1; round < rounds; round++) {
    for (const many of inFlight) {
      for (const way of ways) {
        const rate = await rateOf(way, many, seconds)
        // the first round warms up
        if (round < 0) continue
        const key = `${way} ${many}`
        taken.set(key, [...(taken.get(key) ?? []), rate])
        console.log(`${many} in flight, ${way}: ${rate.perSecond.toFixed(0)}/s`)
      }
    }
  }
  const of = (way: Way, many: number, pick: (rate: Rate) => number) => median(taken.get(`${way} ${many}`)!.map(pick))
  const rows = inFlight.flatMap(many =>
    ways.map(way => {
      const [perSecond, p50] = [of(way, many, rate => rate.perSecond), of(way, many, rate => rate.p50)]
      const share = perSecond / of('unsynced', many, rate => rate.perSecond)
      const cells = [many, way, perSecond.toFixed(0), share.toFixed(2), p50.toFixed(2)]
      return `| ${[...cells, of(way, many, rate => rate.p99).toFixed(2), of(way, many, rate => rate.cpu).toFixed(1)].join(' | ')} |`
    }),
  )
  const sizes: string[] = []
  for (const perBatch of [1, 20]) {
    const [none, ten] = [await bytesOf(0, perBatch), await bytesOf(10, perBatch)]
    const person = (part: 'written' | 'sealed') => ((ten[part] - none[part]) / 10).toFixed(0)
    const cells = [perBatch, none.written.toFixed(0), none.sealed.toFixed(0), person('written'), person('sealed')]
    sizes.push(`| ${cells.join(' | ')} |`)
  }
  const page = report(rows, sizes, `- ${rounds} alternating rounds of ${seconds} s after one to warm up; medians`)
  const folder = join(import.meta.dirname, '../results')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'records.md'), page)
  const groups = inFlight.map(many => ({
    label: `${many} in flight`,
    values: ways.map(way => of(way, many, rate => rate.perSecond)),
  }))
  const chart = { title: 'Records a second, one log', unit: 'more is better', groups, series: ways }
  await writeFile(join(folder, 'records.svg'), drawChart(chart))
  console.log(page)
}

function report(rows: readonly string[], sizes: readonly string[], how: string): string {
  return `# What a durable record costs

Made by \`npm run bench -- records\`; what it does is in [../README.md](../README.md).

${machine()}
${how}

| in flight | way | records/s | of unsynced | p50, ms | p99, ms | CPU a record, µs |
|---:|---|---:|---:|---:|---:|---:|
${rows.join('\n')}

## Bytes of a record

| records in a batch | written | sealed | written, more for each person | sealed, more for each person |
|---:|---:|---:|---:|---:|
${sizes.join('\n')}
`
}
