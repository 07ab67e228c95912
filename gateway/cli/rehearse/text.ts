/** What a rehearsal found, for people: a table by route and code, then what would settle it. */
import type { Bilingual } from '../../contracts.ts'
import { type ProblemCode, problems } from '../../errors.ts'
import { table } from '../../records/query/table.ts'
import { type Language, say } from '../command.ts'
import { adviceFor, adviceKind, lineFor, templateOf } from './advice.ts'
import type { SeenField } from './fields.ts'
import type { Rehearsed } from './rehearsing.ts'
import { areThings, type SeenThings } from './things.ts'

const words = {
  head: [
    { zh: '路由', en: 'route' },
    { zh: '结果', en: 'outcome' },
    { zh: '次数', en: 'times' },
  ],
  passes: { zh: '放行（按策略脱敏）', en: 'released, masked by the policy' },
  noRoute: { zh: '（无路由）', en: '(no route)' },
  unlisted: (route: string, count: number): Bilingual => ({
    zh: `${route}：${count} 个字段未列出，只由检测器读。确认后写入 fields（… 处填理由）：`,
    en: `${route}: ${count} fields are not listed, and are read by detectors only. Once you are sure, under fields (… is a reason):`,
  }),
  things: (route: string): Bilingual => ({
    zh: `${route}：这里的值按目录当作人名脱敏，看上去却多半是事物的名称（菜单、角色、字典等）。确认没有人名后，写入该路由的 fields（… 处填理由）：`,
    en: `${route}: these values are masked as names of people, by the catalogue, and most look like names of things (menus, roles, dictionaries). Once you are sure that no person is among them, under fields of the route (… is a reason):`,
  }),
  title: (places: string, code: ProblemCode, which: string): Bilingual => ({
    zh: `${places}：${code}（文件中第 ${which} 个请求）。${problems[code].title.zh}。`,
    en: `${places}: ${code} (request ${which} of the file). ${problems[code].title.en}.`,
  }),
  all: (count: number, held: number): Bilingual => ({
    zh: `共 ${count} 个请求，其中 ${held} 个会被扣留或拒绝。`,
    en: `${count} requests, of which ${held} would be withheld or refused.`,
  }),
}

const mostNumbers = 10

/** By code, what the gateway would say of it in its log: what is behind it, and what to do. */
export type SaidOfFaults = Map<string, Bilingual>

/** Values appear nowhere: paths are shown as routes, or as templates of routes. */
export function rehearsalText(done: readonly Rehearsed[], said: SaidOfFaults, lang: Language): string {
  const groups = [...Map.groupBy(done, ({ route, code }) => `${route} ${code}`).values()]
  groups.sort((one, other) => other.length - one.length)
  const rows = groups.map(group => [routeName(group[0]!, lang), outcome(group[0]!.code, lang), String(group.length)])
  const head = words.head.map(word => say(word, lang))
  const held = done.filter(({ code }) => code !== null).length
  const parts = [table(head, rows), `${say(words.all(done.length, held), lang)}\n`]
  for (const group of groups)
    for (const alike of Map.groupBy(group, ({ code, target }) => adviceKind(code, target)).values())
      parts.push(settling(alike, said, lang))
  for (const [route, fields] of unlistedByRoute(done)) parts.push(listing(route, fields, lang))
  for (const [route, things] of thingsByRoute(done)) parts.push(excepting(route, things, lang))
  return parts.filter(part => part !== '').join('\n')
}

function routeName({ route }: Rehearsed, lang: Language): string {
  return route ?? say(words.noRoute, lang)
}

function outcome(code: ProblemCode | null, lang: Language): string {
  return code === null ? say(words.passes, lang) : `${problems[code].status} ${code}`
}

function settling(group: readonly Rehearsed[], said: SaidOfFaults, lang: Language): string {
  const [{ code, route }] = group as [Rehearsed]
  if (code === null) return ''
  const targets = group.map(({ target }) => target)
  const advice = adviceFor(code, targets)
  const places = route ?? [...new Set(targets.map(templateOf))].slice(0, 5).join(' ')
  const title = say(words.title(places, code, numbersOf(group)), lang)
  const cause = said.get(code)
  const space = lang === 'zh' ? '' : ' '
  if (advice === null) return cause === undefined ? `${title}\n` : `${title}${space}${say(cause, lang)}\n`
  return `${title}${space}${say(advice.words, lang)}\n${(advice.yaml ?? []).map(line => `    ${line}\n`).join('')}`
}

/** Which requests of the file, by number: paths may hold values. */
function numbersOf(group: readonly Rehearsed[]): string {
  const shown = group.slice(0, mostNumbers).map(({ nth }) => nth)
  return `${shown.join(', ')}${group.length > mostNumbers ? ' …' : ''}`
}

/** The same field of several answers is one. */
function unlistedByRoute(done: readonly Rehearsed[]): ReadonlyMap<string, readonly SeenField[]> {
  const routes = new Map<string, Map<string, SeenField>>()
  for (const { route, unlisted } of done) {
    if (route === null) continue
    const fields = routes.get(route) ?? new Map<string, SeenField>()
    routes.set(route, fields)
    for (const field of unlisted) {
      const known = fields.get(field.name)
      if (known === undefined) fields.set(field.name, { ...field, wholly: new Map(field.wholly) })
      else merge(known, field)
    }
  }
  return new Map(
    [...routes].map(([route, fields]) => [route, [...fields.values()]] as const).filter(([, f]) => f.length > 0),
  )
}

function merge(into: SeenField, { values, found, long, wholly }: SeenField): void {
  into.values += values
  into.found += found
  into.long += long
  for (const [detector, count] of wholly) into.wholly.set(detector, (into.wholly.get(detector) ?? 0) + count)
}

function listing(route: string, fields: readonly SeenField[], lang: Language): string {
  const lines = fields.map(field => `      ${lineFor(field)}\n`).sort()
  return `${say(words.unlisted(route, fields.length), lang)}\n    fields:\n${lines.join('')}`
}

/** Places of which most values are things; the same place of several answers is one. */
function thingsByRoute(done: readonly Rehearsed[]): ReadonlyMap<string, readonly SeenThings[]> {
  const routes = new Map<string, Map<string, SeenThings>>()
  for (const { route, named } of done) {
    if (route === null) continue
    const places = routes.get(route) ?? new Map<string, SeenThings>()
    routes.set(route, places)
    for (const seen of named) {
      const known = places.get(seen.path) ?? { ...seen, values: 0, things: 0 }
      places.set(seen.path, { ...known, values: known.values + seen.values, things: known.things + seen.things })
    }
  }
  return new Map(
    [...routes]
      .map(([route, places]) => [route, [...places.values()].filter(areThings)] as const)
      .filter(([, places]) => places.length > 0),
  )
}

function excepting(route: string, things: readonly SeenThings[], lang: Language): string {
  const lines = things.map(({ path, things, values }) => {
    const key = /^[\p{L}_/][\p{L}\p{N}_./-]*$/u.test(path) ? path : JSON.stringify(path)
    return `      ${key}: { not_personal: … }   # ${things}/${values}\n`
  })
  return `${say(words.things(route), lang)}\n    fields:\n${lines.sort().join('')}`
}
