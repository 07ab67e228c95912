import type { Span } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import { encodedParts } from '../../masking/encoded.ts'
import { maxNesting } from '../../masking/nested-text.ts'
import { parameterTypes, refuseParameter, weakTypes } from '../../policy/parameters.ts'
import type { Plan, TypeRule } from '../../policy/plan.ts'
import type { RoutePolicy } from '../../policy/policy.ts'
import { checkChosen } from './chosen.ts'
import { gridQuestions } from './grid.ts'
import { MaskedQuestion, type Searched, searchedBy } from './searched.ts'
import { nameLimit, type Parameter, type Target, textsOf } from './target.ts'

/**
 * Whether this audience may ask by these parameters. Who may not see a field could still learn it by asking: whether
 * somebody with this number is there, or who comes first in order of it. So a parameter is refused that is named like a
 * masked field, in whatever spelling frameworks have for that, and so is a value that names one where it sorts,
 * filters or selects, but where the policy says that its parameter chooses fields by their names. Throws PARAMETER_UNDECLARED, PARAMETER_MASKED or CHOICE_REFUSED.
 *
 * Returns what the request asked by.
 */
export function checkParameters(parameters: readonly Parameter[], route: RoutePolicy, plan: Plan): Searched[] {
  const searched: Searched[] = []
  for (const { name } of parameters) {
    const isDeclared = route.query?.get(name) !== undefined
    if (!isDeclared && (overridesMethod.test(name) || route.query !== null)) throw new Refusal('PARAMETER_UNDECLARED')
  }
  for (const { name, value } of gridQuestions(parameters.filter(one => !isChoice(one, route, plan)))) {
    const spellings = spellingsOf(name)
    for (const spelling of spellings) {
      if (refuseParameter(plan, route, spelling) === 'PARAMETER_MASKED')
        throw new MaskedQuestion(named(plan, [spelling, name], value))
    }
    const declared = route.query?.get(name)
    const asks = declared === undefined || asksByValue.test(name)
    const masked = value !== null && asks ? namesIn(name, value).find(found => isMasked(plan, found)) : undefined
    if (masked !== undefined) throw new MaskedQuestion(named(plan, [masked], null))
    const sought = declared === undefined ? typeSought(plan, name, value, spellings) : null
    if (sought !== null) throw new MaskedQuestion([searchedBy(sought, value)!])
    const by = searchedBy(typeof declared === 'number' ? plan.types[declared]! : parameterTypes(plan, name), value)
    if (by !== null) searched.push(by)
  }
  return searched
}

/** Whether a parameter chooses fields by their names. Throws CHOICE_REFUSED where it does more than that. */
function isChoice({ name, value }: Parameter, route: RoutePolicy, plan: Plan): boolean {
  const declared = route.query?.get(name)
  if (declared !== 'names' && declared !== 'nested_names') return false
  checkChosen(name, value, declared === 'nested_names', plan)
  return true
}

/** Parameters by which everything is searched at once, whatever field it stands in. */
const searchesAll =
  /^(?:q|s|wd|kw|term|text|find|lookup|query|(?:full_?|quick_?)?search\w*|key_?words?|关键[字词]|搜索)$/i

/**
 * The type of a value that is asked by under a name which does not say so: in all fields, where a detector that checks says that it is all of it, or
 * under a weak name of a type whose detector does. Whether somebody with that number is there is no less told. `spellings`: of the name.
 * null: none, or the audience sees it clear.
 */
