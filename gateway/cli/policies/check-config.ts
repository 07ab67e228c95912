/** `check --config`: gateway.yaml, the policies it names, and whether the two fit, as `serve` finds out; nothing is opened or made. */
import { relative } from 'node:path'
import type { Config } from '../../config/config.ts'
import type { Bilingual } from '../../contracts.ts'
import { renderFaults } from '../../policy/fault.ts'
import type { Policy } from '../../policy/policy.ts'
import { loadAlerts } from '../alerts/file.ts'
import { exit, type Io, say } from '../command.ts'
import { readInstalled } from '../serve/read-installed.ts'
import { systemLines } from '../serve/text.ts'
import { policyReport } from './policy-report.ts'

const words = {
  systems: { zh: '接入的系统', en: 'systems it serves' },
  unserved: (names: string): Bilingual => ({
    zh: `有策略但未接入的系统：${names}。要接入，请写进 gateway.yaml 的 systems；名称须一致。`,
    en: `Systems with a policy that are not served: ${names}. To serve one, name it under \`systems\` in gateway.yaml, by the same name.`,
  }),
}

/** `path`: absolute. Prints what is wrong, or what would be served; returns the exit status. */
export async function checkConfig(path: string, io: Io): Promise<number> {
  const read = await readInstalled(path, io)
  if (typeof read === 'number') return read
  const alerts = loadAlerts(read.config.policies, read.policiesShownAs)
  if ('faults' in alerts) {
    io.stderr(renderFaults(alerts.faults, io.lang))
    return exit.wrong
  }
  io.stdout(`${policyReport(read.policy, io)}\n${served(relative(io.cwd, path), read.config, read.policy, io)}`)
  return exit.well
}

function served(file: string, config: Config, policy: Policy, { lang }: Io): string {
  const lines = systemLines(config, lang).map(line => `  ${line}\n`)
  const unserved = [...policy.systems.keys()].filter(name => !config.systems.has(name))
  const remark = unserved.length === 0 ? '' : `${say(words.unserved(unserved.join(', ')), lang)}\n`
  return `${file}  ${say(words.systems, lang)}:\n${lines.join('')}${remark}`
}
