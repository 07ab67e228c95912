import { createHmac } from 'node:crypto'
import type { KeyRing } from '../contracts.ts'
import type { ProblemCode } from '../errors.ts'
import { sameJson } from './json-values.ts'
import type { Plan } from './plan.ts'
import type { Expectation, Policy, RoutePolicy, SystemPolicy, TestCase } from './policy.ts'
import { comparesAsJson } from './test-cases.ts'

/** The steps of an exchange that a test goes through: the very functions that traffic goes through. */
export type TestEngine = {
  /** Reads a target; `refuse` says whether the plan's audience may ask by its parameters. */
  target(text: string): TestTarget | { readonly refused: ProblemCode }
  /** Masks one body as the gateway would for an operator (nobody) on a day (today): what leaves, or the code it is withheld with. */
  mask(plan: Plan, mediaType: string, body: Uint8Array, test?: Pick<TestCase, 'on' | 'as'>): TestOutcome
}

export type TestTarget = {
  /** In the one normal form, without the query. */
  readonly path: string
  refuse(plan: Plan, route: RoutePolicy): ProblemCode | null
}

export type TestOutcome = { readonly sees: string } | { readonly refused: ProblemCode }

export type TestFailure = { readonly expectation: Expectation; readonly got: TestOutcome }

export type TestResult = { readonly test: TestCase; readonly failures: readonly TestFailure[] }

/** Keys for `check` and `test`: public, and the same everywhere, so that a token can stand in an expectation. */
export const testKeys: KeyRing = {
  secret: purpose => createHmac('sha256', 'veilgate policy tests').update(purpose).digest(),
}

/** Runs the tests of one system. */
export function runTests(policy: Policy, system: SystemPolicy, engine: TestEngine): TestResult[] {
  return system.tests.map(test => {
    const failures = test.expectations.flatMap(expectation => {
      const got = exchange(policy, system, test, expectation, engine)
      return agrees(test, expectation, got) ? [] : [{ expectation, got }]
    })
    return { test, failures }
  })
}

function exchange(
  policy: Policy,
  system: SystemPolicy,
  test: TestCase,
  { audience, presented }: Expectation,
  engine: TestEngine,
): TestOutcome {
  const target = engine.target(test.target)
  if ('refused' in target) return target
  const match = system.match(test.method, target.path)
  if ('refused' in match) return { refused: match.refused }
  const plan = policy.plan(system, match.route, audience, presented)
  const refused = target.refuse(plan, match.route)
  if (refused !== null) return { refused }
  return test.given === '' ? { sees: '' } : engine.mask(plan, test.mediaType, Buffer.from(test.given, 'utf8'), test)
}

function agrees({ mediaType }: TestCase, expectation: Expectation, got: TestOutcome): boolean {
  if ('refused' in expectation) return 'refused' in got && got.refused === expectation.refused
  if (!('sees' in got)) return false
  if (comparesAsJson(mediaType)) return sameJson(expectation.sees, got.sees)
  return expectation.sees.trimEnd() === got.sees.trimEnd()
}
