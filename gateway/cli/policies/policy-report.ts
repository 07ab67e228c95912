import type { Bilingual } from '../../contracts.ts'
import { levels } from '../../policy/audiences.ts'
import type { Audience, Policy } from '../../policy/policy.ts'
import { displayWidth, padded } from '../../terminal.ts'
import { type Io, say } from '../command.ts'

const words = {
  types: (count: number): Bilingual => ({ zh: `${count} 种数据类型`, en: `${count} data types` }),
  system: (name: string, routes: number, tests: number): Bilingual => ({
    zh: `${name}：${routes} 条路由，${tests} 个测试`,
    en: `${name}: ${routes} ${routes === 1 ? 'route' : 'routes'}, ${tests} ${tests === 1 ? 'test' : 'tests'}`,
  }),
  audiences: (count: number): Bilingual => ({ zh: `${count} 类受众`, en: `${count} audiences` }),
  audience: { zh: '受众', en: 'audience' },
  level: { zh: '级', en: 'level ' },
  clearWith: (level: number, demanded: readonly string[]): Bilingual => ({
    zh: `出示 ${demanded.join('、')} 后第 ${level} 级为 clear`,
    en: `level ${level} clear with ${demanded.join(', ')}`,
  }),
  always: { zh: '对所有受众', en: 'for everyone' },
}

/** One line for each file, then what each audience sees of each level. */
export function policyReport(policy: Policy, io: Io): string {
  const lines = policy.files.map(file => {
    const system = [...policy.systems.values()].find(one => one.file === file)
    const about = system
      ? words.system(system.name, system.routes.length, system.tests.length)
      : file.endsWith('audiences.yaml')
        ? words.audiences(policy.audiences.size)
        : words.types([...policy.catalogue.values()].filter(type => type.file === file).length)
    return `${file}  ${say(about, io.lang)}`
  })
  const rows = [
    [say(words.audience, io.lang), ...levels.map(level => levelName(level, io))],
    ...[...policy.audiences.values()].map(audience => [
      audience.name,
      ...levels.map(level => audience.forms.get(level) ?? 'remove'),
      ...demands(audience, io),
    ]),
  ]
  const always = [...policy.always].map(([cell, form]) => `${cell} ${form}`).join(', ')
  const everyone = always === '' ? '' : `${say(words.always, io.lang)}: ${always}\n`
  return `${lines.join('\n')}\n\n${columns(rows)}${everyone}`
}

function levelName(level: number, { lang }: Io): string {
  return lang === 'zh' ? `${level} ${words.level.zh}` : `${words.level.en}${level}`
}

function demands({ clearWith }: Audience, io: Io): string[] {
  return [...clearWith].map(([level, demanded]) => say(words.clearWith(level, [...demanded]), io.lang))
}

/** Aligns the first five columns; what follows is a remark on a line of its own. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2, 3, 4].map(column => Math.max(...rows.map(row => displayWidth(row[column] ?? ''))))
  const cell = (text: string, column: number) => padded(text, widths[column]! + 2)
  return rows
    .map(row => {
      const remarks = row.slice(5).map(remark => `${' '.repeat(widths[0]! + 2)}${remark}\n`)
      return `${row.slice(0, 5).map(cell).join('').trimEnd()}\n${remarks.join('')}`
    })
    .join('')
}
