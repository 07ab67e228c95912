/** Writes the catalogue of plugins in plugins/README.md from what the plugins say of themselves. */
import type { DetectorPlugin, MaskPlugin, NotifierPlugin, OptionsSchema, Plugins } from '../gateway/contracts.ts'

/** Markdown, the same for the same plugins. */
export function describePlugins({ masks, detectors, formats, identities, notifiers }: Plugins): string {
  return [
    '### Masks',
    ...masks.map(describeMask),
    '### Detectors',
    ...detectors.map(describeDetector),
    '### Formats',
    table(
      ['format', 'what it reads', 'media types'],
      formats.map(({ name, summary, mediaTypes, suffixes }) => [
        code(name),
        summary.en,
        [...mediaTypes, ...suffixes].map(code).join(', '),
      ]),
    ),
    '### Identities',
    table(
      ['identity', 'what it knows callers by'],
      identities.map(({ name, summary }) => [code(name), summary.en]),
    ),
    '### Notifiers',
    ...notifiers.map(describeNotifier),
  ].join('\n\n')
}

function describeMask({ name, summary, options, examples }: MaskPlugin): string {
  const rows = examples.map(example => [
    code(JSON.stringify(example.options)),
    code(example.in),
    example.out === null ? 'the next stricter form' : code(example.out),
    example.why ?? '',
  ])
  const parts = [`#### ${name}`, `${summary.en}. ${summary.zh}。`, describeOptions(options)]
  if (rows.length > 0) parts.push(table(['options', 'value', 'becomes', 'why'], rows))
  return parts.filter(part => part !== '').join('\n\n')
}

function describeDetector({ name, summary, options, examples }: DetectorPlugin): string {
  const rows = examples.map(({ in: text, finds, why = '' }) => [
    code(text),
    finds.length === 0 ? 'nothing' : finds.map(code).join(', '),
    why,
  ])
  const parts = [`#### ${name}`, `${summary.en}. ${summary.zh}。`, describeOptions(options)]
  return [...parts.filter(part => part !== ''), table(['text', 'finds', 'why'], rows)].join('\n\n')
}

function describeNotifier({ name, summary, options }: NotifierPlugin): string {
  return `#### ${name}\n\n${summary.en}. ${summary.zh}。\n\n${describeOptions(options)}`
}

function describeOptions({ properties, required = [] }: OptionsSchema): string {
  const names = Object.keys(properties)
  if (names.length === 0) return ''
  const rows = names.map(name => {
    const option = properties[name] as { description: string; enum?: readonly unknown[]; default?: unknown }
    const values = option.enum === undefined ? '' : ` One of ${option.enum.map(one => code(String(one))).join(', ')}.`
    const otherwise = 'default' in option ? code(JSON.stringify(option.default)) : ''
    return [code(name), option.description + values, required.includes(name) ? 'must be given' : otherwise]
  })
  return table(['option', 'what it does', 'if left out'], rows)
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A code span in a table: a pipe would part the cells, and spaces at the ends would be taken away. */
function code(text: string): string {
  const shown = text.replaceAll('|', '\\|')
  return /^ | $/.test(shown) ? `\` ${shown} \`` : `\`${shown}\``
}
