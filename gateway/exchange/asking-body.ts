/**
 * Requests that ask by their body: search forms and search documents sent by POST. They are held to the same rule as
 * queries. A body that writes names masked fields as a matter of course, so the two have to be told apart.
 */
import { Refusal } from '../errors.ts'
import { normalizeName } from '../policy/names.ts'
import { parameterTypes } from '../policy/parameters.ts'
import type { Plan, TypeRule } from '../policy/plan.ts'
import type { RoutePolicy } from '../policy/policy.ts'
import { isMasked, namesIn, note, spellingsOf } from './parameters.ts'
import { nameLimit } from './target.ts'

export type AskedBody = {
  readonly method: string
  /** Of the label, in lower case without parameters; null: none. */
  readonly mediaType: string | null
  /** As the system will get it; null: of a kind that is not read. */
  readonly bytes: Uint8Array | null
  /** Under the system, in normal form. */
  readonly path: string
  /** Types whose tokens were restored in it: whoever holds a token learns nothing by asking for it. */
  readonly restored: ReadonlySet<TypeRule>
}

/**
 * Throws PARAMETER_MASKED where a POST asks by a field that the audience does not see clear: where its path, its members or
 * its operators say that it searches. Throws PARAMETER_UNDECLARED for GraphQL, where a field can be called anything,
 * unless the route's `query` declares a parameter `query`. Returns the types it asked by, as `type@cell`.
 */
export function checkAskedBody(asked: AskedBody, route: RoutePolicy, plan: Plan): string[] {
  if (asked.method !== 'POST') return []
  const isForm = asked.mediaType === 'application/x-www-form-urlencoded'
  const pairs = asked.bytes === null ? [] : isForm ? pairsInForm(asked.bytes) : pairsInJson(asked.bytes)
  if (isGraphql(asked.mediaType, pairs) && route.query?.get('query') === undefined)
    throw new Refusal('PARAMETER_UNDECLARED')
  const searches = searchPath.test(asked.path) || pairs.some(({ name }) => searchMember.test(normalizeName(name)))
  const searched = new Set<string>()
  for (const { name, value } of pairs) {
    const named = searches ? spellingsOf(name) : hasOperator(name) ? spellingsOf(name) : []
    const inValue = searches && value !== null && value.length <= longestQuestion ? namesIn(name, value) : []
    for (const one of [...named, ...inValue]) {
      if (isMasked(plan, one) && !asked.restored.has(parameterTypes(plan, one)!)) throw new Refusal('PARAMETER_MASKED')
      note(searched, parameterTypes(plan, one))
    }
  }
  return [...searched].slice(0, 64)
}

type Pair = { readonly name: string; readonly value: string | null }

/** Longer texts are no questions, and reading them for names costs. */
const longestQuestion = 8192

/** `/students/search`, `/getStudentList.do`, `/queryByPage`: a last segment that says it asks. */
const searchPath =
  /(?:search|query|list|find|page|count|export|lookup|filter|exists?|suggest|complete|select|report)[^/]*$/i

/** Members that ask or leaf through pages, as normalised names. */
const searchMember =
  /^\$?(?:q|where|having|sidx|sord|rsql|fiql|cql|keywords?|aggs?|facets?|groupby|(?:start|current)?page(?:no|num|number|index|size)?|perpage|limit|offset|draw|cursor|criteria)$|quer(?:y|ies)|search|filter|criteri|condition|sort|orderby/

const operatorWord =
  /^\$?(?:i?like|i?contains|i?starts?with|i?ends?with|n?eq|ne|gte?|lte?|gt|lt|n?in|not|regex|between|isnull|exists)$/i

/** Whether a name is a field's with something to compare it by: `tel__like`, `tel[gte]`, `minTel`. */
function hasOperator(name: string): boolean {
  const parts = name.split(/__|[.[\]/:,\s]+/).filter(part => part !== '')
  return (
    parts.some(part => operatorWord.test(part)) ||
    /(?:_|[a-z0-9])(?:like|contains|startsWith|endsWith|gte|lte|regex|between)$/i.test(name)
  )
}

function isGraphql(mediaType: string | null, pairs: readonly Pair[]): boolean {
  if (mediaType === 'application/graphql' || mediaType === 'application/graphql+json') return true
  return pairs.some(
    ({ name, value }) =>
      name === 'query' &&
      value !== null &&
      /^\s*(?:#.*\s*)*(?:\{|(?:query|mutation|subscription|fragment)\b)/.test(value) &&
      value.includes('{'),
  )
}

/** Old pages send names in their own charset; each reading counts. */
function pairsInForm(bytes: Uint8Array): Pair[] {
  const text = Buffer.from(bytes).toString('latin1')
  return text.split('&').flatMap(pair => {
    const equals = pair.indexOf('=')
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    return readings(name).flatMap(one => readings(value).map(other => ({ name: one, value: other })))
  })
}

function readings(encoded: string): string[] {
  const bytes = Buffer.from(
    encoded
      .replaceAll('+', ' ')
      .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
  const utf8 = bytes.toString('utf8')
  return utf8.includes('\ufffd') ? [utf8, new TextDecoder('gb18030').decode(bytes)] : [utf8]
}

const strings = /"((?:[^"\\]|\\.)*)"\s*(:?)/gs

/** Every member's name with the string behind it, and every string: also of members that come twice, which a parser would drop. */
function pairsInJson(bytes: Uint8Array): Pair[] {
  const pairs: Pair[] = []
  let last = ''
  for (const [, written, colon] of Buffer.from(bytes).toString('utf8').matchAll(strings)) {
    const text = unescaped(written!)
    if (colon === ':') {
      last = text.slice(0, nameLimit)
      pairs.push({ name: last, value: null })
    } else pairs.push({ name: last, value: text })
  }
  return pairs
}

function unescaped(written: string): string {
  if (!written.includes('\\')) return written
  try {
    return String(JSON.parse(`"${written}"`))
  } catch {
    return written
  }
}
