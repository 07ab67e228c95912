/**
 * How long it takes to trace 5,000 people, known by three values each, over the keys of 36 months:
 * `node bench/query/trace.ts [--records N] [--people N]`. A university of 50,000; what is looked for is made as `records trace` does.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type MonthKeys, peopleUnder } from '../../gateway/cli/records/trace-keys.ts'
import { indexUnder } from '../../gateway/records/blind-index/blind-index.ts'
import { IndexedSource } from '../../gateway/records/index/indexed-source.ts'
import { bringUpToDate } from '../../gateway/records/index/indexing.ts'
import { Tracing } from '../../gateway/records/tracing.ts'
import { accesses, type University } from './staff.ts'
import { logWriter } from './write-log.ts'

const { values } = parseArgs({ options: { records: { type: 'string' }, people: { type: 'string' } } })
const begins = Date.parse('2026-01-01T00:00:00Z')
const days = 1095
const university: University = {
  ...{ people: 50_000, staff: 400, departments: 250, days },
  records: Number(values.records ?? 1_000_000),
}
const leaked = Number(values.people ?? 5000)
const types = ['cn_resident_id', 'cn_mobile', 'student_number']
const value = (person: number, nth: number): string => `${nth}-${String(person).padStart(8, '0')}`

const months = new Map<string, { key: Buffer; index: ReturnType<typeof indexUnder> }>()
function monthOf(name: string) {
  let month = months.get(name)
  if (month === undefined) {
    const key = createHash('sha256').update(`key of ${name}`).digest()
    month = { key, index: indexUnder(key) }
    months.set(name, month)
  }
  return month
}

const said = (what: string, since: number): void => {
  const { user, system } = process.cpuUsage()
  const cpu = ((user + system) / 1e6).toFixed(1)
  console.log(`${what}: ${((performance.now() - since) / 1000).toFixed(1)} s, ${cpu} s of CPU by then`)
}

const directory = mkdtempSync(join(tmpdir(), 'veilgate-trace-'))
try {
  let began = performance.now()
  const blind = (person: number, time: number, nth: number): string =>
    monthOf(new Date(time).toISOString().slice(0, 7)).index(types[nth]!, value(person, nth))
  const writer = logWriter(directory, 'gw1-0', blind, true)
  for (const access of accesses(university, 1, begins)) writer.write(access)
  said(`${writer.end().records} records of ${months.size} months written`, began)
  began = performance.now()
  await bringUpToDate(directory)
  said('indexed', began)
  began = performance.now()
  const list = Array.from({ length: leaked }, (_, nth) => types.map((type, at) => ({ type, value: value(nth, at) })))
  const keys: MonthKeys = { opened: new Map([...months].map(([name, { key }]) => [name, [key]])), closed: [] }
  const { personOf, wanted } = peopleUnder(list, keys, [...months.keys()])
  said(`${personOf.size} blind indexes of ${list.length} people`, began)
  began = performance.now()
  const source = new IndexedSource(directory)
  const tracing = new Tracing(personOf)
  let hits = 0
  for await (const sighting of source.sightings(wanted, { from: null, until: null })) {
    tracing.add(sighting)
    hits++
  }
  said(`${hits} hits found, and read from the log`, began)
  began = performance.now()
  const { known, accessors } = tracing.result(await source.reach([...months.keys()]))
  source.close()
  said(`${known} people known, ${accessors.length} accessors ranked`, began)
} finally {
  rmSync(directory, { recursive: true })
}
