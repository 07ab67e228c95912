import { resolve } from 'node:path'
import { runAlertTest } from '../../access/alerts/samples.ts'
import { clockIn } from '../../access/clock.ts'
import type { Bilingual } from '../../contracts.ts'
import { problems } from '../../errors.ts'
import { renderFaults } from '../../policy/fault.ts'
import { runTests, type TestFailure, type TestOutcome, type TestResult } from '../../policy/run-tests.ts'
import { comparesAsJson } from '../../policy/test-cases.ts'
import { loadAlerts } from '../alerts/file.ts'
import { type Command, exit, type Io, say } from '../command.ts'
import { readDirectory } from './check.ts'
import { differencesIn } from './differing.ts'
import { metInTests } from './met-in-tests.ts'
import { engine, openPolicies } from './policies.ts'
import { unmetFields, unmetText } from './unmet-fields.ts'

const words = {
  none: { zh: '没有找到任何测试', en: 'no tests found' },
  expected: { zh: '应为', en: 'expected' },
  got: { zh: '实为', en: 'got' },
  nothing: { zh: '（空）', en: '(nothing)' },
  line: { zh: '第', en: 'line' },
  more: { zh: '处差异未列出', en: 'more differences' },
} satisfies Record<string, Bilingual>

export const command: Command = {
  name: 'test',
  summary: { zh: '运行策略文件中的测试', en: 'run the tests in policy files' },
  usage: '[DIR]    the policy folder; ./policies if left out',
  async run(args, io) {
    const opened = openPolicies(readDirectory(args), io)
    if ('status' in opened) return opened.status
    const { policy } = opened
    const results = [...policy.systems.values()].flatMap(system => runTests(policy, system, engine))
    for (const result of results) io.stdout(resultText(result, io))
    const alerts = alertResults(readDirectory(args), io)
    if (typeof alerts === 'number') return alerts
    for (const system of policy.systems.values())
      io.stdout(unmetText(system.name, unmetFields(policy, system, metInTests(policy, system)), io.lang))
    if (results.length === 0) io.stdout(`FAIL: ${say(words.none, io.lang)}\n`)
    const passed = results.filter(({ failures }) => failures.length === 0).length + alerts.passed
    const all = results.length + alerts.all
    const well = passed === all && results.length > 0
    if (results.length > 0) io.stdout(`${well ? 'PASS' : 'FAIL'}: ${passed}/${all}\n`)
    return well ? exit.well : exit.wrong
  },
}

/** Those of alerts.yaml, printed as they are run; or the exit status, where it has faults. */
function alertResults(directory: string, io: Io): { passed: number; all: number } | number {
  const alerts = loadAlerts(resolve(io.cwd, directory), directory)
  if ('faults' in alerts) {
    io.stderr(renderFaults(alerts.faults, io.lang))
    return exit.wrong
  }
  const clock = clockIn('Asia/Shanghai')
  let passed = 0
  for (const test of alerts.tests) {
    const got = runAlertTest(test, alerts.rules, clock)
    const isWell = got.join() === test.expect.join()
    if (isWell) passed++
    io.stdout(`${test.file}:${test.line} ${isWell ? 'PASS' : 'FAIL'} ${test.name}\n`)
    if (!isWell)
      io.stdout(
        `    ${say(words.expected, io.lang)} ${test.expect.join(', ') || say(words.nothing, io.lang)}\n    ${say(words.got, io.lang)} ${got.join(', ') || say(words.nothing, io.lang)}\n`,
      )
  }
  return { passed, all: alerts.tests.length }
}

function resultText({ test, failures }: TestResult, io: Io): string {
  const mark = failures.length === 0 ? 'PASS' : 'FAIL'
  const isJson = comparesAsJson(test.mediaType)
  return `${test.file}:${test.line} ${mark} ${test.name}\n${failures.map(failure => failureText(failure, isJson, io)).join('')}`
}

/** A body up to so many characters is shown whole; of a longer one the places that differ, and so many of them. */
const [short, mostShown] = [200, 20]

/** What was expected and what came, as written in the policy file or made from it. */
function failureText({ expectation, got }: TestFailure, isJson: boolean, io: Io): string {
  const { audience, presented, line } = expectation
  const asked = presented.size === 0 ? audience : `${audience} + ${[...presented].join(' + ')}`
  const places = 'sees' in expectation && 'sees' in got ? placesText(expectation.sees, got.sees, isJson, io) : ''
  return `  ${line}: ${asked}\n${places || pairText(outcomeText(expectation, io), outcomeText(got, io), '    ', io)}`
}

/** Empty: both are short, or differ in nothing that could be shown apart. */
function placesText(expected: string, got: string, isJson: boolean, io: Io): string {
  if (Math.max(expected.length, got.length) <= short) return ''
  const all = differencesIn(expected, got, isJson)
  const text = all.slice(0, mostShown).map(({ place, expected, got }) => {
    const at =
      typeof place === 'number' ? `${say(words.line, io.lang)} ${place}${io.lang === 'zh' ? ' 行' : ''}` : place
    const nothing = say(words.nothing, io.lang)
    return `    ${at}\n${pairText(expected ?? nothing, got ?? nothing, '      ', io)}`
  })
  const more = all.length - mostShown
  return `${text.join('')}${more > 0 ? `    … ${more} ${say(words.more, io.lang)}\n` : ''}`
}

function pairText(expected: string, got: string, indent: string, io: Io): string {
  return `${indent}${say(words.expected, io.lang)} ${expected}\n${indent}${say(words.got, io.lang)} ${got}\n`
}

function outcomeText(outcome: TestOutcome, io: Io): string {
  if ('refused' in outcome) return `${outcome.refused} (${say(problems[outcome.refused].title, io.lang)})`
  return outcome.sees === '' ? say(words.nothing, io.lang) : outcome.sees.trimEnd()
}
