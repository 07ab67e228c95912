/** `query:` of a route, and `body: graphql`: what its parameters are, and by which callers may say what comes. */

import type { Bilingual } from '../contracts.ts'
import { type Known, readParameters } from './fields.ts'
import type { RowRule } from './plan.ts'
import type { ParameterType } from './policy.ts'
import type { Template } from './routes.ts'
import type { ValuePath } from './yaml.ts'

/** What orders rows, leaves some out or counts them tells of fields, whether these come or not. */
const asks =
  /^\$?(?:s|q|by|key|sidx|sord|rsql|fiql|cql)$|sort|order|filter|where|group|having|facet|agg|search|query|criteria|distinct|cursor/i

/** `at`: the route. `rules`: all that look at rows of the route. */
export function readQuery(
  known: Known,
  at: ValuePath,
  written: Readonly<Record<string, string>>,
  rules: readonly RowRule[],
): Map<string, ParameterType> {
  const query = readParameters(known, [...at, 'query'], written, ['any', 'names', 'nested_names'])
  for (const [name, type] of query) {
    if (type !== 'names' && type !== 'nested_names') continue
    const place = [...at, 'query', name]
    if (asks.test(name))
      known.faults.push(known.document.fault(place, 'POLICY_NAMES', words.asks, { hint: words.drop }))
    const rule = strictRule(rules)
    if (rule !== null) known.faults.push(known.document.fault(place, 'POLICY_NAMES', words.rules(rule.source)))
  }
  return query
}

/** A rule that hides more where an object says something of itself: who leaves that out would see more. null: there is none. */
function strictRule(rules: readonly RowRule[]): RowRule | null {
  return rules.find(({ own }) => own === null) ?? null
}

/** `body: graphql`: callers choose fields as they do by `names`. `at`: the route. */
export function checkGraphql(known: Known, at: ValuePath, template: Template, rules: readonly RowRule[]): void {
  const fault = (message: Bilingual) =>
    known.faults.push(known.document.fault([...at, 'body'], 'POLICY_GRAPHQL', message))
  const rule = strictRule(rules)
  if (rule !== null) fault(words.graphqlRules(rule.source))
  if (template.segments.some(segment => 'rest' in segment)) fault(words.path)
}

const words = {
  path: {
    zh: 'body: graphql 的路由须写明完整路径：** 之下可能还有以编号取预存文档的地址',
    en: 'a route of GraphQL names its path as a whole: under ** there could be stored documents that are asked for by number',
  },
  graphqlRules: (source: string) => ({
    zh: `此路由有看整行的规则（${source}）：文档不选取其条件所看的字段，规则就不成立；请把规则只写在其他路由上`,
    en: `the route has a rule that looks at the row (${source}): a document that leaves out what it looks at would have it not count; have the rule on other routes alone`,
  }),
  asks: {
    zh: 'names 只用于选取字段的参数；按此名称，该参数用于排序、筛选或查找',
    en: '`names` is for parameters that choose fields; by its name this one orders, filters or searches',
  },
  drop: { zh: '写成 any 或其数据类型', en: 'write `any`, or its data type' },
  rules: (source: string) => ({
    zh: `此路由有看整行的规则（${source}）：调用方不选取其条件所看的字段，规则就不成立；去掉此参数，或把规则只写在其他路由上`,
    en: `the route has a rule that looks at the row (${source}): who leaves out what it looks at would have it not count; take the parameter away, or have the rule on other routes alone`,
  }),
}
