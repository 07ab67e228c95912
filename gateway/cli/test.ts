import type { Bilingual } from '../contracts.ts'
import { runTests, type TestFailure, type TestOutcome, type TestResult } from '../policy/run-tests.ts'
import { readDirectory } from './check.ts'
import { type Command, exit, type Io, say } from './command.ts'
import { engine, openPolicies } from './policies.ts'

const words = {
  none: { zh: '没有找到任何测试', en: 'no tests found' },
  expected: { zh: '应为', en: 'expected' },
  got: { zh: '实为', en: 'got' },
  nothing: { zh: '（空）', en: '(nothing)' },
} satisfies Record<string, Bilingual>

export const command: Command = {
  name: 'test',
  summary: { zh: '运行策略文件中的测试', en: 'Run the tests in policy files' },
  usage: '[DIR]    the policy folder; ./policies if left out',
  async run(args, io) {
    const opened = openPolicies(readDirectory(args), io)
    if ('status' in opened) return opened.status
    const { policy } = opened
    const results = [...policy.systems.values()].flatMap(system => runTests(policy, system, engine))
    for (const result of results) io.stdout(resultText(result, io))
    if (results.length === 0) io.stdout(`FAIL: ${say(words.none, io.lang)}\n`)
    const passed = results.filter(({ failures }) => failures.length === 0).length
    const well = passed === results.length && results.length > 0
    if (results.length > 0) io.stdout(`${well ? 'PASS' : 'FAIL'}: ${passed}/${results.length}\n`)
    return well ? exit.well : exit.wrong
  },
}

function resultText({ test, failures }: TestResult, io: Io): string {
  const mark = failures.length === 0 ? 'PASS' : 'FAIL'
  return `${test.file}:${test.line} ${mark} ${test.name}\n${failures.map(failure => failureText(failure, io)).join('')}`
}

/** What was expected and what came, as written in the policy file or made from it. */
function failureText({ expectation, got }: TestFailure, io: Io): string {
  const { audience, presented, line } = expectation
  const asked = presented.size === 0 ? audience : `${audience} + ${[...presented].join(' + ')}`
  const expected = outcomeText(expectation, io)
  return `  ${line}: ${asked}\n    ${say(words.expected, io.lang)} ${expected}\n    ${say(words.got, io.lang)} ${outcomeText(got, io)}\n`
}

function outcomeText(outcome: TestOutcome, io: Io): string {
  if ('refused' in outcome) return outcome.refused
  return outcome.sees === '' ? say(words.nothing, io.lang) : outcome.sees.trimEnd()
}
