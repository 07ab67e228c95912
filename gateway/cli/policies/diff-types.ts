import type { Ends } from '../../contracts.ts'
import { rankOf } from '../../forms.ts'
import type { FormRule, Plan, Presentable, TypeRule } from '../../policy/plan.ts'
import type { DataType, Policy } from '../../policy/policy.ts'
import type { Add } from './wider.ts'

/** An audience that has presented something. */
export type Seen = { readonly audience: string; readonly presented: ReadonlySet<Presentable> }

/** How much is seen of a value: 0 is clear; forms in their order; what detectors read lies between clear and the rest. */
export type Sight = { readonly rank: number; readonly label: string }

export function sightOf(rule: TypeRule): Sight {
  if (rule.kind === 'not_personal') return { rank: 0, label: 'clear' }
  if (rule.kind === 'free_text') return read
  const { form } = rule.forms[0]!
  return { rank: rankOf[form], label: form }
}

const read: Sight = { rank: 0.5, label: 'read' }
/** As what is read, and only once people have said so. */
const held: Sight = { rank: 0.75, label: 'hold' }

export function sightOfUnlisted(unlisted: Plan['unlisted']): Sight {
  if (unlisted === 'remove') return { rank: rankOf.remove, label: 'remove' }
  if (unlisted === 'hold') return held
  return unlisted === 'scan' ? read : { rank: 0, label: 'keep' }
}

/** As fields and records name a type: `cn_mobile@A3`, a bare cell, or one of the two that are built in. */
export function typeLabel(rule: TypeRule): string {
  return rule.kind !== 'typed' ? rule.name : rule.name === 'cell' ? rule.cell : `${rule.name}@${rule.cell}`
}

/** Types as they are in rows that no rule says anything of, that rules raise by so many levels, or that are the operator's own. */
export type Lens = 'plain' | 'raised 1' | 'raised 2' | 'raised 3' | 'own'

const raises = ['raised 1', 'raised 2', 'raised 3'] as const

export function lensesOf({ types, raised = [], own }: Plan): ReadonlyMap<Lens, readonly TypeRule[]> {
  const lenses = new Map<Lens, readonly TypeRule[]>([['plain', types]])
  for (const [at, one] of raised.entries()) lenses.set(raises[at]!, one)
  if (own !== undefined) lenses.set('own', own)
  return lenses
}

/** What the types themselves show more of, wherever they occur; and what no detector finds any more. */
export function compareTypes(seen: Seen, before: Policy, next: Policy, add: Add): void {
  const [old, now] = [before, next].map(policy => allLensesOf(policy, seen)) as [Lenses, Lenses]
  const told = new Set<string>()
  for (const [lens, types] of old) {
    const others = now.get(lens)
    // rows that only one of the two tells apart are told of with its rules
    if (others === undefined) continue
    const tell: Add = given => {
      if (lens !== 'plain' && told.has(given.subject)) return
      told.add(given.subject)
      const field = [given.field, lens === 'plain' ? null : lens].filter(one => one != null).join(' ')
      add({ ...given, field: field === '' ? null : field, audience: seen.audience, with: [...seen.presented] })
    }
    compareEach({ policy: before, types }, { policy: next, types: others }, tell)
  }
}

type Lenses = Map<Lens, readonly TypeRule[]>
type Typed = { readonly policy: Policy; readonly types: readonly TypeRule[] }

function compareEach(before: Typed, next: Typed, add: Add): void {
  const known = new Map(next.types.map(rule => [keyOf(rule), rule]))
  for (const was of before.types) {
    const rule = known.get(keyOf(was))
    // a type that is gone binds nothing: its names and its detector are looked at by themselves
    if (rule === undefined || was.kind !== 'typed') continue
    const [old, now] = [before.policy.catalogue.get(was.name), next.policy.catalogue.get(rule.name)]
    const change = compareChains(was, rule, old, now)
    if (change !== null) add({ subject: typeLabel(was), ...change })
  }
  const found = detected(next.policy, next.types)
  for (const [id, was] of detected(before.policy, before.types)) {
    const rule = found.get(id)
    const from = sightOf(was)
    const to = rule === undefined ? { rank: -1, label: 'not found' } : sightOf(rule)
    if (to.rank < from.rank && keyOf(was) !== (rule && keyOf(rule)))
      add({ subject: typeLabel(was), field: 'detected', from: from.label, to: to.label })
  }
}

/** All types for an audience; every route of a policy has the same, but not each tells all rows apart. */
function allLensesOf(policy: Policy, { audience, presented }: Seen): Lenses {
  const lenses: Lenses = new Map()
  for (const system of policy.systems.values())
    for (const route of system.routes)
      for (const [lens, types] of lensesOf(policy.plan(system, route, audience, presented))) lenses.set(lens, types)
  return lenses
}

/** By plugin and options of each detector, the type of what it finds. */
function detected({ detectors, catalogue }: Policy, types: readonly TypeRule[]): Map<string, TypeRule> {
  const found = new Map<string, TypeRule>()
  for (const { type } of detectors) {
    const rule = types[type]
    const id = rule === undefined ? undefined : catalogue.get(rule.name)?.detector?.id
    if (id !== undefined) found.set(id, rule!)
  }
  return found
}

/** By what a type is the same one in two policies, whatever cell it has. */
export function keyOf({ name, cell }: TypeRule): string {
  return name === 'cell' ? cell : name
}

/** Form by form: the first, then what follows where it hides too little. null: nowhere more is shown. */
function compareChains(
  was: TypeRule,
  rule: TypeRule,
  old: DataType | undefined,
  now: DataType | undefined,
): { from: string; to: string } | null {
  for (const [at, { form: to, mask }] of rule.forms.entries()) {
    const before: FormRule = was.forms[at] ?? was.forms.at(-1)!
    const from = before.form
    if (rankOf[to] > rankOf[from]) return null
    if (rankOf[to] < rankOf[from]) return { from, to }
    const [left, right] = [old?.masksWritten.get(from), now?.masksWritten.get(to)]
    if (left !== right && !hidesAsMuch(before.mask?.ends, mask?.ends, right))
      return { from, to: `${to} by another mask` }
  }
  return null
}

/** Whether it is certain that a mask shows nothing that another did not. */
function hidesAsMuch(old: Ends | undefined, now: Ends | undefined, written: string | undefined): boolean {
  if (written?.startsWith('{"fixed":') === true) return true
  if (old === undefined || now === undefined) return false
  return now.head <= old.head && now.tail <= old.tail && now.until === old.until
}
