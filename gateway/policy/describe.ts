/** The generated parts of the documents in policies/: JSON Schema files for editors, and tables of keys for people. */
import type { Bilingual, Plugins } from '../contracts.ts'
import { type FileKind, schemasOf } from './schema.ts'
import type { Schema } from './validate.ts'

type Language = 'zh' | 'en'

/** The text of `policies/schema/<kind>.json`. */
export function schemaText(plugins: Plugins, kind: FileKind): string {
  return `${JSON.stringify(schemasOf(plugins)[kind], null, 2)}\n`
}

const headings: Readonly<Record<string, Bilingual>> = {
  key: { zh: '键', en: 'Key' },
  takes: { zh: '写什么', en: 'Takes' },
  meaning: { zh: '含义', en: 'Meaning' },
  mask: { zh: '遮盖方式', en: 'Mask' },
  detector: { zh: '检测器', en: 'Detector' },
  options: { zh: '选项', en: 'Options' },
}

/** A table of every key of one kind of file: Markdown. */
function keyTable(plugins: Plugins, kind: FileKind, lang: Language): string {
  const rows: string[][] = []
  const walk = (schema: Schema, path: string) => {
    const { properties = {}, required = [], additionalProperties, items } = schema as Parts
    for (const [key, value] of Object.entries(properties)) {
      // The four levels are alike.
      if (/^[123]$/.test(key)) continue
      const here = [...(path === '' ? [] : [path]), key === '4' ? 'LEVEL' : key].join('.')
      rows.push([`\`${here}\`${required.includes(key) ? ' *' : ''}`, takes(value, lang), meaning(value, lang)])
      // Masks and detectors have tables of their own.
      if (!/\.forms\.[a-z]+$|\.detector$|\.title$/.test(`.${here}`)) walk(value, here)
    }
    if (typeof additionalProperties === 'object') walk(additionalProperties, `${path}.NAME`)
    if (items !== undefined) walk(items, `${path}[]`)
  }
  walk(schemasOf(plugins)[kind], '')
  const shown = rows.filter(([key]) => key !== '`$schema`')
  return table(['key', 'takes', 'meaning'], shown, lang)
}

/** A table of the masks or detectors with their options: Markdown. */
function pluginTable(plugins: Plugins, kind: 'mask' | 'detector', lang: Language): string {
  const rows = plugins[`${kind}s`].map(({ name, summary, options }) => {
    const told = Object.entries(options.properties).map(
      ([key, schema]) => `\`${key}\`: ${takes(schema as Schema, lang)}`,
    )
    return [`\`${name}\``, summary[lang], told.join('; ')]
  })
  return table([kind, 'meaning', 'options'], rows, lang)
}

/** Replaces what stands between `<!-- generated NAME -->` and `<!-- end -->`. Throws an Error for a NAME nothing is made for. */
export function fillMarked(text: string, made: ReadonlyMap<string, string>): string {
  return text.replace(
    /(<!-- generated (\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_all, start: string, name: string, end: string) => {
      const content = made.get(name)
      if (content === undefined) throw new Error(`nothing is generated under the name ${name}`)
      return `${start}${content}${end}`
    },
  )
}

/** What the READMEs in policies/ have between their marks, by name. */
export function policyTables(plugins: Plugins, lang: Language): ReadonlyMap<string, string> {
  return new Map([
    ['catalogue', keyTable(plugins, 'catalogue', lang)],
    ['audiences', keyTable(plugins, 'audiences', lang)],
    ['system', keyTable(plugins, 'system', lang)],
    ['masks', pluginTable(plugins, 'mask', lang)],
    ['detectors', pluginTable(plugins, 'detector', lang)],
  ])
}

type Parts = {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
}

const kinds: Readonly<Record<string, Bilingual>> = {
  string: { zh: '文字', en: 'text' },
  integer: { zh: '整数', en: 'whole number' },
  number: { zh: '数字', en: 'number' },
  boolean: { zh: 'true、false', en: 'true, false' },
  object: { zh: '一组', en: 'group' },
  array: { zh: '列表', en: 'list' },
}

function takes(schema: Schema, lang: Language): string {
  const { enum: words, then, items, default: preset } = schema as Record<string, never>
  const allowed = (words ?? (then as { enum?: string[] } | undefined)?.enum) as readonly unknown[] | undefined
  const comma = lang === 'zh' ? '、' : ', '
  const types = [schema['type'] ?? []].flat() as string[]
  const listed = allowed?.map(word => `\`${word}\``).join(comma)
  const element =
    items === undefined ? undefined : (items as { enum?: string[] }).enum?.map(word => `\`${word}\``).join(comma)
  const named = types.map(type => (type === 'string' && listed !== undefined ? listed : (kinds[type]?.[lang] ?? type)))
  const told = named.length > 0 ? named.join(lang === 'zh' ? '或' : ' or ') : (listed ?? '')
  const first = preset === undefined ? '' : lang === 'zh' ? `（默认 \`${preset}\`）` : ` (\`${preset}\`)`
  return (element === undefined ? told : `${told}: ${element}`) + first
}

function meaning(schema: Schema, lang: Language): string {
  const told = lang === 'zh' ? (schema['x-zh'] ?? schema['description']) : schema['description']
  return typeof told === 'string' ? told : ''
}

function table(columns: readonly string[], rows: readonly (readonly string[])[], lang: Language): string {
  const cellText = (text: string) => text.replaceAll('|', '\\|')
  const head = columns.map(column => headings[column]![lang])
  const lines = [head, columns.map(() => '---'), ...rows].map(row => `| ${row.map(cellText).join(' | ')} |\n`)
  return lines.join('')
}
