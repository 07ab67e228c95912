/** Which fields an answer has that nothing names: seen by standing between each format's reader and the plan. */
import type { FieldCursor, FormatPlugin, Place, Plugins, Reader, ScalarKind } from '../../contracts.ts'
import { Detection } from '../../masking/detect.ts'
import { UnlistedCursor } from '../../masking/unlisted.ts'
import type { Plan } from '../../policy/plan.ts'
import { type People, peopleIn, type SeenThings, ThingCounts } from './things.ts'

/** What was seen of the values under one name. */
export type SeenField = {
  readonly name: string
  values: number
  /** Values in which detectors found something. */
  found: number
  /** Texts long enough to be sentences. */
  long: number
  /** Values that are one thing from end to end, by the type of it. */
  readonly wholly: Map<string, number>
}

export type FieldWatch = {
  readonly plugins: Plugins
  /**
   * By what values are judged from now on; without it none is seen. What the audience sees clear counts too: a field says what it is
   * for all of them.
   */
  judgeBy(plan: Pick<Plan, 'detectors' | 'types' | 'bindings'>): void
  /** What was seen since the last call. Names that hold personal values themselves are left out. */
  take(): SeenField[]
  /** Of fields that the catalogue takes for people's names, what was seen since the last call. */
  takeThings(): SeenThings[]
  /** Where names were met since the last call, each way to one once. */
  takeMet(): MetPath[]
}

/** Names from the root, each normalised only as it was written; `null` for the elements of an array, or a name that is personal. */
export type MetPath = readonly (string | null)[]

/** More different names than this in one answer are data, not fields. */
const mostNames = 2000
const sentence = 24
/** What is called by more characters is data. */
const longestName = 100

/** More ways than this nobody reads: what stands deeper is at the way it is in. */
const mostPaths = 20_000

/** Formats whose values stand under names. Those of a page are only looked for where the plan knows them. */
const named: ReadonlySet<string> = new Set([
  ...['json', 'ndjson', 'jsonp', 'xml', 'csv', 'xlsx', 'xls', 'form', 'multipart', 'event_stream'],
])

/** Plugins whose formats read the same and give the same, and tell which fields no policy names. */
export function watchFields(plugins: Plugins): FieldWatch {
  let seen = new Map<string, SeenField>()
  let judge: {
    readonly detection: Detection
    readonly types: Plan['types']
    readonly people: People
  } | null = null
  const things = new ThingCounts()

  const note: Note = (name, text, kind) => {
    if (judge === null || kind === 'null' || kind === 'boolean' || text === '') return
    let field = seen.get(name)
    if (field === undefined) {
      if (seen.size >= mostNames) return
      seen.set(name, (field = { name, values: 0, found: 0, long: 0, wholly: new Map() }))
    }
    field.values++
    if (text.length >= sentence && /[\s\p{P}]/u.test(text)) field.long++
    const [span, ...more] = judge.detection.find(text)
    if (span === undefined) return
    field.found++
    if (more.length > 0 || text.slice(span.start, span.end).trim() !== text.trim()) return
    const { name: type } = judge.types[span.type]!
    field.wholly.set(type, (field.wholly.get(type) ?? 0) + 1)
  }

  const noteAt: NoteAt = (path, text) => {
    if (judge !== null) things.note(path, text, judge.people)
  }

  let met = new Map<string, MetPath>()
  const meet = (path: MetPath) => {
    if (met.size < mostPaths) met.set(JSON.stringify(path), path)
  }

  const formats = plugins.formats.map((format): FormatPlugin => {
    const isNamed = named.has(format.name)
    if (!isNamed && format.name !== 'html') return format
    // one that reads scalars on its own would offer none of them
    const plain = format.name === 'json' || format.name === 'ndjson' ? { reader: 'plain' } : {}
    return {
      ...format,
      create: options => {
        const open = format.create({ ...options, ...plain })
        return (fields, label): Reader =>
          open(watched(fields, { note: isNamed ? note : () => {}, noteAt: isNamed ? noteAt : () => {}, meet }), label)
      },
    }
  })
  return {
    plugins: { ...plugins, formats },
    judgeBy(plan) {
      judge = { detection: new Detection(plan.detectors), types: plan.types, people: peopleIn(plan) }
    },
    take() {
      const taken = [...seen.values()]
      seen = new Map()
      return taken
    },
    takeThings: () => things.take(),
    takeMet() {
      const taken = [...met.values()]
      met = new Map()
      return taken
    },
  }
}

