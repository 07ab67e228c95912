/** One record as sentences that a manager understands. */
import type { Bilingual } from '../../contracts.ts'
import { type ProblemCode, problems } from '../../errors.ts'
import type { Entry } from '../files/read.ts'
import { wordsOfCause } from '../log/records-fault.ts'
import { fieldsOf, outcomeOf, searchedOf, subjectCount, textOf } from '../query/query.ts'
import { printable } from '../query/table.ts'
import { localTime } from '../query/when.ts'
import { account } from './accounts.ts'
import { leave } from './leave.ts'
import { upkeep } from './upkeep.ts'
import * as words from './words.ts'

/** What people call a data type; null: a record has its name only. */
export type TitleOf = (type: string) => Bilingual | null

const untitled: TitleOf = () => null

/** The sentence of a record, in its context (see Contexts). Times are in the timezone given. */
export function tell(entry: Entry, timezone: string, titleOf = untitled): Bilingual {
  const when = `${localTime(entry.time, timezone)} (${timezone})`
  const what = tellWhat(entry, timezone, titleOf)
  return { zh: printable(`${when}，${what.zh}`), en: printable(`${when}: ${what.en}`) }
}

/** The same without its time; not made safe for a terminal. */
export function tellWhat(entry: Entry, timezone: string, titleOf = untitled): Bilingual {
  return (
    exchanges.get(entry.kind)?.(entry, titleOf) ??
    tellers.get(entry.kind)?.(entry, timezone) ??
    words.otherKind(entry.kind)
  )
}

const exchanges: ReadonlyMap<string, (entry: Entry, titleOf: TitleOf) => Bilingual> = new Map([
  ['access', (entry, titleOf) => join(asked(entry), searched(entry, titleOf), ended(entry), released(entry, titleOf))],
  ['open', (entry, titleOf) => join(asked(entry), searched(entry, titleOf), words.longAnswer)],
  ['window', (entry, titleOf) => join(asked(entry), words.piece, shown(entry, titleOf))],
])

const tellers: ReadonlyMap<string, (entry: Entry, timezone: string) => Bilingual> = new Map([
  ['close', (entry: Entry) => join(asked(entry), words.wholeSent(numberIn(entry, 'rows')), reason(entry))],
  ['aborted', (entry: Entry) => join(asked(entry), words.cutOff(numberIn(entry, 'rows')), reason(entry))],
  ['intent', (entry: Entry) => join(asked(entry), words.intended)],
  ['refused', (entry: Entry) => join(asked(entry), words.refused(numberIn(entry, 'count')), reason(entry))],
  ['policy', (entry: Entry) => loaded(words.policyNoun, entry)],
  ['config', config],
  ['alert_rules', alertRules],
  ['key', (entry: Entry) => words.key(word(entry, 'action'), word(entry, 'purpose'), word(entry, 'name'))],
  ['query', query],
  ['resume', (entry: Entry) => words.resumed(numberIn(entry, 'found'), numberIn(entry, 'cut'))],
  ['gap', gap],
  ...upkeep,
  ...leave,
  ['account', account],
  ['subjects', (entry: Entry) => words.subjects(`${entry.log}:${numberIn(entry, 'of')}`)],
])

function asked(entry: Entry): Bilingual {
  const basis = entry['basis'] as { kind?: string; ref?: string | null; verified?: boolean } | null | undefined
  return words.asked({
    consumer: textOf(entry, 'consumer'),
    operator: textOf(entry, 'operator'),
    address: textOf(entry, 'address'),
    purpose: textOf(entry, 'purpose'),
    basis: basis?.kind ?? null,
    reference: basis?.ref ?? null,
    verified: basis?.verified === true,
    system: textOf(entry, 'system'),
    request: [textOf(entry, 'method'), textOf(entry, 'route')].filter(text => text !== null).join(' ') || null,
  })
}

