import { latinEnds, mayEndInLatin } from './latin-ends.ts'
import { normalizeName } from './names.ts'
import { mayEndInName, namesAtEnd } from './names-at-end.ts'
import { lastName } from './paths.ts'
import type { Binding, Plan, TypeRule } from './plan.ts'
import type { RoutePolicy } from './policy.ts'

/**
 * The type that a query parameter's name has by the fields of the route, or null where it names none. Of dotted and
 * bracketed names (`filter[student.tel]`) every part counts. Where fields of one name have several types, the highest
 * level decides: a question about any of them is a question about that one.
 */
export function parameterTypes(plan: Plan, name: string): TypeRule | null {
  const parts = new Set([name, ...name.split(/[.[\]/:,\s]+/)])
  let strongest: TypeRule | null = null
  for (const part of parts) {
    for (const type of typesNamed(plan, part)) {
      if (type.kind === 'typed' && (strongest === null || type.level > strongest.level)) strongest = type
    }
  }
  return strongest
}

/** What is bound to a name, or else to what it says at its end, as fields of answers are known by. */
function typesNamed(plan: Plan, name: string, isMember = false): readonly TypeRule[] {
  const whole = normalizeName(name)
  if (whole === '') return []
  for (const one of [whole, ...endsOf(name)]) {
    const types = typesOf(plan, one, isMember)
    if (types.length > 0) return types
  }
  return []
}

/**
 * Whether a policy says anything by a name, or by what it says at its end: of a value under it, of what is inside, or of the row. Under another
 * name a value would be another thing to it. `isObject`: an object stands there, or a list of some, of which no weak name says anything.
 */
export function knowsName(plan: Plan, name: string, isObject: boolean): boolean {
  const whole = normalizeName(name)
  const known = namesKnownTo(plan.bindings)[isObject ? 'ofObjects' : 'all']
  const decides = plan.rowRules?.some(({ members, own }) => own === whole || members.some(one => one.name === whole))
  return decides === true || known.has(whole) || endsOf(name).some(end => known.has(end))
}

type KnownNames = { readonly all: ReadonlySet<string>; readonly ofObjects: ReadonlySet<string> }

const namesKnown = new WeakMap<Plan['bindings'], KnownNames>()

function namesKnownTo(bindings: Plan['bindings']): KnownNames {
  const made = namesKnown.get(bindings)
  if (made !== undefined) return made
  const ofObjects = bindings.filter(({ weak, path }) => !weak || path.steps.length > 1)
  const known = { all: namesIn(bindings), ofObjects: namesIn(ofObjects) }
  namesKnown.set(bindings, known)
  return known
}

function namesIn(bindings: Plan['bindings']): ReadonlySet<string> {
  return new Set(bindings.flatMap(({ path }) => path.steps.flatMap(step => ('name' in step ? [step.name] : []))))
}

function endsOf(name: string): readonly string[] {
  return mayEndInName(name) ? namesAtEnd(name) : mayEndInLatin(name) ? latinEnds(name) : []
}

/**
 * Whether a value is masked as any part of its name says, also where all of the name is the name of one member: `reader.tel`, `tel-no`. A path
 * in the policy leads to no such member.
 */
export function staysMasked(plan: Plan, name: string): boolean {
  const parts = name.split(/[.-]/)
  if (parts.length === 1) return true
  const said = parts.map(part => maskedLevel(typesNamed(plan, part)))
  const whole = typesNamed(plan, name, true)
  return maskedLevel(whole) >= Math.max(...said)
}

/** The highest level of those that the audience does not see clear; 0: it sees all of them. */
function maskedLevel(types: readonly TypeRule[]): number {
  return Math.max(0, ...types.filter(({ forms }) => forms[0]!.form !== 'clear').map(({ level }) => level))
}

/** The types that a weak name could be of: its value has to be one of theirs. */
export function weakTypes(plan: Plan, name: string): readonly TypeRule[] {
  return endingIn(plan.bindings, normalizeName(name)).weak.map(({ type }) => plan.types[type]!)
}

type Endings = { readonly strong: readonly Binding[]; readonly weak: readonly Binding[] }

/** By route: bindings by the normalised name their path ends in. A weak name says nothing of a value that is not read. */
const endings = new WeakMap<Plan['bindings'], ReadonlyMap<string, Endings>>()
const none: Endings = { strong: [], weak: [] }

function endingIn(bindings: Plan['bindings'], name: string): Endings {
  let byName = endings.get(bindings)
  if (byName === undefined) {
    const all = [...Map.groupBy(bindings, ({ path }) => lastName(path) ?? '')]
    const parted = ([name, those]: (typeof all)[number]): [string, Endings] => [
      name,
      { strong: those.filter(({ weak }) => !weak), weak: those.filter(({ weak }) => weak) },
    ]
    byName = new Map(all.map(parted))
    endings.set(bindings, byName)
  }
  return byName.get(name) ?? none
}

/**
 * The types of one field name; a bare name that a nearer step binds takes the place of the same name further off. `isMember`: wherever it
 * stands, so that paths say nothing of it.
 */
function typesOf(plan: Plan, name: string, isMember: boolean): TypeRule[] {
  const known = endingIn(plan.bindings, name).strong
  const named = isMember ? known.filter(({ path }) => !path.rooted && path.steps.length === 1) : known
  const bare = named.filter(({ path }) => !path.rooted && path.steps.length === 1)
  const nearest = Math.min(...bare.map(({ step }) => step))
  return named
    .filter(binding => !bare.includes(binding) || binding.step === nearest)
    .map(({ type }) => plan.types[type]!)
}

/**
 * Whether a parameter may be asked: declared where the route declares its parameters, and neither declared as nor named
 * like a field that this audience does not see clear.
 */
export function refuseParameter(
  plan: Plan,
  route: RoutePolicy,
  name: string,
): 'PARAMETER_UNDECLARED' | 'PARAMETER_MASKED' | null {
  const declared = route.query?.get(name)
  if (route.query !== null && declared === undefined) return 'PARAMETER_UNDECLARED'
  const types = [parameterTypes(plan, name), typeof declared === 'number' ? plan.types[declared]! : null]
  return types.some(type => type !== null && type.kind === 'typed' && type.forms[0]!.form !== 'clear')
    ? 'PARAMETER_MASKED'
    : null
}