type Note = (name: string, text: string, kind: ScalarKind) => void
type NoteAt = (path: MetPath, text: string) => void
type Notes = { readonly note: Note; readonly noteAt: NoteAt; readonly meet: (path: MetPath) => void }

/** The cursor with places of its own, each of which knows the name it was reached by; it says the same of everything. */
function watched(fields: FieldCursor, { note, noteAt, meet }: Notes): FieldCursor {
  const inner: Place[] = [fields.root]
  const names: string[] = ['']
  const paths: MetPath[] = [[]]
  const known = new Map<string, Place>()
  /** `step`: what leads there from `parent`; left out: it is the same place, of which more is known. */
  const at = (parent: Place, place: Place, name: string, step?: string | null): Place => {
    const isFull = paths.length >= mostPaths
    const key = `${isFull ? '' : parent} ${place} ${step === undefined ? '' : step === null ? '[]' : `=${name}`}`
    let made = known.get(key)
    if (made === undefined) {
      made = inner.push(place) - 1
      names.push(name)
      const path = isFull || step === undefined ? paths[parent]! : [...paths[parent]!, step]
      paths.push(path)
      if (step !== undefined) meet(path)
      known.set(key, made)
    }
    return made
  }
  // a format gives what has no name a word that no field can have
  const offered = (parent: Place, place: Place, name: string) => {
    const isName = !fields.keyIsPersonal && !/\p{Cc}/u.test(name) && name.length <= longestName
    return at(parent, place, isName ? name : '', isName ? name : null)
  }
  const changed: Partial<Record<keyof FieldCursor, unknown>> = {
    root: 0,
    plan: {},
    member: (parent: Place, bytes: Uint8Array, from: number, to: number) =>
      offered(
        parent,
        fields.member(inner[parent]!, bytes, from, to),
        Buffer.from(bytes.subarray(from, to)).toString('utf8'),
      ),
    memberNamed: (parent: Place, name: string) => offered(parent, fields.memberNamed(inner[parent]!, name), name),
    described(parent: Place, labels: readonly string[]) {
      for (const label of labels) if (fields.namesField(label)) meet([...paths[parent]!, label])
      return at(parent, fields.described(inner[parent]!, labels), '')
    },
    element: (parent: Place, index: number) => at(parent, fields.element(inner[parent]!, index), names[parent]!, null),
    repeated: (place: Place, index: number) => at(place, fields.repeated(inner[place]!, index), names[place]!),
    decides: (parent: Place, name: string) => fields.decides(inner[parent]!, name),
    settle: (place: Place, scalars: readonly (readonly [name: string, text: string])[], whole: boolean) =>
      at(place, fields.settle(inner[place]!, scalars, whole), names[place]!),
    looksThrough: (place: Place) => fields.looksThrough(inner[place]!),
    treatment(place: Place) {
      const treatment = fields.treatment(inner[place]!)
      return treatment === 'copy' || treatment === 'read' ? 'mask' : treatment
    },
    standing: (place: Place) => fields.standing(inner[place]!),
    hides: (place: Place) => fields.hides(inner[place]!),
    byteRule: () => null,
    mayMatch: () => true,
    part: (place: Place, mediaType: string | null, head: Uint8Array) => fields.part(inner[place]!, mediaType, head),
    removed: (place: Place) => fields.removed(inner[place]!),
    scalar(place: Place, text: string, kind: ScalarKind) {
      const treatment = fields.treatment(inner[place]!)
      const outcome = fields.scalar(inner[place]!, text, kind)
      const name = names[place]!
      // under `hold` every value is offered as one to be masked
      const unnamed =
        fields instanceof UnlistedCursor
          ? !fields.lists(inner[place]!, text)
          : treatment === 'copy' || treatment === 'read'
      if (unnamed && name !== '') note(name, text, kind)
      else if (!unnamed && kind === 'string') noteAt(paths[place]!, text)
      return outcome
    },
  }
  return new Proxy(fields, {
    get(target, key) {
      if (key in changed) return changed[key as keyof FieldCursor]
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