export function typeSought(
  plan: Plan,
  name: string,
  value: string | null,
  spellings: readonly string[],
): TypeRule | null {
  if (value === null || value === '' || value.length > nameLimit) return null
  const weak = new Set(spellings.flatMap(spelling => weakTypes(plan, spelling)))
  const everywhere = searchesAll.test(name)
  if (!everywhere && weak.size === 0) return null
  const readings = [value, ...decodings(value)].map(reading => /[^\s*%"'](?:.*[^\s*%"'])?/s.exec(reading)?.[0] ?? '')
  for (const { type, detector } of plan.detectors) {
    const rule = plan.types[type]!
    const isMeant = weak.has(rule) || (everywhere && detector.checked)
    if (!isMeant || rule.forms[0]!.form === 'clear') continue
    if (readings.some(reading => isAll(detector.find(reading), reading))) return rule
  }
  return null
}

function isAll(found: readonly Span[], text: string): boolean {
  return found.length === 1 && found[0]!.start === 0 && found[0]!.end === text.length
}

/** What was asked by under the first of these names that is a field's. */
function named(plan: Plan, names: readonly string[], value: string | null): Searched[] {
  const by = names.map(name => searchedBy(parameterTypes(plan, name), value)).find(one => one !== null)
  return by === undefined ? [] : [by!]
}

/** Whether a target may be shown to the audience: it asks by no masked field, and no detector finds anything in it. */
export function mayShowTarget(target: Target, plan: Plan): boolean {
  const masked = target.parameters.some(
    ({ name, value }) =>
      spellingsOf(name).some(spelling => isMasked(plan, spelling)) ||
      (value !== null && namesIn(name, value).some(found => isMasked(plan, found))),
  )
  const texts = textsOf(target)
  const named = texts.flatMap(text => [...membersIn(text), ...membersEncodedIn(text)])
  return !masked && !named.some(name => isMasked(plan, name)) && texts.every(text => mayShowText(text, plan))
}

/** Whether no detector finds anything in a text, or in what is encoded in it, that the audience may not see clear. */
export function mayShowText(text: string, plan: Plan): boolean {
  const encoded = encodedIn(text)
  if (encoded === null) return false
  const readings = [text, ...decodings(text), ...encoded]
  return plan.detectors.every(
    ({ type, detector }) =>
      plan.types[type]!.forms[0]!.form === 'clear' || readings.every(reading => detector.find(reading).length === 0),
  )
}

/** Names of parameters whose value names fields: sorting, filtering, selecting, grouping, searching. */
const asksByValue =
  /sort|order|filter|field|select|column|where|group|having|facet|agg|query|search|criteria|expand|include|^(q|s|by|key|sidx|sord|rsql|fiql|cql)$/i

/** By which systems tell parts of themselves apart: there `mail` is where letters are read, and no field. */
const tellsPart =
  /^_*(?:task|action|act|do|page|tab|view|module|mod|menu|cmd|command|func|function|controller|ctrl|section|panel|screen|app|plugin|skin|template|tpl)$/i

/** By which frameworks take another method than the one that was matched and recorded. */
const overridesMethod = /^[_$.-]*(x-?)?(http-?)?method(-?override)?$/i

const operators =
  'i?like|i?exact|i?contains|i?startswith|i?endswith|starts|ends|n?eq|ne|gte?|lte?|gt|lt|n?in|not|regex|isnull|null|' +
  'between|range|from|to|min|max|begin|start|end|asc|desc|match|any|all|sort|order'
const behind = new RegExp(`(?:(?<![_-])[_-]+|(?<=[a-z0-9])(?=[A-Z]))(?:${operators})$`, 'i')
const operator = new RegExp(`^(?:${operators})$`, 'i')
const before = new RegExp(`^(?:${operators}|search|query|filter|by|where|q|s)(?:[_-]+|(?<=[a-z])(?=[A-Z]))`, 'i')

/** What frameworks put before a field's name in that of its control, as the readers of pages know it (plugins/formats/controls.ts). */
const widget =
  /^(?:txt|lbl|lab|hid|hdn|hf|ddl|tb|rbl|cbl|rb|cb|lit|td|inp|input|sel|span|form|field)[_-]?(?=[A-Z\u4e00-\u9fff]|(?<=[_-]).)/

/** A parameter's name as it is, in its parts, and each without the operators that frameworks put around a field's name. */
export function spellingsOf(name: string): string[] {
  const spellings = new Set([name])
  for (const part of name.split(/__|[.[\]/:,\s(){}<>=!~*'"`|;@$+]+/)) {
    const bare = /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?/su.exec(part)?.[0] ?? ''
    for (const spelling of [part, ...withoutOperators(bare), ...withoutOperators(bare.replace(widget, ''))]) {
      if (spelling !== '') spellings.add(spelling)
    }
  }
  return [...spellings]
}

function withoutOperators(name: string): string[] {
  const ending = cut(name, behind)
  return [name, ending, cut(name, before), cut(ending, before)]
}

function cut(name: string, pattern: RegExp): string {
  return wordsOfName(name).replace(pattern, '')
}

/** `telLike` is two words by its capital; the operators are compared without case, so the boundary is looked for here. */
function wordsOfName(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2')
}

/** What in a value could be the name of a field. */
export function namesIn(name: string, value: string): string[] {
  const found: string[] = []
  for (const reading of [value, ...decodings(value)]) {
    const text = reading.trim()
    if (/^[[{"]/.test(text)) found.push(...namesInJson(text))
    for (const [, asked] of text.matchAll(compared)) found.push(asked!)
    for (const [, inside, first] of text.matchAll(inQueryLanguage)) found.push((inside ?? first)!)
    if (path.test(text) || sortsGrid.test(text)) found.push(...wordsOf(text))
    if (asksByValue.test(name) || (isList(text) && !tellsPart.test(name))) found.push(...wordsOf(text))
  }
  found.push(...membersEncodedIn(value))
  // longer than any field's name, and a cost that grows with its square
  return found.filter(word => word.length <= nameLimit).flatMap(spellingsOf)
}

/** `tel:138*`, `tel=138`, `(tel>1)`: queries in a value. */
const compared =
  /(?<![\p{L}\p{N}_.[\]-])([\p{L}_][\p{L}\p{N}_.[\]-]*)['"\s]*(?:[=!~:<>]|\s(?:eq|ne|gt|lt|like|in)\s)/giu

/**
 * Throws PARAMETER_MASKED where a segment of a path asks by a masked field, as OData has it (`/Students(tel='139')`): what is no more than a
 * value or a name is for the route to say.
 */
export function checkSegment(segment: string, plan: Plan): void {
  if (!/[=<>([{]/.test(segment)) return
  const names = [...membersIn(segment), ...Array.from(segment.matchAll(compared), ([, asked]) => asked!)]
  const masked = names.flatMap(spellingsOf).find(name => isMasked(plan, name))
  if (masked !== undefined) throw new MaskedQuestion(named(plan, [masked], null))
}

/** `eq(tel,138)`, `lower(tel)`, `(tel.eq.138)`: as RQL, SQL and PostgREST have them. */
const inQueryLanguage =
  /(?:\(\s*|,\s*)['"]?([\p{L}_][\p{L}\p{N}_.[\]-]*)['"]?(?=\s*[,)]|\.(?:n?eq|[gl]te?|i?like|i?match|in|is|not|cs|cd|fts)\.)|^([\p{L}_][\p{L}\p{N}_]*)(?=\.(?:n?eq|[gl]te?|i?like|i?match|in|is|not|cs|cd|fts)\.)/giu

/** `$.rows[?(@.tel)]`, `//tel`: JSONPath and XPath. */
const path = /^\s*(?:\$(?:\.|\[)|\/\/)/

/** How a grid of ASP.NET is told by which column to sort. */
const sortsGrid = /^sort\$/i

/** Whether a field of a form is left as it was, and asks for nothing: by a name without operators, and no choice made. */
export function isLeftAlone(name: string, value: string | null): boolean {
  if (value === null || !noChoice.test(value.trim()) || asksByValue.test(name)) return false
  const parts = name.split(/[$:.]/)
  return !behind.test(wordsOfName(parts.at(-1)!)) && parts.every(part => isPlainName(part))
}

/** Whether a name is of letters, and no word of it an operator. */
function isPlainName(name: string): boolean {
  return (
    /^[\p{L}\p{N}_-]*$/u.test(name) &&
    !wordsOfName(name)
      .split(/[_-]/)
      .some(word => operator.test(word))
  )
}

/** What lists of choices have for all of them. */
const noChoice = /^(?:-1|-*(?:全部|所有|不限|请选择|all)-*)?$/i

/** A value that is nothing but names: `tel`, `-tel,name`, `tel desc`. */
function isList(text: string): boolean {
  return text.length <= 512 && /^[-+!~]?[\p{L}_][\p{L}\p{N}_.[\]-]*(?:[\s:.]+(?:asc|desc))?(?:,|$)/iu.test(text)
    ? text.split(',').every(part => /^\s*[-+!~]?[\p{L}_][\p{L}\p{N}_.[\]-]*(?:[\s:.]+(?:asc|desc))?\s*$/iu.test(part))
    : false
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}_][\p{L}\p{N}_.[\]-]*/gu) ?? []
}

/** Keys and strings at any depth; where it only looks like JSON, all its words. */
function namesInJson(text: string): string[] {
  const found = inJson(text)
  return found === null ? wordsOf(text) : [...found.keys, ...found.strings.flatMap(wordsOf)]
}

function membersIn(text: string): readonly string[] {
  return /^\s*[[{]/.test(text) ? (inJson(text)?.keys ?? []) : []
}

/** Keys alone: programs hand on in base64 in what order rows come as well, which asks for nobody. */
function membersEncodedIn(text: string): readonly string[] {
  return (encodedIn(text) ?? []).flatMap(membersIn)
}

/** Keys and strings at any depth; null: it only looks like JSON. */
function inJson(text: string): { readonly keys: readonly string[]; readonly strings: readonly string[] } | null {
  const keys: string[] = []
  const strings: string[] = []
  const waiting: unknown[] = []
  try {
    waiting.push(JSON.parse(text))
  } catch {
    return null
  }
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next === 'string') strings.push(next)
    else if (typeof next === 'object' && next !== null) {
      keys.push(...Object.keys(next))
      waiting.push(...Object.values(next))
    }
  }
  return { keys, strings }
}

/**
 * The texts that stand in a text in base64, hexadecimal and their like, one in the other; null: too much, or too deep, to be read. What was a
 * plus may have come as a blank. Nothing is unpacked: a megabyte of questions could be gigabytes then.
 */
function encodedIn(text: string, depth = 0): readonly string[] | null {
  const blank = depth === 0 && text.includes(' ')
  const inside = (blank ? [text, text.replaceAll(' ', '+')] : [text]).flatMap(one =>
    encodedParts(one, null).map(part => part.text),
  )
  const found: string[] = []
  for (const one of new Set(inside)) {
    const deeper = one === null || depth === maxNesting ? null : encodedIn(one, depth + 1)
    if (deeper === null) return null
    found.push(one!, ...deeper)
  }
  return found
}

/** The readings of a text that was encoded once or twice more than it had to be, also by `escape`. A percent sign may stand for itself. */
function decodings(text: string): string[] {
  const readings: string[] = []
  let last = text
  for (let depth = 0; depth < 3 && anEscape.test(last); depth++) {
    last = last.replace(escapes, decoded)
    if (last === readings.at(-1)) break
    readings.push(last)
  }
  return readings
}

const anEscape = /%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i
const escapes = /%u([0-9a-f]{4})|(?:%[0-9a-f]{2})+/gi

function decoded(escaped: string, unit: string | undefined): string {
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16))
  try {
    return decodeURIComponent(escaped)
  } catch {
    return escaped
  }
}

/** Whether a name names a field that the audience does not see clear. */
export function isMasked(plan: Plan, name: string): boolean {
  const type = parameterTypes(plan, name)
  return type !== null && type.kind === 'typed' && type.forms[0]!.form !== 'clear'
}
