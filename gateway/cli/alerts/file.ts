/** Reads policies/alerts.yaml: rules over the records, canaries, and the rules' own tests. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Action, Per, Rule, Watch } from '../../access/alerts/rules.ts'
import type { AlertTest, Sample } from '../../access/alerts/samples.ts'
import { usualRate } from '../../access/lockdown/scope.ts'
import { parseHours, parseTime } from '../../config/quantities.ts'
import type { Canary } from '../../masking/canaries.ts'
import { type Fault, fileFault } from '../../policy/fault.ts'
import { validator } from '../../policy/validate.ts'
import { readYaml, type YamlDocument, yamlLimits } from '../../policy/yaml.ts'
import { alertsSchema } from './schema.ts'

export type Alerts = {
  /** `sha256:…` of the file's bytes; of none, where there is no file. */
  readonly digest: string
  readonly rules: readonly Rule[]
  /** Made-up people who stand among the real ones. */
  readonly canaries: readonly Canary[]
  readonly tests: readonly AlertTest[]
  /** By their names: the plugin, and its options with files read. */
  readonly notifiers: ReadonlyMap<string, { readonly plugin: string; readonly options: object }>
}

export const alertsFileName = 'alerts.yaml'
export type LoadedAlerts = Alerts | { readonly faults: readonly Fault[] }

/** What the folder's alerts.yaml says; nothing where it has none. `shown`: how the folder is named in faults. */
export function loadAlerts(directory: string | null, shown = directory ?? ''): LoadedAlerts {
  const path = directory === null ? null : join(directory, alertsFileName)
  if (path === null || !existsSync(path)) return alertsOf(new Uint8Array(), shown, '')
  const name = join(shown, alertsFileName)
  const found = statSync(path)
  if (!found.isFile() || found.size > yamlLimits.size)
    return { faults: [fileFault(name, 'POLICY_UNREADABLE', words.size)] }
  return alertsOf(readFileSync(path), name, path)
}

/** What the bytes of such a file say; nothing where there are none. `path`: what the files it names are relative to. */
export function alertsOf(bytes: Uint8Array, name: string, path: string): LoadedAlerts {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  if (bytes.length === 0) return { digest, rules: [], canaries: [], tests: [], notifiers: new Map() }
  const read = readYaml(name, bytes)
  if ('faults' in read) return read
  const faults = validator(alertsSchema, 'POLICY')(read.document)
  return faults.length > 0 ? { faults } : alertsFrom(read.document, path, digest)
}

type WrittenRule = {
  readonly watch: Watch
  readonly per?: Per
  readonly within?: string
  readonly over?: number
  readonly times_own?: number
  readonly times_peers?: number
  readonly hours?: readonly string[]
  readonly quiet?: string
  readonly actions?: readonly Action[]
  readonly lasts?: string
  readonly slow_to?: number
}
type WrittenSample = Partial<Omit<Sample, 'at' | 'every'>> & { readonly at: string; readonly every?: string }
type WrittenTest = {
  readonly name: string
  readonly records: readonly WrittenSample[]
  readonly expect: readonly string[]
}
type Written = {
  readonly alerts: Readonly<Record<string, WrittenRule>>
  readonly canaries?: readonly Readonly<Record<string, string>>[]
  readonly tests?: readonly WrittenTest[]
  readonly notifiers?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
}

function alertsFrom(document: YamlDocument, path: string, digest: string): LoadedAlerts {
  const written = document.value as Written
  const faults: Fault[] = []
  const rules = Object.entries(written.alerts).map(([name, rule]) => ruleFrom(document, name, rule, faults))
  const tests = (written.tests ?? []).map((test, nth): AlertTest => {
    const samples = test.records.map((sample, at) => {
      const made = sampleFrom(sample)
      if (Number.isNaN(made.at))
        faults.push(document.fault(['tests', nth, 'records', at, 'at'], 'POLICY_SHAPE', words.time))
      return made
    })
    const { name, expect } = test
    return { name, file: document.file, line: document.line(['tests', nth]), samples, expect }
  })
  const canaries = (written.canaries ?? []).flatMap(one =>
    Object.entries(one).map(([dataType, value]) => ({ dataType, value })),
  )
  const notifiers = new Map(
    Object.entries(written.notifiers ?? {}).map(([name, one]) => {
      const [plugin, options] = Object.entries(one)[0]!
      return [name, { plugin, options: withFiles(document, ['notifiers', name, plugin], options, path, faults) }]
    }),
  )
  return faults.length > 0 ? { faults } : { digest, rules, canaries, tests, notifiers }
}

