import { createHmac } from 'node:crypto'
import type { KeyRing } from '../contracts.ts'
import type { ProblemCode } from '../errors.ts'
import { sameJson } from './json-values.ts'
import { refuseParameter } from './parameters.ts'
import type { Plan } from './plan.ts'
import type { Expectation, Policy, SystemPolicy, TestCase } from './policy.ts'

/** Masks one body as the gateway would: what leaves, or the code it is withheld with. */
export type MaskBody = (plan: Plan, mediaType: string, body: Uint8Array) => TestOutcome

export type TestOutcome = { readonly sees: string } | { readonly refused: ProblemCode }

export type TestFailure = { readonly expectation: Expectation; readonly got: TestOutcome }

export type TestResult = { readonly test: TestCase; readonly failures: readonly TestFailure[] }

/** Keys for `check` and `test`: public, and the same everywhere, so that a token can stand in an expectation. */
export const testKeys: KeyRing = {
  secret: purpose => createHmac('sha256', 'veilgate policy tests').update(purpose).digest(),
}

/** Runs the tests of one system through the engine that `mask` is. */
export function runTests(policy: Policy, system: SystemPolicy, mask: MaskBody): TestResult[] {
  return system.tests.map(test => {
    const failures = test.expectations.flatMap(expectation => {
      const got = exchange(policy, system, test, expectation, mask)
      return agrees(expectation, got) ? [] : [{ expectation, got }]
    })
    return { test, failures }
  })
}

function exchange(
  policy: Policy,
  system: SystemPolicy,
  test: TestCase,
  expectation: Expectation,
  mask: MaskBody,
): TestOutcome {
  const target = new URL(test.target, 'http://upstream')
  const match = system.match(test.method, target.pathname)
  if ('refused' in match) return match
  const plan = policy.plan(system, match.route, expectation.audience, expectation.presented)
  for (const name of target.searchParams.keys()) {
    const refused = refuseParameter(plan, match.route, name)
    if (refused !== null) return { refused }
  }
  return test.given === '' ? { sees: '' } : mask(plan, test.mediaType, Buffer.from(test.given, 'utf8'))
}

function agrees(expectation: Expectation, got: TestOutcome): boolean {
  if ('refused' in expectation) return 'refused' in got && got.refused === expectation.refused
  return 'sees' in got && sameJson(expectation.sees, got.sees)
}
