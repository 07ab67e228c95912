/** The demonstration on a terminal of 100 columns. */
import type { Bilingual } from '../../contracts.ts'
import type { Shown } from '../../demo/asking.ts'
import { leaks, type Walk, type Walkthrough } from '../../demo/walkthrough.ts'
import { displayWidth } from '../../terminal.ts'
import type { Language } from '../command.ts'

/** A caller, and in a few words how it comes to the gateway. */
export type Introduced = { readonly name: string; readonly how: Bilingual }

const columnWidth = 19
const nameWidth = 13
/** Of what stands beside a name. */
const longWidth = 80
/** Longer values get lines of their own. */
const longNames = new Set(['home_address', 'remark'])
const shownNames = ['xm', 'xh', 'idCard', 'csrq', 'tel', 'guardian.name', 'guardian.tel', 'bankCardNo', 'gpa', 'campus']

const words = {
  old: { zh: '旧系统', en: 'old system' },
  gone: { zh: '（无此字段）', en: '(not there)' },
  record: { zh: '一条学生记录，四种看法', en: 'One student, seen four ways' },
  error: { zh: '出错页面', en: 'An error page' },
  question: { zh: '用脱敏字段反查', en: 'A question by a masked field' },
  everybody: { zh: '导出全体学生', en: 'The export of everybody' },
  documents: { zh: '同一名学生，在页面、服务和导出文件里', en: 'The same student in a page, a service and exports' },
  page: { zh: '网页（GBK）', en: 'A page in GBK' },
  service: { zh: 'SOAP', en: 'SOAP' },
  csv: { zh: 'CSV（GBK）', en: 'CSV in GBK' },
  workbook: { zh: 'Excel', en: 'Excel' },
  leaking: (ids: number, mobiles: number) => ({
    zh: `身份证号 ${ids}，手机号 ${mobiles}`,
    en: `ID numbers: ${ids}, mobile numbers: ${mobiles}`,
  }),
  lines: (count: number) => ({ zh: `${count} 行；`, en: `${count} lines; ` }),
  onRecord: (id: string) => ({ zh: `，记录号 ${id}`, en: `, on record as ${id}` }),
  notAsked: { zh: '；未转发给旧系统', en: '; the old system was not asked' },
  asked: { zh: '；已转发给旧系统', en: '; the old system was asked' },
} satisfies Record<string, Bilingual | ((...args: never[]) => Bilingual)>

/** The whole walk-through but the records, which the records command prints itself. */
export function renderWalk(walk: Walkthrough, callers: readonly Introduced[], lang: Language): string {
  const colon = lang === 'zh' ? '：' : ': '
  const heading = (number: number, title: Bilingual, path: string) => `${number}  ${title[lang]}${colon}GET ${path}\n`
  const first = callers[0]!.name
  const line = (name: string, text: string) => `   ${pad(name, nameWidth + 2)}${text}\n`
  const pair = (step: Pick<Walk, 'after'>, before: string, after: (shown: Shown) => string) =>
    line(words.old[lang], before) + line(first, after(step.after.get(first)!))
  const count = (shown: Shown) => {
    const { ids, mobiles } = leaks(shown.text)
    return words.leaking(ids, mobiles)[lang]
  }
  const lines = (shown: Shown) => words.lines(shown.text.trimEnd().split('\n').length)[lang] + count(shown)
  const reached = walk.question.reached ? words.asked[lang] : words.notAsked[lang]
  return [
    heading(1, words.record, walk.student.path) + table(walk.student, callers, lang),
    heading(2, words.error, walk.errorPage.path) +
      pair(walk.errorPage, `${walk.errorPage.before.status} (${count(walk.errorPage.before)})`, s => problem(s, lang)),
    heading(3, words.question, walk.question.path) +
      pair(
        walk.question,
        `${walk.question.before.status} (${count(walk.question.before)})`,
        s => `${problem(s, lang)}${reached}`,
      ),
    heading(4, words.everybody, walk.export.path) + pair(walk.export, lines(walk.export.before), lines),
    `5  ${words.documents[lang]}\n${walk.documents
      .map(({ name, method, path, excerpt, ...step }) => {
        const said = (shown: Shown) => clip(excerpt(shown) || problem(shown, lang), longWidth)
        return `   ${words[name][lang]}${colon}${method} ${path}\n${pair(step, said(step.before), said)}`
      })
      .join('')}`,
  ].join('\n')
}

/** Short values side by side, long ones under one another. */
function table(step: Walk, callers: readonly Introduced[], lang: Language): string {
  const seen = [step.before, ...callers.map(caller => step.after.get(caller.name)!)].map(firstRow)
  const names = [words.old[lang], ...callers.map(caller => caller.name)]
  const how = ['', ...callers.map(caller => caller.how[lang])]
  const row = (name: string, cells: readonly string[]) =>
    `   ${pad(name, nameWidth)}${cells.map(cell => `  ${pad(cell, columnWidth)}`).join('')}`.trimEnd()
  const value = (member: unknown) => (member === undefined ? words.gone[lang] : String(member))
  const lines = [
    row('', names),
    row('', how),
    row(
      '',
      names.map(() => '-'.repeat(columnWidth)),
    ),
  ]
  for (const name of shownNames)
    lines.push(
      row(
        name,
        seen.map(one => value(memberOf(one, name))),
      ),
    )
  for (const name of longNames) {
    lines.push('', `   ${name}`)
    for (const [index, one] of seen.entries()) {
      lines.push(`     ${pad(names[index]!, nameWidth)}${clip(value(memberOf(one, name)), longWidth)}`)
    }
  }
  return `${lines.join('\n')}\n`
}

function firstRow(shown: Shown): unknown {
  try {
    return JSON.parse(shown.text)?.data?.rows?.[0]
  } catch {
    return undefined
  }
}

function memberOf(row: unknown, path: string): unknown {
  let at = row
  for (const name of path.split('.')) at = (at as Record<string, unknown> | undefined | null)?.[name]
  return at
}

/** Status, code and record of a problem answer. */
function problem(shown: Shown, lang: Language): string {
  try {
    const { code, record } = JSON.parse(shown.text)
    if (code === undefined) return String(shown.status)
    return `${shown.status} ${code}${record === undefined ? '' : words.onRecord(record)[lang]}`
  } catch {
    return String(shown.status)
  }
}

function pad(text: string, width: number): string {
  const clipped = clip(text, width)
  return clipped + ' '.repeat(width - displayWidth(clipped))
}

/** A line as lines of at most so many columns, broken at spaces where there are any. */
export function wrap(line: string, width: number): string[] {
  const lines: string[] = []
  let rest = line
  while (displayWidth(rest) > width) {
    const fitting = clip(rest, width + 1).slice(0, -1)
    const space = fitting.lastIndexOf(' ')
    const at = space > fitting.length / 2 ? space : fitting.length
    lines.push(rest.slice(0, at))
    rest = rest.slice(at).trimStart()
  }
  return [...lines, rest]
}

/** Cuts a text to so many columns of a terminal. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (displayWidth(kept) + displayWidth(character) > width - 1) break
    kept += character
  }
  return `${kept}…`
}
