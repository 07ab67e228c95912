/** Names of parameters as frameworks spell them: with operators around a field's name, and what its control is called by. */

/** Names of parameters whose value names fields: sorting, filtering, selecting, grouping, searching. */
export const asksByValue =
  /sort|order|filter|field|select|column|where|group|having|facet|agg|query|search|criteria|expand|include|^(q|s|by|key|sidx|sord|rsql|fiql|cql)$/i

/** By which systems tell parts of themselves apart: there `mail` is where letters are read, and no field. */
export const tellsPart =
  /^_*(?:task|action|act|do|page|tab|view|module|mod|menu|cmd|command|func|function|controller|ctrl|section|panel|screen|app|plugin|skin|template|tpl)$/i

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
