/**
 * What one policy shows that another does not: over all audiences, what they present, routes and fields. What cannot be
 * shown to be as strict counts as more visible: the answer may say too much, and must never say too little.
 */
import type { Policy, RoutePolicy } from '../../policy/policy.ts'
import { compareFields, inside, type Side } from './diff-fields.ts'
import { samplePaths } from './diff-paths.ts'
import { compareSettings } from './diff-settings.ts'
import { compareTypes, type Seen } from './diff-types.ts'
import type { Add, Wider } from './wider.ts'

/** Everything that is more visible under `next` than under `before`, each once. Empty: it is as strict or stricter. */
export function widerThan(before: Policy, next: Policy): readonly Wider[] {
  const found = new Map<string, Wider>()
  const add: Add = given => {
    const wider: Wider = { audience: null, with: [], system: null, route: null, field: null, ...given }
    found.set(JSON.stringify(wider), wider)
  }
  const seen = seenBy(before, next)
  for (const audience of next.audiences.keys()) {
    if (!before.audiences.has(audience)) add({ audience, subject: 'audience', from: 'none', to: 'new' })
  }
  for (const one of seen) compareTypes(one, before, next, add)
  for (const system of next.systems.values()) {
    const old = before.systems.get(system.name)
    if (old === undefined) add({ system: system.name, subject: 'system', from: 'none', to: 'new' })
    else compareSystems({ policy: before, system: old }, { policy: next, system }, seen, add)
  }
  return withoutImplied([...found.values()])
}

/** What is seen with less presented is seen with more, and what shows of a field shows of all that is inside it. */
function withoutImplied(all: readonly Wider[]): Wider[] {
  const same = new Map<string, Wider[]>()
  const told = new Set(all.map(one => JSON.stringify(one)))
  const ofWhole = (one: Wider) => JSON.stringify({ ...one, field: one.field!.slice(0, -inside.length) })
  for (const one of all) {
    if (one.field?.endsWith(inside) && told.has(ofWhole(one))) continue
    const key = JSON.stringify({ ...one, with: null })
    same.set(key, [...(same.get(key) ?? []), one])
  }
  return [...same.values()].flatMap(group =>
    group.filter(
      one =>
        !group.some(less => less.with.length < one.with.length && less.with.every(word => one.with.includes(word))),
    ),
  )
}

/**
 * By audience, each combination of levels that are shown clear before and after, with the least that has to be presented
 * for it.
 */
function seenBy(before: Policy, next: Policy): Seen[] {
  return [...next.audiences.values()].flatMap(({ name, clearWith }) => {
    const old = before.audiences.get(name)
    if (old === undefined) return []
    const demanded = [...new Set([...old.clearWith.values(), ...clearWith.values()].flatMap(set => [...set]))]
    const combinations = new Map<string, Seen>()
    for (let bits = 0; bits < 2 ** demanded.length; bits++) {
      const presented = new Set(demanded.filter((_, at) => (bits >> at) % 2 === 1))
      const levels = [before, next].map(policy => [...policy.revealed(name, presented)].sort().join())
      const known = combinations.get(levels.join('/'))
      if (known === undefined || presented.size < known.presented.size)
        combinations.set(levels.join('/'), { audience: name, presented })
    }
    return [...combinations.values()]
  })
}

type Half = Omit<Side, 'route'>

function compareSystems(before: Half, next: Half, seen: readonly Seen[], add: Add): void {
  const [old, system] = [before.system, next.system]
  const pairs = new Set<string>()
  const ids = new Map<RoutePolicy, number>()
  const idOf = (route: RoutePolicy) => ids.get(route) ?? ids.set(route, ids.size).get(route)!
  const methods = new Set(
    [...old.routes, ...system.routes, ...old.assets, ...system.assets].flatMap(one => one.methods),
  )
  for (const path of samplePaths(old, system)) {
    for (const method of methods) {
      const after = system.match(method, path)
      if (!('route' in after)) continue
      const was = old.match(method, path)
      const route = `${method} ${after.route.template.text}`
      if (!('route' in was)) {
        add({ system: system.name, route, subject: 'route', from: 'none', to: 'new' })
        continue
      }
      const pair = `${idOf(was.route)}/${idOf(after.route)}`
      if (pairs.has(pair)) continue
      pairs.add(pair)
      const tell: Add = given => add({ system: system.name, route, ...given })
      const [left, right] = [
        { ...before, route: was.route },
        { ...next, route: after.route },
      ]
      compareSettings(left, right, seen, tell)
      compareFields(left, right, seen, tell)
    }
  }
  if (system.legacyPaths && !old.legacyPaths)
    add({ system: system.name, subject: 'legacy_paths', from: 'false', to: 'true' })
}
