import type { Bilingual, Place } from '../contracts.ts'
import { FieldAutomaton } from '../masking/automaton.ts'
import { Detection } from '../masking/detect.ts'
import { RowRules } from '../masking/row-rules.ts'
import type { Plan, Presentable, TypeRule } from '../policy/plan.ts'
import type { Audience, Policy } from '../policy/policy.ts'
import { type Io, say } from './command.ts'
import { reason, ruleColumns, table, where } from './explain-plan.ts'
import { bodyLimits } from './policies.ts'

const words = {
  weak: (type: string): Bilingual => ({
    zh: `此名称可能是 ${type}，检测器认出了值`,
    en: `may be ${type} by its name, and the detector agrees`,
  }),
  detected: (type: string): Bilingual => ({
    zh: `检测器 ${type} 认出了值`,
    en: `the detector of ${type} finds it in the value`,
  }),
  unlisted: { zh: '未列出', en: 'unlisted' },
  removed: { zh: '未列出的值一律删除', en: 'unlisted values are removed' },
  nothing: { zh: '没有检测器认出什么', en: 'no detector finds anything' },
  shorter: { zh: '值太短或写法不同，取更严的形式', en: 'the value is too short or odd, so a stricter form' },
}

/** One field of the body: where it is, and what stands there for it. */
type Seen = { readonly path: string; readonly columns: readonly string[] }

/**
 * Each field of a JSON body once, with its type, form and reason; elements of an array are one field, `[]`. Text inside text is
 * not opened. Null where the body is not JSON, or too deep. Names are shown, values never; a name that a detector claims is shown as `***`.
 */
export function explainBody(
  policy: Policy,
  plan: Plan,
  audience: Audience,
  presented: ReadonlySet<Presentable>,
  body: Uint8Array,
  io: Io,
): string | null {
  const value = parse(body)
  if (value === undefined) return null
  const all = new Detection(plan.detectors)
  const checked = new Detection(plan.detectors.filter(({ detector }) => detector.checked))
  const automaton = new FieldAutomaton(plan, name => all.find(name).length > 0)
  const rowRules = new RowRules(plan, automaton)
  const seen = new Map<string, Seen>()

  const because = (rule: TypeRule, text: string, rest: readonly Bilingual[], source: string) => {
    const [type, form] = ruleColumns(rule)
    const got = rule.kind === 'typed' ? formOf(rule, text) : form
    const why = [...rest.map(one => say(one, io.lang)), reason(policy, rule, audience, presented, io)]
    if (got !== form) why.push(say(words.shorter, io.lang))
    return [type, got, why.join('; '), source]
  }

  const explain = (place: Place, text: string): readonly string[] => {
    const types = rowRules.typesAt(place)
    const { strong, weak } = automaton.fate(place)
    if (strong >= 0) {
      const binding = plan.bindings[strong]!
      return because(types[binding.type]!, text, [], where(binding, io))
    }
    for (const index of weak) {
      const binding = plan.bindings[index]!
      const rule = types[binding.type]!
      if (claimsAll(rule, text)) return because(rule, text, [words.weak(rule.name)], where(binding, io))
    }
    const unlisted = say(words.unlisted, io.lang)
    if (plan.unlisted === 'remove') return [unlisted, 'remove', say(words.removed, io.lang), '']
    const [found] = (plan.unlisted === 'scan' ? all : checked).find(text)
    if (found === undefined) return [unlisted, 'clear', say(words.nothing, io.lang), '']
    const rule = types[found.type]!
    return because(rule, text.slice(found.start, found.end), [words.detected(rule.name)], '')
  }

  const walk = (place: Place, here: unknown, path: string, depth: number) => {
    if (depth > bodyLimits.depth) throw new RangeError('too deep')
    if (Array.isArray(here)) {
      for (const [index, element] of here.entries())
        walk(automaton.element(place, index), element, `${path}[]`, depth + 1)
    } else if (here instanceof Map) {
      const own = [...(here as Map<string, unknown>)].filter(
        ([, member]) => member !== null && typeof member !== 'object',
      )
      const told = own.flatMap(([name, text]) => (rowRules.decides(place, name) ? [[name, String(text)] as const] : []))
      const settled = plan.rowRules === undefined ? place : rowRules.settle(place, told, true, Date.now())
      for (const [name, member] of here as Map<string, unknown>) {
        const shown = all.find(name).length > 0 ? '***' : name
        walk(
          automaton.member(settled, automaton.symbol(name)),
          member,
          path === '' ? shown : `${path}.${shown}`,
          depth + 1,
        )
      }
    } else {
      const columns = explain(place, String(here))
      // The same field may get several forms; each is told.
      const key = `${path}\0${columns[1]}`
      if (here !== null && !seen.has(key)) seen.set(key, { path: path === '' ? '(root)' : path, columns })
    }
  }

  try {
    walk(automaton.root, value, '', 0)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
  return table([...seen.values()].map(({ path, columns }) => [path, ...columns]))
}

/** Whether the type's own detector claims the whole text. */
function claimsAll({ detector }: TypeRule, text: string): boolean {
  const [span, ...more] = detector?.find(text) ?? []
  return span !== undefined && more.length === 0 && text.slice(span.start, span.end).trim() === text.trim()
}

/** The form a value gets: the first that hides enough of it. */
function formOf(rule: TypeRule, text: string): string {
  const scope = { consumer: 'explain', purpose: 'explain', dataType: rule.name }
  for (const { form, mask } of rule.forms) if (mask === null || mask.mask(text, scope) !== null) return form
  return 'redact'
}

/** A JSON text, or the lines of NDJSON, with objects as Maps, in order and free of prototypes. Undefined: neither. */
function parse(body: Uint8Array): unknown {
  const text = Buffer.from(body).toString('utf8')
  const revive = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : value
  const read = (one: string): unknown => {
    try {
      return JSON.parse(one, revive)
    } catch {
      return undefined
    }
  }
  const whole = read(text)
  if (whole !== undefined) return whole
  const lines = text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(read)
  return lines.length === 0 || lines.includes(undefined) ? undefined : lines
}
