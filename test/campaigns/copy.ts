/**
 * Whether copying records to PostgreSQL slows serving down, also while the database is away, and whether the copy is equal
 * to the log in the end: `npm run campaign:copy [-- ROUNDS]`. Two gateways, one without a database, take turns under full
 * load, a few seconds each; in each round the other one's database is there, then stopped, then there again until the copy
 * has caught up, and each turn is compared with those of the gateway without right before and after it. On
 * Linux the gateway has a core of its own, and the database, which would be on another machine, gets what is left of the
 * other. What an answer costs the gateway's own process decides, as it has its core to itself and what else runs on the
 * machine hardly moves it: in instructions, where there is perf to count them, else in time on a processor; rates are told beside it. Ends with 1 where the median over the rounds is below 0.95, or the
 * copy differs.
 */
import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { applyLoad } from '../../bench/gateway/load.ts'
import { linesCopied, linesIn, settingsOf } from '../records/copying.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type ServeProcess, startServeProcess } from '../support/serve-process.ts'
import { startPostgres, withoutPostgres } from '../support/start-postgres.ts'
import { startUpstream } from '../support/start-upstream.ts'

const rounds = Number(process.argv[2] ?? 8)
const seconds = 3
const least = 0.95
const run = promisify(execFile)
const hasPerf = await run('perf', ['stat', '-e', 'instructions:u', 'true']).then(
  ({ stderr }) => !stderr.includes('not supported'),
  () => false,
)

if (withoutPostgres) {
  console.log(withoutPostgres)
  process.exit(0)
}
const cleanups: (() => unknown)[] = []
const context = { after: (clean: unknown) => void cleanups.push(clean as () => unknown) } as never
const postgres = await startPostgres(context, { priority: constants.priority.PRIORITY_LOW })
await pin(process.pid, '1')
const upstream = await startUpstream((_, response) => {
  response.setHeader('content-type', 'application/json')
  response.end('{"rows":[{"name":"张三丰","mobile":"13800138000"}]}')
})
const base = await mkdtemp(join(tmpdir(), 'veilgate-copy-'))
const settings = settingsOf(postgres.url)
const gateways = { without: await start('without', ''), with: await start('with', ', postgres: { url_file: ../url }') }

/** `cost`: of an answer, in instructions or microseconds. */
type Measured = { readonly rate: number; readonly cost: number; readonly micros: number }
/** Of what the gateway without serves, by cost and by rate; and microseconds for an answer, with and without. */
type Share = Measured & { readonly without: number }
const shares = { there: [] as Share[], away: [] as Share[] }
// V8 compiles a gateway's code over its first ten thousands of requests
for (const gateway of [gateways.with, gateways.without, gateways.with]) await measure(gateway)
let before = await measure(gateways.without)
for (let round = 1; round <= rounds; round++) {
  for (const name of ['there', 'away'] as const) {
    if (name === 'away') await postgres.stop()
    const one = await measure(gateways.with)
    if (name === 'there') await caughtUp()
    const after = await measure(gateways.without)
    const beside = (key: keyof Measured) => (before[key] + after[key]) / 2
    const { rate, cost, micros } = one
    shares[name].push({ cost: beside('cost') / cost, rate: rate / beside('rate'), micros, without: beside('micros') })
    before = after
  }
  await postgres.start()
  await caughtUp()
  const told = Object.entries(shares).map(([name, all]) => `${name} ${shown(all.at(-1)!)}`)
  console.log(`round ${round}: ${told.join(', ')}`)
}
for (const gateway of Object.values(gateways)) await gateway.end()
const [log, copied] = [await linesIn(join(base, 'with/records')), await linesCopied(settings)]
const isEqual = log.sort().join('\n') === copied.sort().join('\n')
const by = process.platform === 'linux' ? 'cost' : 'rate'
const [there, away] = [medianOf(shares.there, by), medianOf(shares.away, by)]
console.log(`${log.length} records, copy ${isEqual ? 'equal' : 'NOT EQUAL'}`)
for (const [name, all] of Object.entries(shares)) {
  const [micros, without] = [medianOf(all, 'micros').toFixed(0), medianOf(all, 'without').toFixed(0)]
  const share = `${medianOf(all, 'cost').toFixed(3)} of what it serves without by cost, ${medianOf(all, 'rate').toFixed(3)} by rate`
  console.log(`database ${name}: ${share}; ${micros} µs of CPU for an answer, ${without} without`)
}
await upstream.close()
for (const clean of cleanups) await clean()
await removeFolder(base)
process.exitCode = isEqual && there >= least && away >= least ? 0 : 1

