/** What a gateway costs a request, beside its peers: see ../README.md. Loopback only; ends only what it started. */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawChart } from '../chart.ts'
import { machine, median } from '../machine.ts'
import { writeBodies } from './bodies.ts'
import { applyLoad, generator, type Outcome } from './load.ts'
import { debianPackages, hasNginx, systemConf } from './peers/nginx.ts'
import { buildPackage, type Peer, type Place, peers, type Running } from './peers.ts'
import { freePort, startProcess } from './processes.ts'
import { type Cell, type Results, ratios, report, type StreamCell } from './report.ts'
import { type StreamOutcome, takeStream } from './streams.ts'

const [loadCore, peerCore] = ['0', '1']
const connections = 64
/** Rounds that are not counted: compiling what runs often takes V8 some ten thousand requests. */
const warmUp = 3

type Started = { readonly peer: Peer; readonly running: Running }

export async function run(args: string[]): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args, options: { rounds: text, seconds: text, sizes: text, streams: text } })
  const rounds = Number(values.rounds ?? 5)
  const seconds = Number(values.seconds ?? 2)
  const sizes = (values.sizes ?? '1k,10k,100k').split(',').filter(Boolean)
  const streams = (values.streams ?? '50m,500m').split(',').filter(Boolean)
  if (availableParallelism() < 2) throw new Error('two cores are needed: one for the load, one for what is measured')
  if (!hasNginx()) throw new Error(`the system behind is nginx: apt-get install ${debianPackages}`)
  buildPackage()
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-bench-'))
  const running: { stop(): Promise<void> }[] = []
  try {
    await writeBodies(folder, [...sizes, ...streams])
    const upstream = await startSystem(folder)
    running.push(upstream)
    const started: Started[] = []
    for (const peer of peers.filter(({ missing }) => missing === null)) {
      const one = { peer, running: await peer.start({ folder, upstream, core: peerCore }) }
      running.push(one.running)
      started.push(one)
    }
    const results: Results = {
      small: [],
      streams: [],
      missing: peers.flatMap(({ name, missing }) => (missing === null ? [] : [`${name}: ${missing}`])),
    }
    for (const size of sizes) results.small.push(...(await measureSize(started, folder, size, rounds, seconds)))
    for (const one of running.splice(1).reverse()) await one.stop()
    for (const size of streams) results.streams.push(...(await measureStream(started, { folder, upstream }, size)))
    await write(results, { rounds, seconds, sizes })
  } finally {
    for (const one of running.reverse()) await one.stop()
    await rm(folder, { recursive: true })
  }
}

async function startSystem(folder: string) {
  const port = await freePort()
  const path = join(folder, 'system.conf')
  await writeFile(path, systemConf(folder, port, folder))
  return { port, ...(await startProcess(loadCore, ['/usr/sbin/nginx', '-p', folder, '-c', path], port)) }
}

/** Every peer once in each round, so that what else goes on on the machine meets all of them alike. */
async function measureSize(
  started: readonly Started[],
  folder: string,
  size: string,
  rounds: number,
  seconds: number,
): Promise<Cell[]> {
  const { size: bytes } = await stat(join(folder, `${size}.json`))
  const taken = new Map<Peer, (Outcome & { cpu: number })[]>(started.map(({ peer }) => [peer, []]))
  for (const { peer, running } of started) await checkMasking(peer, running, size)
  for (let round = -warmUp; round < rounds; round++) {
    for (const { peer, running } of started) {
      const url = `${running.url}/${size}.json`
      const before = await running.cpu()
      const outcome = await applyLoad({ url, headers: running.headers, seconds, connections, core: loadCore })
      if (round < 0) continue
      const cpu = ((await running.cpu()) - before) / Math.max(1, outcome.requests)
      taken.get(peer)!.push({ ...outcome, cpu: cpu * 1e6 })
      console.log(`${size} ${peer.name}: ${outcome.perSecond.toFixed(0)}/s, ${(cpu * 1e6).toFixed(0)} µs`)
    }
  }
  return [...taken].map(([peer, outcomes]) => {
    const of = (pick: (one: Outcome & { cpu: number }) => number) => median(outcomes.map(pick))
    const errors = outcomes.reduce((sum, one) => sum + one.errors, 0)
    const latency = { p50: of(one => one.p50), p99: of(one => one.p99) }
    return {
      peer: peer.name,
      size,
      bytes,
      perSecond: of(one => one.perSecond),
      cpu: of(one => one.cpu),
      ...latency,
      errors,
    }
  })
}

/** A figure is worth nothing where the answers are not what they should be. */
async function checkMasking(peer: Peer, running: Running, size: string): Promise<void> {
  const answer = await fetch(`${running.url}/${size}.json`, { headers: running.headers })
  const { data } = (await answer.json()) as { data: { rows: { idCard: string; mobile: string }[] } }
  const hidden = data.rows.every(({ idCard, mobile }) => idCard.includes('***') && mobile.includes('***'))
  if (answer.status !== 200 || hidden !== peer.masks) throw new Error(`${peer.name} does not answer as it should`)
}

const streamRounds = 3

/** Each peer in a process of its own, so that its peak is that of these bodies and nothing before. */
async function measureStream(
  started: readonly Started[],
  place: Omit<Place, 'core'>,
  size: string,
): Promise<StreamCell[]> {
  const { folder } = place
  const { size: bytes } = await stat(join(folder, `${size}.json`))
  const cells: StreamCell[] = []
  for (const { peer } of started) {
    // who collects a whole body first would need gigabytes for this one
    if (bytes > 1e8 && peer.collects) continue
    const running = await peer.start({ ...place, core: peerCore })
    const outcomes: StreamOutcome[] = []
    // who fails at it once is not asked again
    for (let round = 0; round < streamRounds && outcomes.every(({ whole }) => whole); round++)
      outcomes.push(await takeStream(running, `/${size}.json`, bytes, loadCore))
    await running.stop()
    const of = (pick: (one: StreamOutcome) => number) => median(outcomes.map(pick))
    const cell = {
      peer: peer.name,
      size,
      bytes,
      megabytesPerSecond: of(one => one.megabytesPerSecond),
      firstByte: of(one => one.firstByte),
      peak: Math.max(...outcomes.map(one => one.peak)),
      beside: Math.max(...outcomes.map(one => one.beside)),
      whole: outcomes.every(one => one.whole),
    }
    console.log(`${size} ${peer.name}: ${cell.megabytesPerSecond.toFixed(0)} MB/s${cell.whole ? '' : ', NOT WHOLE'}`)
    cells.push(cell)
  }
  return cells
}

async function write(
  results: Results,
  how: { rounds: number; seconds: number; sizes: readonly string[] },
): Promise<void> {
  const folder = join(import.meta.dirname, '../results')
  await mkdir(folder, { recursive: true })
  await writeFile(
    join(folder, 'gateway.md'),
    report(results, { ...how, warmUp, connections, generator: generator(), machine: machine() }),
  )
  const names = peers.map(({ name }) => name).filter(name => results.small.some(cell => cell.peer === name))
  const groups = how.sizes.map(size => ({
    label: size,
    values: names.map(name => results.small.find(cell => cell.peer === name && cell.size === size)?.perSecond ?? null),
  }))
  const chart = { title: 'Requests a second on one core', unit: 'more is better', groups, series: names }
  await writeFile(join(folder, 'gateway.svg'), drawChart(chart))
  for (const line of ratios(results)) console.log(line)
}
