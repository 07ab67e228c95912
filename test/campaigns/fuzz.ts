/**
 * Looks for ways past masking by chance: documents of every format in many spellings, the same damaged, and damaged HTTP.
 * `npm run fuzz -- --minutes 5 --seed 7`. Ends with 1 where it found something; each finding is a file in
 * test/bypass/findings, which `npm test` reads from then on.
 */
import { parseArgs } from 'node:util'
import { findSentinel } from '../support/sentinels.ts'
import { type Case, gzipped, type Sent, send, standsIn } from './fuzz/bodies.ts'
import { makers } from './fuzz/documents.ts'
import { keep, minimise } from './fuzz/findings.ts'
import { startFraming } from './fuzz/framing.ts'
import { mutate } from './fuzz/mutate.ts'
import { Random } from './fuzz/random.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
const minutes = Number(values.minutes ?? 5)
const seed = Number(values.seed ?? Date.now() % 1_000_000_000)
if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new RangeError('--minutes and --seed are numbers')

/** Enough to look at for one run. */
const mostFindings = 20
const random = new Random(seed)
const counts = { whole: 0, damaged: 0, framing: 0, withheld: 0 }
const findings = new Map<string, string>()

async function outcome(one: Case, cuts: readonly number[] = []): Promise<Sent | string> {
  try {
    return await send(one, cuts)
  } catch (fault) {
    const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : (fault as Error)
    return `a fault of ours: ${cause.name} ${cause.stack?.split('\n')[1]?.trim() ?? ''}`
  }
}

/** What is wrong with a case; null: nothing. In a whole document each sentinel has to be hidden, and it has to be read. */
async function wrong(one: Case, isWhole: boolean, cuts: readonly number[]): Promise<string | null> {
  const sent = await outcome(one)
  if (typeof sent === 'string') return sent
  if (sent.code !== null) counts.withheld++
  const found = isWhole ? findSentinel(sent.bytes) : standsIn(sent.bytes)
  if (found !== null) return `gives away ${found.split(':')[0]}`
  if (isWhole && sent.code !== null) return `withheld: ${sent.code}`
  const parted = await outcome(one, cuts)
  if (typeof parted === 'string') return parted
  if (parted.code === null && sent.code === null && !parted.bytes.equals(sent.bytes)) return 'reads otherwise in pieces'
  // which fault is met first may differ
  if ((parted.code === null) === (sent.code === null)) return null
  return `${sent.code ?? 'passes'}, but in pieces ${parted.code ?? 'passes'}`
}

async function report(why: string, one: Case, isWhole: boolean, cuts: readonly number[]): Promise<void> {
  const kind = why.replace(/\d+/g, '0').slice(0, 80) + one.headers['content-type']
  if (findings.has(kind)) return
  const same = async (other: Case) =>
    (
      await wrong(
        other,
        isWhole,
        cuts.filter(at => at < other.bytes.length),
      )
    )?.slice(0, 30) === why.slice(0, 30)
  // whole documents are no longer whole with pieces taken out
  const smallest = isWhole ? one : await minimise(one, same)
  const name = await keep(why, smallest)
  findings.set(kind, name)
  process.stdout.write(`${name}: ${why} (${one.headers['content-type']})\n`)
}

process.stdout.write(`seed ${seed}, ${minutes} minutes\n`)
const framing = await startFraming()
const until = Date.now() + minutes * 60_000
while (Date.now() < until && findings.size < mostFindings) {
  for (let turn = 0; turn < 200 && Date.now() < until; turn++) {
    const made = random.of(makers)(random)
    const isWhole = random.once(2)
    const other = random.of(makers)(random)
    const type = isWhole || !random.once(8) ? made.type : other.type
    const bytes = isWhole ? made.bytes : mutate(random, made.bytes, other.bytes)
    const plain: Case = { headers: { 'content-type': type }, bytes }
    const one = random.once(8) ? gzipped(plain) : plain
    const cuts = Array.from({ length: random.below(4) }, () => random.below(one.bytes.length + 1)).sort((a, b) => a - b)
    counts[isWhole ? 'whole' : 'damaged']++
    const why = await wrong(one, isWhole, cuts)
    if (why !== null) await report(why, one, isWhole, cuts)
  }
  for (let turn = 0; turn < 5 && Date.now() < until; turn++) {
    counts.framing++
    const found = await framing.turn(random)
    if (found !== null) await report(found.why, { headers: { 'content-type': 'http' }, bytes: found.bytes }, true, [])
  }
}
await framing.close()
process.stdout.write(`${JSON.stringify(counts)}, ${findings.size} findings, seed ${seed}\n`)
process.exitCode = findings.size === 0 ? 0 : 1
