import type { Bilingual } from '../../contracts.ts'
import type { ExplainedField } from '../../masking/explain.ts'
import type { Presentable } from '../../policy/plan.ts'
import type { Audience, Policy } from '../../policy/policy.ts'
import { type Io, say } from '../command.ts'
import { handedOut, reason, ruleColumns, table, where } from './explain-plan.ts'

const words = {
  weak: (type: string): Bilingual => ({
    zh: `此名称可能是 ${type}，检测器认出了值`,
    en: `may be ${type} by its name, and the detector agrees`,
  }),
  detected: (type: string): Bilingual => ({
    zh: `检测器 ${type} 认出了值`,
    en: `the detector of ${type} finds it in the value`,
  }),
  inside: (type: string): Bilingual => ({
    zh: `值是一段结构化文本，其中有 ${type}`,
    en: `the value is structured text that holds ${type}`,
  }),
  unlisted: { zh: '未列出', en: 'unlisted' },
  removed: { zh: '未列出的值一律删除', en: 'unlisted values are removed' },
  unread: { zh: '编码或嵌套过深，读不到底', en: 'encoded or nested too deep to be read' },
  nothing: { zh: '没有检测器认出什么', en: 'no detector finds anything' },
  nothingThere: {
    zh: '这里没有可遮盖的值（空值或标签）',
    en: 'there is no value here to mask: it is empty, or a label',
  },
  shorter: { zh: '值太短或写法不同，取更严的形式', en: 'the value is too short or odd, so a stricter form' },
}

/** Each field of a body with its type, form and reason, and where the rule is written; as it is called, never as it is. */
export function explainBody(
  fields: readonly ExplainedField[],
  policy: Policy,
  audience: Audience,
  presented: ReadonlySet<Presentable>,
  io: Io,
): string {
  const because = (rule: NonNullable<ExplainedField['rule']>, form: string, first: readonly Bilingual[]) => {
    const [type, expected] = ruleColumns(rule)
    const why = [...first.map(one => say(one, io.lang)), reason(policy, rule, audience, presented, io)]
    if (rule.kind === 'typed' && form !== expected)
      why.push(say(form === 'clear' ? words.nothingThere : words.shorter, io.lang))
    return [type, rule.kind === 'free_text' ? expected : form, why.join('; ')]
  }
  const columns = ({ rule, form, how, binding }: ExplainedField): readonly string[] => {
    if (rule === null) {
      const why = form === 'remove' ? words.removed : form === 'redact' ? words.unread : words.nothing
      return [say(words.unlisted, io.lang), form, say(why, io.lang), '']
    }
    if (form === 'token' && binding?.handsOut !== undefined)
      return [ruleColumns(rule)[0], form, say(handedOut, io.lang), where(binding, io)]
    const first = how === 'named' || how === 'unlisted' ? [] : [words[how](rule.name)]
    return [...because(rule, form, first), binding === null ? '' : where(binding, io)]
  }
  return table(fields.map(field => [field.path === '' ? '(root)' : field.path, ...columns(field)]))
}