function searched(entry: Entry, titleOf: TitleOf): Bilingual {
  const found = searchedOf(entry)
  if (found.length === 0) return nothing
  const list = (language: 'zh' | 'en') =>
    found
      .map(({ type, cell }) => {
        const name = nameOf(type, titleOf, language)
        return cell === '' ? name : `${name} (${cell})`
      })
      .join(', ')
  return words.searched({ zh: list('zh'), en: list('en') })
}

function nameOf(type: string, titleOf: TitleOf, language: 'zh' | 'en'): string {
  return titleOf(type)?.[language] ?? type
}

function ended(entry: Entry): Bilingual {
  const outcome = words.outcome(outcomeOf(entry) ?? '', textOf(entry, 'status') ?? '-')
  return join(outcome, reason(entry))
}

function reason(entry: Entry): Bilingual {
  const code = textOf(entry, 'code')
  if (code === null) return nothing
  const known = Object.hasOwn(problems, code)
    ? problems[code as ProblemCode].title
    : { zh: '未知代码', en: 'unknown code' }
  return words.reason(code, known)
}

/** Of an answer that was kept back nothing was shown, whatever was found in it. */
function released(entry: Entry, titleOf: TitleOf): Bilingual {
  return outcomeOf(entry) === 'released' ? shown(entry, titleOf) : nothing
}

function shown(entry: Entry, titleOf: TitleOf): Bilingual {
  const fields = fieldsOf(entry)
  if (fields.length === 0) return words.noFields
  const list = (language: 'zh' | 'en') =>
    fields
      .map(({ type, cell, forms }) => {
        const times = forms.map(([form, n]) => `${words.form(form)[language]} ${n}`)
        const name = nameOf(type, titleOf, language)
        return language === 'zh' ? `${name}（${cell}）${times.join('、')}` : `${name} (${cell}) ${times.join(', ')}`
      })
      .join(language === 'zh' ? '；' : '; ')
  return words.fields(numberIn(entry, 'rows'), subjectCount(entry), { zh: list('zh'), en: list('en') })
}

/** Where the file is the one it was, it is what stands in the files that it names. */
function config(entry: Entry): Bilingual {
  const isSame = entry['digest'] === entry['previous']
  return loaded(isSame ? words.certificatesNoun : words.configNoun, entry)
}

function loaded(noun: Bilingual, entry: Entry): Bilingual {
  const faults = numberIn(entry, 'faults')
  if (textOf(entry, 'outcome') === 'held') return words.held(noun)
  return textOf(entry, 'outcome') === 'loaded' ? words.takenUp(noun) : words.notTakenUp(noun, faults)
}

function alertRules(entry: Entry): Bilingual {
  const less = Array.isArray(entry['wider']) && entry['wider'].length > 0 ? words.noticeLess(entry['wider']) : nothing
  const said = textOf(entry, 'outcome') === 'held' ? words.rulesHeld : loaded(words.alertRulesNoun, entry)
  return join(said, less)
}

function query(entry: Entry): Bilingual {
  const filters = Array.isArray(entry['filters']) ? entry['filters'].map(String) : []
  return words.readRecords(textOf(entry, 'operator'), textOf(entry, 'command'), filters, textOf(entry, 'shown'))
}

function gap(entry: Entry): Bilingual {
  const cause = textOf(entry, 'cause') ?? ''
  const known = words.isCause(cause) ? wordsOfCause(cause) : { zh: cause, en: cause }
  if (cause === 'clock') return words.clockBack(numberIn(entry, 'seconds'))
  const lost = Array.isArray(entry['lost']) ? entry['lost'].map(seq => `${entry.log}:${seq}`) : null
  return words.gap(known, numberIn(entry, 'seconds'), numberIn(entry, 'dropped'), lost)
}

const nothing: Bilingual = { zh: '', en: '' }

function join(...sentences: Bilingual[]): Bilingual {
  const said = sentences.filter(one => one !== nothing)
  return { zh: said.map(one => one.zh).join(''), en: said.map(one => one.en).join(' ') }
}

function word(entry: Entry, key: string): string {
  return textOf(entry, key) ?? '-'
}

function numberIn(entry: Entry, key: string): number {
  const value = entry[key]
  return typeof value === 'number' ? value : 0
}
