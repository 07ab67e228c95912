import type { Bilingual } from '../../contracts.ts'
import type { Binding, Plan, Presentable, TypeRule } from '../../policy/plan.ts'
import type { Audience, Policy } from '../../policy/policy.ts'
import { type Io, say } from '../command.ts'

const words = {
  steps: [
    { zh: '路由', en: 'route' },
    { zh: '系统', en: 'system' },
    { zh: '目录', en: 'catalogue' },
  ] as const,
  fields: { zh: '路由和系统列出的字段', en: 'Fields that the route and the system name' },
  names: { zh: '目录中的类型，按字段名', en: 'Types of the catalogue, by the names of fields' },
  none: { zh: '（无）', en: '(none)' },
  detected: { zh: '由检测器发现', en: 'found by its detector' },
  nameCount: (count: number): Bilingual => ({ zh: `${count} 个字段名`, en: `${count} names` }),
  level: (audience: string, level: number, form: string): Bilingual => ({
    zh: `${audience} 对第 ${level} 级：${form}`,
    en: `${audience} on level ${level}: ${form}`,
  }),
  cleared: (level: number): Bilingual => ({
    zh: `已出示所需，第 ${level} 级为 clear`,
    en: `all presented for level ${level}: clear`,
  }),
  everyone: (form: string): Bilingual => ({ zh: `对所有受众至少 ${form}`, en: `at least ${form} for everyone` }),
  noForm: (form: string, next: string): Bilingual => ({
    zh: `该类型没有 ${form}，取更严的 ${next}`,
    en: `the type has no ${form}, so the stricter ${next}`,
  }),
  raised: (level: number): Bilingual => ({
    zh: `按行的规则提高到第 ${level} 级`,
    en: `raised to level ${level} by a rule that looks at the row`,
  }),
  missing: (list: string): Bilingual => ({ zh: `看到 clear 还缺 ${list}`, en: `to see clear: ${list}` }),
  freeText: { zh: '其中的片段由检测器读', en: 'the spans in it are read by the detectors' },
  notPersonal: {
    zh: '声明为非个人信息，只由带校验的检测器读',
    en: 'declared not personal; read by the detectors with a check only',
  },
}

export const handedOut: Bilingual = {
  zh: 'hands_out：在 JSON 应答中密封后交给本人，送回时还原',
  en: 'hands_out: in a JSON answer it is handed to its caller sealed, and opened when it comes back',
}

/** Every field the route and its system name, and every type that field names or detectors lead to. */
export function explainPlan(
  policy: Policy,
  plan: Plan,
  audience: Audience,
  presented: ReadonlySet<Presentable>,
  io: Io,
): string {
  const named = plan.bindings.filter(({ step, handsOut }) => step < 2 && handsOut !== 'inside')
  const rows = named.map(binding => {
    const rule = plan.types[binding.type]!
    if (binding.handsOut !== undefined)
      return [binding.path.text, ruleColumns(rule)[0], 'token', say(handedOut, io.lang), where(binding, io)]
    return [binding.path.text, ...ruleColumns(rule), reason(policy, rule, audience, presented, io), where(binding, io)]
  })
  const types = plan.types.flatMap((rule, index) => {
    const names = plan.bindings.filter(({ step, type }) => step === 2 && type === index).length
    const detected = plan.detectors.some(({ type }) => type === index)
    if (names === 0 && !detected) return []
    const how = [names > 0 ? words.nameCount(names) : null, detected ? words.detected : null]
    const told = how.flatMap(one => (one === null ? [] : [say(one, io.lang)])).join(', ')
    return [[...ruleColumns(rule), reason(policy, rule, audience, presented, io), told]]
  })
  const fields = rows.length === 0 ? `  ${say(words.none, io.lang)}\n` : table(rows)
  return `${say(words.fields, io.lang)}\n${fields}\n${say(words.names, io.lang)}\n${table(types)}`
}

/** Type and cell, then the form. */
export function ruleColumns(rule: TypeRule): [string, string] {
  const type = rule.kind !== 'typed' ? rule.name : rule.name === 'cell' ? rule.cell : `${rule.name}@${rule.cell}`
  return [type, rule.kind === 'free_text' ? 'read' : rule.forms[0]!.form]
}

/** Why a type has its form: the level, what holds for everyone, a form it lacks; and what is missing to see it clear. */
export function reason(
  policy: Policy,
  rule: TypeRule,
  audience: Audience,
  presented: ReadonlySet<Presentable>,
  { lang }: Io,
): string {
  if (rule.kind === 'free_text') return say(words.freeText, lang)
  if (rule.kind === 'not_personal') return say(words.notPersonal, lang)
  const got = rule.forms[0]!.form
  const cleared = policy.revealed(audience.name, presented).has(rule.level)
  const wanted = cleared ? 'clear' : (audience.forms.get(rule.level) ?? 'remove')
  const why = [cleared ? words.cleared(rule.level) : words.level(audience.name, rule.level, wanted)]
  const least = policy.always.get(rule.cell) ?? policy.catalogue.get(rule.name)?.always ?? null
  if (rule.level > Number(rule.cell[1])) why.unshift(words.raised(rule.level))
  if (got !== wanted) why.push(least !== null && least !== wanted ? words.everyone(least) : words.noForm(wanted, got))
  const demanded = audience.clearWith.get(rule.level)
  const missing = [...(demanded ?? [])].filter(one => !presented.has(one))
  if (got !== 'clear' && least === null && demanded !== undefined && missing.length > 0)
    why.push(words.missing(missing.join(', ')))
  return why.map(one => say(one, lang)).join('; ')
}

/** Which rule names a field. */
export function where(binding: Binding, { lang }: Io): string {
  return `${say(words.steps[binding.step], lang)} ${binding.source}`
}

/** Columns, aligned, each line indented by two. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [column, text] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width(text))
  const line = (row: readonly string[]) =>
    row.map((text, column) => text + ' '.repeat(widths[column]! - width(text))).join('  ')
  return rows.map(row => `  ${line(row).trimEnd()}\n`).join('')
}

function width(text: string): number {
  let sum = 0
  for (const character of text) sum += character > '\u2E80' ? 2 : 1
  return sum
}
