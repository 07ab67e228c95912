import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { renderFaults } from '../../policy/fault.ts'
import { loadAlerts } from '../alerts/file.ts'
import { type Command, exit, UsageError } from '../command.ts'
import { parse } from '../options.ts'
import { openPolicies, policyFolder } from './policies.ts'
import { policyReport } from './policy-report.ts'

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
}
