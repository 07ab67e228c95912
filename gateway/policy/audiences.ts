import type { Bilingual, Cell, Form, Level } from '../contracts.ts'
import { formOrder, rankOf } from '../forms.ts'
import type { Fault } from './fault.ts'
import type { Presentable } from './plan.ts'
import type { Audience } from './policy.ts'
import { nearest } from './spelling.ts'
import type { YamlDocument } from './yaml.ts'

export const levels = [4, 3, 2, 1] as const satisfies readonly Level[]

/** One entry under `audiences`, as the schema has it. */
type Entry = { readonly title?: Bilingual; readonly like?: string } & {
  readonly clear_with?: Readonly<Partial<Record<Level, readonly Presentable[]>>>
} & Readonly<Partial<Record<Level, Form>>>

export type Audiences = {
  readonly audiences: ReadonlyMap<string, Audience>
  readonly always: ReadonlyMap<Cell, Form>
}

/** Resolves `like` and checks that every audience has a form for every level. The document must have the schema's shape. */
export function compileAudiences(document: YamlDocument): Audiences & { faults: Fault[] } {
  const faults: Fault[] = []
  const value = document.value as { audiences: Readonly<Record<string, Entry>>; always?: Readonly<Record<Cell, Form>> }
  const entries = new Map(Object.entries(value.audiences))
  const audiences = new Map<string, Audience>()
  for (const name of entries.keys()) {
    const lineage = lineageOf(document, name, entries, faults)
    if (lineage === null) continue
    const audience = inherit(name, lineage)
    audiences.set(name, audience)
    checkForms(document, audience, faults)
    checkDemands(document, audience, entries.get(name)!, faults)
  }
  return { audiences, always: new Map(Object.entries(value.always ?? {}) as [Cell, Form][]), faults }
}

/** The entry, the one it is like, and so on; null where that leads nowhere. */
function lineageOf(
  document: YamlDocument,
  name: string,
  entries: ReadonlyMap<string, Entry>,
  faults: Fault[],
): readonly Entry[] | null {
  const lineage: Entry[] = []
  const seen = new Set<string>()
  let here = name
  for (;;) {
    const entry = entries.get(here)
    const blame = ['audiences', [...seen].at(-1) ?? name, 'like']
    if (entry === undefined) {
      const message = { zh: `没有名为“${here}”的受众`, en: `there is no audience '${here}'` }
      if (seen.size === 1)
        faults.push(
          document.fault(blame, 'POLICY_UNKNOWN_AUDIENCE', message, { hint: likeHint(here, name, entries.keys()) }),
        )
      return null
    }
    if (seen.has(here)) {
      // Told where the circle was met first, not once for each of its members.
      if ([...entries.keys()].find(one => seen.has(one)) !== name) return null
      const message = {
        zh: `like 形成循环：${[...seen, here].join(' → ')}`,
        en: `\`like\` goes in a circle: ${[...seen, here].join(' → ')}`,
      }
      faults.push(document.fault(['audiences', name, 'like'], 'POLICY_LIKE_CIRCLE', message))
      return null
    }
    seen.add(here)
    lineage.push(entry)
    if (entry.like === undefined) return lineage
    here = entry.like
  }
}

/** Who writes two lines of their own forgets that the audiences they know are not there any more. */
function likeHint(written: string, own: string, known: Iterable<string>): Bilingual {
  const meant = nearest(
    written,
    [...known].filter(one => one !== own),
  )
  if (meant !== null) return { zh: `您是否想写“${meant}”？`, en: `did you mean '${meant}'?` }
  return {
    zh: '本文件取代随附的 audiences.yaml：要沿用的受众也须写在此文件中',
    en: 'this file takes the place of the shipped audiences.yaml: an audience to be like has to stand in it too',
  }
}

function inherit(name: string, lineage: readonly Entry[]): Audience {
  const forms = new Map<Level, Form>()
  const clearWith = new Map<Level, ReadonlySet<Presentable>>()
  for (const entry of lineage) {
    for (const level of levels) {
      const form = entry[level]
      const demanded = entry.clear_with?.[level]
      if (form !== undefined && !forms.has(level)) forms.set(level, form)
      if (demanded !== undefined && !clearWith.has(level)) clearWith.set(level, new Set(demanded))
    }
  }
  return { name, title: lineage[0]!.title ?? null, forms, clearWith }
}

/** What is seen clear anyway is not asked for: who wrote that may have meant to ask for it. */
function checkDemands(document: YamlDocument, audience: Audience, entry: Entry, faults: Fault[]): void {
  for (const level of levels) {
    if (entry.clear_with?.[level] === undefined || audience.forms.get(level) !== 'clear') continue
    const message = {
      zh: `第 ${level} 级本来就是明文（clear）：此处所要求的不会被要求`,
      en: `level ${level} is clear without it: what is listed here is asked of nobody`,
    }
    const hint = {
      zh: `若要先说明才给看，请把第 ${level} 级写成更严的形式，如 partial`,
      en: `to have it asked for, give level ${level} a stricter form, as partial`,
    }
    const options = { at: 'key', hint, severity: 'warning' } as const
    faults.push(
      document.fault(['audiences', audience.name, 'clear_with', `${level}`], 'POLICY_CLEAR_ALREADY', message, options),
    )
  }
}

function checkForms(document: YamlDocument, audience: Audience, faults: Fault[]): void {
  const path = ['audiences', audience.name]
  const missing = levels.filter(level => !audience.forms.has(level))
  if (missing.length > 0) {
    const message = {
      zh: `受众“${audience.name}”没有说明第 ${missing.join('、')} 级显示什么`,
      en: `the audience '${audience.name}' does not say what it sees of level ${missing.join(', ')}`,
    }
    const hint = {
      zh: `写出形式（${formOrder.join('、')}）或 like`,
      en: `write a form (${formOrder.join(', ')}) or \`like\``,
    }
    faults.push(document.fault(path, 'POLICY_LEVEL_MISSING', message, { at: 'key', hint }))
  }
  for (const level of [4, 3, 2] as const) {
    const high = audience.forms.get(level)
    const low = audience.forms.get((level - 1) as Level)
    if (high === undefined || low === undefined || rankOf[high] >= rankOf[low]) continue
    const message = {
      zh: `第 ${level} 级（${high}）比第 ${level - 1} 级（${low}）显示得更多`,
      en: `more is shown of level ${level} (${high}) than of level ${level - 1} (${low})`,
    }
    faults.push(document.fault(path, 'POLICY_LEVELS_TURNED', message, { at: 'key', severity: 'warning' }))
  }
}