/** Options whose names end in `_file` have that file's text in place of its path. */
function withFiles(
  document: YamlDocument,
  at: readonly string[],
  options: Readonly<Record<string, unknown>>,
  path: string,
  faults: Fault[],
): object {
  const read = Object.entries(options).map(([key, value]): [string, unknown] => {
    if (!key.endsWith('_file')) return [key, value]
    const file = resolve(dirname(path), String(value))
    const found = statSync(file, { throwIfNoEntry: false })
    const text = found?.isFile() && found.size <= 64 * 1024 ? readFileSync(file, 'utf8').trim() : ''
    if (text === '') faults.push(document.fault([...at, key], 'POLICY_UNREADABLE', words.file))
    if (found !== undefined && (found.mode & 0o077) !== 0)
      faults.push(document.fault([...at, key], 'POLICY_UNREADABLE', words.open))
    return [key, text]
  })
  return Object.fromEntries(read)
}

function ruleFrom(document: YamlDocument, name: string, rule: WrittenRule, faults: Fault[]): Rule {
  const hours = (rule.hours ?? []).flatMap((text, nth) => {
    const parsed = parseHours(text)
    if (parsed === null) faults.push(document.fault(['alerts', name, 'hours', nth], 'POLICY_SHAPE', words.hours))
    return parsed ?? []
  })
  if (rule.watch === 'off_hours' && rule.hours === undefined)
    faults.push(document.fault(['alerts', name], 'POLICY_MISSING_KEY', words.noHours, { at: 'key' }))
  return {
    ...{ name, watch: rule.watch, per: rule.per ?? 'operator', hours },
    within: parseTime(rule.within ?? '1h')!,
    over: rule.over ?? 0,
    timesOwn: rule.times_own ?? null,
    timesPeers: rule.times_peers ?? null,
    quiet: parseTime(rule.quiet ?? '24h')!,
    actions: rule.actions ?? ['notify'],
    lasts: parseTime(rule.lasts ?? '24h')!,
    slowTo: rule.slow_to ?? usualRate,
  }
}

function sampleFrom(sample: WrittenSample): Sample {
  const kind = sample.kind ?? 'access'
  const people = sample.people ?? 0
  const preset = {
    times: 1,
    days: 1,
    consumer: 'oa',
    operator: null,
    address: '10.0.0.1',
    same: false,
    rows: people,
    clear: 0,
  }
  const status = { status: kind === 'refused' ? 403 : 200, code: null, searched: false, grant: null }
  const at = Date.parse(`${sample.at}${sample.at.length === 16 ? ':00' : ''}Z`)
  return {
    ...{ ...preset, ...status, reference: null, canary: false, ...sample },
    ...{ kind, people, at, every: parseTime(sample.every ?? '1m')! },
  }
}

const words = {
  size: { zh: '不是普通文件，或超过 1 MiB', en: 'this is no regular file, or over 1 MiB' },
  time: { zh: '时间写作 2026-11-20T09:30', en: 'write a time as 2026-11-20T09:30' },
  hours: { zh: '工作时间写作 Mon-Fri 08:00-18:00', en: 'write working hours as Mon-Fri 08:00-18:00' },
  file: { zh: '文件不存在、为空或过大', en: 'there is no such file, or it is empty or too large' },
  open: { zh: '此文件他人可读；请 chmod 600', en: 'others can read this file; chmod 600 it' },
  noHours: { zh: 'off_hours 须写明 hours', en: 'off_hours needs `hours`' },
}
