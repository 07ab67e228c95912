/** Whom a consumer or operator was shown: the blind indexes, as a drill or a breach asks for them. It takes no key. */
import type { Bilingual } from '../../contracts.ts'
import type { Entry } from '../../records/files/read.ts'
import { IndexFault } from '../../records/index/database.ts'
import { peopleIn, wasShown } from '../../records/query/people.ts'
import type { RecordSource } from '../../records/query/source.ts'
import { localTime } from '../../records/query/when.ts'
import { readingDraft } from '../../records/reading.ts'
import { exit, type Io, say, UsageError } from '../command.ts'
import type { Asked } from './asking.ts'
import { filterOptions, filtersOf, namedFilters } from './filters.ts'

export const affectedOptions = filterOptions
type Values = { readonly [Key in keyof typeof filterOptions]?: string[] | string } & {
  readonly json?: boolean
}

type Person = { records: number; first: string; last: string; readonly forms: Set<string> }

/** What is asked, before anything is read. Throws UsageError where nobody in particular is. */
export function affectedBy(values: Values, timezone: string, io: Io): (asked: Asked) => Promise<number> {
  const isOfSomebody = [values.consumer, values.operator, values.system, values.route].some(one => one !== undefined)
  if (!isOfSomebody) throw new UsageError(words.whom)
  const filters = filtersOf(values, timezone, [])
  const named = ['affected', ...namedFilters(values)]
  return async ({ source, reading }) => {
    const people = new Map<string, Person>()
    for await (const { entry } of source.select(filters)) {
      if (!wasShown(entry)) continue
      for (const { index, mostVisible } of [...(await peopleBefore(source, entry)), ...peopleIn(entry)])
        add(people, index, mostVisible, entry.time)
    }
    await reading.append(readingDraft('trace', named, people.size))
    if (people.size > 0 || values.json === true) io.stdout(listOf(people, values.json === true, timezone))
    io.stderr(`${say(words.count(people.size), io.lang)}\n`)
    return exit.well
  }
}

function add(people: Map<string, Person>, index: string, form: string, time: string): void {
  const known = people.get(index)
  if (known === undefined) {
    people.set(index, { records: 1, first: time, last: time, forms: new Set([form]) })
    return
  }
  known.records++
  known.forms.add(form)
  if (time < known.first) known.first = time
  if (time > known.last) known.last = time
}

/** More people than an entry holds are in `subjects` entries, which say of nobody by whom they were asked for. */
async function peopleBefore(source: RecordSource, entry: Entry): Promise<ReturnType<typeof peopleIn>> {
  const lines = entry.kind === 'subjects' ? null : (entry['subjects'] as { lines?: unknown } | null)?.lines
  if (!Array.isArray(lines)) return []
  const [first = 0, last = -1] = lines.map(Number)
  const people: ReturnType<typeof peopleIn> = []
  for (let seq = first; seq <= last; seq++) {
    const found = await source.get(entry.log, seq)
    if (found?.entry.kind !== 'subjects') throw new IndexFault('a record is not where it was')
    people.push(...peopleIn(found.entry))
  }
  return people
}

function listOf(people: ReadonlyMap<string, Person>, isJson: boolean, timezone: string): string {
  return [...people]
    .map(([index, { records, first, last, forms }]) => {
      const month = first.slice(0, 7)
      if (isJson) return `${JSON.stringify({ index, month, records, first, last, forms: [...forms] })}\n`
      return `${index}  ${localTime(first, timezone)} – ${localTime(last, timezone)}  ${records}  ${[...forms].join(' ')}\n`
    })
    .join('')
}

const words = {
  whom: {
    zh: '请用 --consumer、--operator、--system 或 --route 指明受谁影响。',
    en: 'Say by --consumer, --operator, --system or --route whom it is about.',
  },
  count: (count: number): Bilingual => ({
    zh: `共 ${count} 个盲索引；同一人每月一个。持有密钥者可用 records trace 核对某人是否在内。`,
    en: `${count} blind indexes; a person has another one each month. Who has the keys can find out by records trace whether somebody is among them.`,
  }),
}
