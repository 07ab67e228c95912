/** What under `when` never counts, because another rule of the list holds wherever it does. Nobody would notice, so it is told. */
import type { Bilingual } from '../contracts.ts'
import type { Known } from './fields.ts'
import { pathKey } from './paths.ts'
import type { Binding, RowRule } from './plan.ts'
import type { UncastType } from './policy.ts'
import type { ValuePath } from './yaml.ts'

/** A rule with the fields it names, in the order in which they are written. */
export type ReadRowRule = { readonly rule: RowRule; readonly fields: readonly Binding[] }

/**
 * Warns of each line of the `when` at this place that changes nothing. Where two rules hold, a field that both name is of
 * the higher level, of one level as the first has it; and everything is raised by the most that one of them says.
 */
export function warnOfIdle({ document, table, faults }: Known, at: ValuePath, rules: readonly ReadRowRule[]): void {
  const warn = (place: ValuePath, message: Bilingual): void => {
    const options = { at: 'key', hint: words.hint, severity: 'warning' } as const
    faults.push(document.fault([...at, ...place], 'POLICY_ROW_RULE_IDLE', message, options))
  }
  for (const [index, one] of rules.entries()) {
    const { own, raise } = one.rule
    const others = rules
      .map((other, nth) => ({ ...other, isFirst: nth < index }))
      .filter((other, nth) => nth !== index && holdsWherever(other.rule, one.rule))
    for (const field of one.fields) {
      const type = table.types[field.type]!
      for (const { rule, fields, isFirst } of others) {
        const same = fields.find(({ path }) => pathKey(path) === pathKey(field.path))
        const winner = same && table.types[same.type]!
        if (winner === undefined || !winsOver(winner, type, isFirst)) continue
        warn([index, 'fields', field.path.text], words.field(rule.source, winner, winner.level > type.level))
        break
      }
    }
    const raised = others.find(other => other.rule.raise > raise || (other.rule.raise === raise && other.isFirst))
    if (raise > 0 && raised !== undefined) warn([index, 'raise'], words.raise(raised.rule))
    const owned = own === null ? undefined : others.find(({ isFirst }) => isFirst)
    if (owned !== undefined) warn([index, 'own'], words.own(owned.rule.source))
  }
}

/**
 * Whether a rule holds in every object in which the other does: it asks no more, and takes every value that the other takes.
 * An object that says nothing is as the object around it for both.
 */
function holdsWherever(rule: RowRule, other: RowRule): boolean {
  if (rule.own !== other.own) return false
  if (rule.age !== null && (other.age === null || other.age.from < rule.age.from || other.age.under > rule.age.under))
    return false
  return rule.members.every(({ name, values }) => {
    const asked = other.members.find(member => member.name === name)
    return asked !== undefined && [...asked.values].every(value => values.has(value))
  })
}

/** As the engine ranks them, also in an object too large to wait for: there the stricter counts, and what has a class is. */
function winsOver(winner: UncastType, type: UncastType, isFirst: boolean): boolean {
  if (winner.kind !== 'typed' && type.kind === 'typed') return false
  return winner.level > type.level || (winner.level === type.level && isFirst)
}

const words = {
  hint: {
    zh: '请删去此处，或改写两条规则的条件，使其不会同时成立',
    en: 'take it out, or write the conditions so that not both rules hold',
  },
  field: (source: string, { name, cell, title }: UncastType, isHigher: boolean): Bilingual => {
    const [zh, en] = name === 'cell' ? [cell, cell] : [title.zh, name]
    return {
      zh: `此行从不起作用：凡此规则成立之处，${source} 的规则也成立，已把该字段定为${zh}，${isHigher ? '级别更高' : '且写在前面'}`,
      en: `this never counts: wherever this rule holds, so does the one at ${source}, where the field is ${en}, which ${isHigher ? 'is of a higher level' : 'stands first'}`,
    }
  },
  raise: ({ source, raise }: RowRule): Bilingual => ({
    zh: `此处从不起作用：凡此规则成立之处，${source} 的规则也成立，已提高 ${raise} 级`,
    en: `this never counts: wherever this rule holds, so does the one at ${source}, which raises by ${raise}`,
  }),
  own: (source: string): Bilingual => ({
    zh: `此处从不起作用：与 ${source} 的规则相同`,
    en: `this never counts: the rule at ${source} says the same`,
  }),
}
