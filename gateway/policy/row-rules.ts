/** `when:` of a system or route: rules that look at the row. Where the schema is not enough to say what is wrong, this is. */
import { type FieldValue, type Known, readFields } from './fields.ts'
import { type ReadRowRule, warnOfIdle } from './idle-row-rules.ts'
import { foldValue, normalizeName } from './names.ts'
import type { Binding, RowRule } from './plan.ts'
import { nearest } from './spelling.ts'
import type { ValuePath } from './yaml.ts'

type Told = string | number | boolean

/** One entry under `when`, as the schema has it: words of its own, and names of members with the values they must have. */
export type RowRuleEntry = {
  readonly subject_age?: string
  readonly own?: string
  readonly raise?: 1 | 2 | 3
  readonly fields?: Readonly<Record<string, FieldValue>>
  readonly [member: string]: unknown
}

const ownWords = new Set(['subject_age', 'own', 'raise', 'fields'])

/**
 * Reads the `when` at a place. `first` is the index of its first rule among those of the route: its bindings name their
 * rule by that.
 */
export function readRowRules(
  known: Known,
  at: ValuePath,
  entries: readonly RowRuleEntry[],
  step: 0 | 1,
  first: number,
): { readonly rules: RowRule[]; readonly bindings: Binding[] } {
  const { document, faults } = known
  const read: ReadRowRule[] = []
  for (const [index, entry] of entries.entries()) {
    const place = [...at, index]
    const members = Object.keys(entry)
      .filter(name => !ownWords.has(name))
      .map(name => ({
        name: normalizeName(name),
        values: new Set(listed(entry[name]).map(one => foldValue(`${one}`))),
      }))
    const faulty = (zh: string, en: string) => void faults.push(document.fault(place, 'POLICY_ROW_RULE', { zh, en }))
    const own = entry.own === undefined ? null : normalizeName(entry.own)
    if (own !== null && (entry.fields !== undefined || entry.raise !== undefined))
      faulty('own 不能与 fields、raise 同用', 'own goes with neither fields nor raise')
    if (own !== null && (members.length > 0 || entry.subject_age !== undefined))
      faulty(
        'own 不能与其他条件同用：本人的对象一律显示原文',
        'own takes no other condition: whatever object is the operator’s own is shown clear',
      )
    if (members.length === 0 && entry.subject_age === undefined && own === null)
      faulty(
        '没有写条件：写字段名与取值，或 subject_age',
        'it has no condition: name a field and its values, or subject_age',
      )
    if (entry.fields === undefined && entry.raise === undefined && own === null)
      faulty('没有写结果：写 fields、raise 或 own', 'it does nothing: write fields, raise or own')
    if (own === '' || members.some(({ name }) => name === ''))
      faulty(
        '条件的字段名去掉 _ - . 和空格后不能为空',
        'the name of a field in it has nothing left without `_ - .` and spaces',
      )
    for (const name of Object.keys(entry)) warnOfMisspelt(known, [...place, name], name, entry[name])
    for (const name of new Set(members.map(one => one.name)))
      if (members.filter(one => one.name === name).length > 1)
        faulty('同一字段写了两次条件，应写成取值的列表', 'a field is asked about twice: give its values as one list')
    if (entry.subject_age === 'under 0') faulty('没有人不足 0 岁，永不成立', 'nobody is under 0: it never holds')
    const fields = readFields(known, [...place, 'fields'], entry.fields ?? {}, step)
    for (const { path } of fields) {
      if (path.rooted)
        faulty(
          `“${path.text}”从根写起；此处的字段从该对象写起`,
          `'${path.text}' begins at the root; these fields begin at the object`,
        )
    }
    const source = `${document.file}:${document.line(place)}`
    const rule = { members, age: readAge(entry.subject_age), own, raise: entry.raise ?? 0, source } as const
    read.push({ rule, fields: fields.map(binding => ({ ...binding, rule: first + index })) })
  }
  warnOfIdle(known, at, read)
  return { rules: read.map(({ rule }) => rule), bindings: read.flatMap(({ fields }) => fields) }
}

/** What a word of a rule is written as; where a member has nearly its name and such a value, the word was meant. */
const likely: Readonly<Record<string, RegExp>> = { subject_age: /^(under|from)?\s*\d+$/, raise: /^[1-3]$/, own: /^\D/ }

/** A misspelt word is the name of a field that no object has: the rule never holds, and nothing else says so. */
function warnOfMisspelt({ document, faults }: Known, place: ValuePath, name: string, value: unknown): void {
  const same = Object.keys(likely).find(word => normalizeName(word) === normalizeName(name))
  const meant = same ?? (name.length < 5 ? null : nearest(name, Object.keys(likely)))
  if (ownWords.has(name) || meant === null || !likely[meant]!.test(`${value}`)) return
  const message = { zh: `“${name}”在此处是一个字段名`, en: `'${name}' is the name of a field here` }
  const hint = { zh: `您是否想写“${meant}”？`, en: `did you mean '${meant}'?` }
  faults.push(document.fault(place, 'POLICY_ROW_RULE_IDLE', message, { at: 'key', hint, severity: 'warning' }))
}

function listed(value: unknown): readonly Told[] {
  return Array.isArray(value) ? value : [value as Told]
}

function readAge(written: string | undefined): RowRule['age'] {
  if (written === undefined) return null
  const [word, years] = written.split(' ')
  return word === 'under' ? { from: 0, under: Number(years) } : { from: Number(years), under: Number.POSITIVE_INFINITY }
}