async function start(name: string, more: string): Promise<ServeProcess> {
  const folder = join(base, name)
  await mkdir(folder, { recursive: true })
  await writeFile(join(base, 'url'), postgres.url, { mode: 0o600 })
  const system = `systems: { a: { upstream: "${upstream.url}", policy: shipped } }\nanonymous: { audience: public }\n`
  const config = `listen: 127.0.0.1:0\nadmin: false\n${system}records: { folder: ./records${more} }\n`
  await writeFile(join(folder, 'gateway.yaml'), config)
  const gateway = await startServeProcess(folder, [])
  await pin(gateway.pid, '0')
  return gateway
}

/** The gateway itself has the first core, all others share the next. */
async function pin(pid: number, core: string): Promise<void> {
  if (process.platform !== 'linux' || availableParallelism() < 2) return
  await run('taskset', ['-acp', core, String(pid)])
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(/\s+/)
  for (const child of children.filter(Boolean)) await run('taskset', ['-acp', '1', child])
}

async function measure({ url, pid }: ServeProcess): Promise<Measured> {
  const load = { url: `${url}/students`, headers: {}, seconds, connections: 32, core: '1' }
  const counted = hasPerf ? countInstructions(pid) : null
  const before = await cpuOf(pid)
  const { perSecond, requests, errors } = await applyLoad(load)
  if (errors > 0) throw new Error(`${errors} answers were none`)
  const micros = ((await cpuOf(pid)) - before) / requests
  const instructions = await counted?.end()
  return { rate: perSecond, micros, cost: instructions === undefined ? micros : instructions / requests }
}

/** Instructions of a process outside the kernel, from now on. */
function countInstructions(pid: number): { end(): Promise<number> } {
  const perf = spawn('perf', ['stat', '-x', ',', '-e', 'instructions:u', '-p', String(pid)])
  let told = ''
  perf.stderr.on('data', text => (told += text))
  const ended = new Promise(resolve => perf.once('exit', resolve))
  return {
    async end() {
      perf.kill('SIGINT')
      await ended
      const count = Number(told.split(',')[0])
      if (!(count > 0)) throw new Error(`perf counted nothing: ${told}`)
      return count
    },
  }
}

/** Microseconds that all threads of a process have computed. */
async function cpuOf(pid: number): Promise<number> {
  if (process.platform !== 'linux') return Number.NaN
  const threads = await readdir(`/proc/${pid}/task`)
  const spent = threads.map(async thread =>
    Number((await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')).split(' ')[0]),
  )
  return (await Promise.all(spent)).reduce((sum, one) => sum + one, 0) / 1000
}

function shown({ cost, rate, micros }: Share): string {
  return `${cost.toFixed(3)} by cost (${micros.toFixed(0)} µs), ${rate.toFixed(3)} by rate`
}

function medianOf(shares: readonly Share[], key: keyof Share): number {
  return median(shares.map(share => share[key]))
}

/** Resolves when nothing of the folder is missing in the database any more. */
async function caughtUp(): Promise<void> {
  const folder = join(base, 'with/records')
  for (let tries = 0; ; tries++) {
    const files = (await readdir(folder)).filter(file => file.includes('.jsonl'))
    const missing = (await linesIn(folder)).length - (await linesCopied(settings).catch(() => [])).length
    if (missing <= 0 && files.length > 0) return
    if (tries > 300) throw new Error(`${missing} records were not copied`)
    await sleep(1000)
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return (sorted[(values.length - 1) >> 1]! + sorted[values.length >> 1]!) / 2
}
