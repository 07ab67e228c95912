/** The page of the catalogue: every data type with what each form makes of a made-up value of it. Markdown. */
import type { Bilingual, Form } from '../contracts.ts'
import type { Catalogue, CatalogueType } from './catalogue.ts'
import { allForms } from './schema-parts.ts'

type Language = 'zh' | 'en'

const classes: readonly (readonly [string, Bilingual])[] = [
  ['A', { zh: 'A 身份与鉴权', en: 'A: identity and credentials' }],
  ['B', { zh: 'B 用户数据与内容', en: 'B: user data and content' }],
  ['C', { zh: 'C 服务相关', en: 'C: service-related' }],
  ['D', { zh: 'D 统计', en: 'D: statistics' }],
]
const columns: readonly Bilingual[] = [
  { zh: '类型', en: 'Type' },
  { zh: '类级', en: 'Cell' },
  { zh: '字段名', en: 'Field names' },
  { zh: '检测器', en: 'Detector' },
  { zh: '依据', en: 'Source' },
  { zh: '示例', en: 'Example' },
]
const gone: Bilingual = { zh: '（删去）', en: '(gone)' }
const shownNames = 4
/** Tokens and digests are longer than what needs to be seen of them. */
const shownCharacters = 24
const forms = allForms.slice(1)

/** One table for each class, in order of level. */
export function typesPage(catalogue: Catalogue, lang: Language): string {
  const types = [...catalogue.values()]
  return classes
    .map(([letter, title]) => {
      const ofClass = types.filter(({ cell }) => cell[0] === letter).sort((a, b) => b.level - a.level)
      const head = [...columns.map(column => column[lang]), ...forms.map(form => `\`${form}\``)]
      const rows = [head, head.map(() => '---'), ...ofClass.map(type => row(type, lang))]
      return `## ${title[lang]}\n\n${rows.map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('')}`
    })
    .join('\n')
}

function row(type: CatalogueType, lang: Language): string[] {
  const { name, title, cell, names, detector, source, examples } = type
  const [example] = examples
  const more =
    names.length > shownNames
      ? lang === 'zh'
        ? ` 等 ${names.length} 个`
        : ` and ${names.length - shownNames} more`
      : ''
  return [
    `\`${name}\` ${title[lang]}`,
    cell,
    someNames(type).join(lang === 'zh' ? '、' : ', ') + more,
    detector === null ? '' : `\`${detector.name}\``,
    source ?? '',
    example === undefined ? '' : code(example),
    ...forms.map(form => made(type, form, example, lang)),
  ]
}

/** The first names, Latin and Chinese in turn. */
function someNames({ names }: CatalogueType): string[] {
  const written = names.map(({ name }) => name)
  const chinese = written.filter(name => /\p{Script=Han}/u.test(name)).slice(0, shownNames / 2)
  const latin = written.filter(name => !/\p{Script=Han}/u.test(name)).slice(0, shownNames - chinese.length)
  return [...latin, ...chinese].map(name => `\`${name}\``)
}

/** What a form shows of the example: what it makes of it, or the next stricter one that has a mask for it. */
function made({ name, masks, always }: CatalogueType, form: Form, example: string | undefined, lang: Language): string {
  const from = Math.max(allForms.indexOf(form), always === null ? 0 : allForms.indexOf(always))
  for (const next of allForms.slice(from)) {
    if (next === 'redact') return '`***`'
    if (next === 'remove') return gone[lang]
    const shown = example === undefined ? null : (masks.get(next)?.mask(example, scopeOf(name)) ?? null)
    if (shown !== null) return code(shown.length > shownCharacters ? `${shown.slice(0, shownCharacters)}…` : shown)
  }
  return gone[lang]
}

function scopeOf(dataType: string) {
  return { consumer: 'page', purpose: 'page', dataType }
}

function code(text: string): string {
  return `\`${text}\``
}
