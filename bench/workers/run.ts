/** What a second process costs and gives: see ../README.md. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeBodies } from '../gateway/bodies.ts'
import { applyLoad, generator } from '../gateway/load.ts'
import { hasNginx, systemConf } from '../gateway/peers/nginx.ts'
import { startVeilgate } from '../gateway/peers.ts'
import { freePort, startProcess } from '../gateway/processes.ts'
import { machine, median } from '../machine.ts'

/** Rounds that are not counted: two workers need twice the requests until both are compiled. */
const warmUp = 4

type Taken = { perSecond: number; cpu: number }

/** Everything shares the cores: what counts is the CPU of a request, not how many there are. */
export async function run(args: string[]): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args, options: { rounds: text, seconds: text, size: text } })
  const [rounds, seconds, size] = [Number(values.rounds ?? 5), Number(values.seconds ?? 2), values.size ?? '10k']
  if (availableParallelism() < 2) throw new Error('two cores are needed')
  if (!hasNginx()) throw new Error('the system behind is nginx: apt-get install nginx')
  const cores = '0,1'
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-bench-'))
  const running: { stop(): Promise<void> }[] = []
  try {
    await writeBodies(folder, [size])
    const port = await freePort()
    const conf = join(folder, 'system.conf')
    await writeFile(conf, systemConf(folder, port, folder))
    running.push(await startProcess(cores, ['/usr/sbin/nginx', '-p', folder, '-c', conf], port))
    const gateways = []
    for (const workers of [1, 2]) {
      const gateway = await startVeilgate({ folder, upstream: { port }, core: cores }, ['--workers', String(workers)])
      running.push(gateway)
      gateways.push({ workers, gateway, taken: [] as Taken[] })
    }
    for (let round = -warmUp; round < rounds; round++) {
      for (const { gateway, taken } of gateways) {
        const before = await gateway.cpu()
        const load = {
          url: `${gateway.url}/${size}.json`,
          headers: gateway.headers,
          seconds,
          connections: 64,
          core: cores,
        }
        const { requests, perSecond } = await applyLoad(load)
        if (round >= 0) taken.push({ perSecond, cpu: (((await gateway.cpu()) - before) / requests) * 1e6 })
      }
    }
    const rows = gateways.map(({ workers, taken }) => {
      const of = (pick: (one: Taken) => number) => median(taken.map(pick))
      return { workers, perSecond: of(one => one.perSecond), cpu: of(one => one.cpu) }
    })
    const text = report(
      rows,
      `- load: ${generator()}, 64 connections, ${size}; ${rounds} alternating rounds of ${seconds} s after ${warmUp} to warm up`,
    )
    await mkdir(join(import.meta.dirname, '../results'), { recursive: true })
    await writeFile(join(import.meta.dirname, '../results/workers.md'), text)
    console.log(text)
  } finally {
    for (const one of running.reverse()) await one.stop()
    await rm(folder, { recursive: true })
  }
}

function report(rows: readonly { workers: number; perSecond: number; cpu: number }[], how: string): string {
  return `# What a second process costs and gives

Made by \`npm run bench -- workers\`; what it does is in [../README.md](../README.md).

${machine()}
${how}; load, system and gateway share two cores

| workers | requests/s | CPU a request, µs | of one worker's |
|---:|---:|---:|---:|
${rows.map(({ workers, perSecond, cpu }) => `| ${workers} | ${perSecond.toFixed(0)} | ${cpu.toFixed(0)} | ${(cpu / rows[0]!.cpu).toFixed(2)} |`).join('\n')}
`
}
