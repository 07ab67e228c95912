import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bilingual } from '../../contracts.ts'
import { levels } from '../../policy/audiences.ts'
import { renderFaults } from '../../policy/fault.ts'
import type { Audience, Policy } from '../../policy/policy.ts'
import { displayWidth, padded } from '../../terminal.ts'
import { loadAlerts } from '../alerts/file.ts'
import { type Command, exit, type Io, say, UsageError } from '../command.ts'
import { parse } from '../options.ts'
import { openPolicies, policyFolder } from './policies.ts'

export const command: Command = {
  name: 'check',
  summary: { zh: '检查策略文件，列出全部错误', en: 'check policy files, and list everything that is wrong' },
  usage: `[DIR | --config FILE]
      DIR            the policy folder; ./policies if left out
      --config FILE  gateway.yaml, the policies it names, and whether they fit: what \`serve\` looks at before it starts`,
  async run(args, io) {
    const { directory, config } = read(args)
    if (config !== undefined) return (await import('./check-config.ts')).checkConfig(resolve(io.cwd, config), io)
    const opened = openPolicies(directory, io)
    if ('status' in opened) return opened.status
    const alerts = loadAlerts(resolve(io.cwd, directory), directory)
    if ('faults' in alerts) {
      io.stderr(renderFaults(alerts.faults, io.lang))
      return exit.wrong
    }
    io.stdout(policyReport(opened.policy, io))
    return exit.well
  },
}

function read(args: readonly string[]): { directory: string; config: string | undefined } {
  const options = { config: { type: 'string' } } as const
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options, allowPositionals: true }))
  if (positionals.length > (values.config === undefined ? 1 : 0)) throw new UsageError(words.one)
  return { directory: positionals[0] ?? policyFolder, config: values.config }
}

/** The one argument of `test`. */
export function readDirectory(args: readonly string[]): string {
  const { positionals } = parse(() => parseArgs({ args: [...args], allowPositionals: true, options: {} }))
  if (positionals.length > 1) throw new UsageError(words.folder)
  return positionals[0] ?? policyFolder
}

const words = {
  folder: { zh: '只接受一个文件夹。', en: 'Give one folder.' },
  one: { zh: '只接受一个文件夹，或 --config 与一个文件。', en: 'Give one folder, or --config with one file.' },
  types: (count: number): Bilingual => ({ zh: `${count} 种数据类型`, en: `${count} data types` }),
  system: (name: string, routes: number, tests: number): Bilingual => ({
    zh: `${name}：${routes} 条路由，${tests} 个测试`,
    en: `${name}: ${routes} routes, ${tests} tests`,
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
