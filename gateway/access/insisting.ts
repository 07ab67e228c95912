import type { RequestHead } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import type { Plan, Presentable } from '../policy/plan.ts'
import type { Audience } from '../policy/policy.ts'

/**
 * A caller that sends `Prefer: handling=strict` (RFC 7240) would rather have no answer than one with fields masked that it
 * could see clear: it is refused with the list of what it has not presented. Counted are the levels of the fields that the
 * route and its system name; where they name none, all that can be raised. Throws Refusal STATEMENT_MISSING.
 */
export function checkInsisting(
  head: RequestHead,
  plan: Plan,
  audience: Audience | undefined,
  presented: ReadonlySet<Presentable>,
): void {
  if (audience === undefined || !insists(head)) return
  const own = plan.bindings
    .filter(({ step, weak, handsOut }) => step < 2 && !weak && handsOut === undefined)
    .map(({ type }) => plan.types[type]!)
  const levels = new Set(own.filter(({ kind }) => kind === 'typed').map(({ level }) => level))
  const demanded = [...audience.clearWith].flatMap(([level, words]) =>
    levels.size === 0 || levels.has(level) ? [...words] : [],
  )
  const missing = [...new Set(demanded)].filter(word => !presented.has(word))
  if (missing.length > 0) throw new Refusal('STATEMENT_MISSING', { missing })
}

/** Whether it would rather have no answer than a masked one. */
export function insists({ headers }: RequestHead): boolean {
  const preferences = headers['prefer']
  return preferences !== undefined && isStrict(preferences)
}

/** The first of several of the same name counts (RFC 7240 2). */
function isStrict(values: readonly string[]): boolean {
  const handling = /(?:^|,)\s*handling\s*=\s*("?)([a-z]+)\1\s*(?:;[^,]*)?(?=,|$)/i.exec(values.join(','))
  return handling?.[2]?.toLowerCase() === 'strict'
}
