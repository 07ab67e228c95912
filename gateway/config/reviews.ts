/** Who reviews answers that wait, and how long and how many may. */
import type { Approver, ReviewLimits, ReviewSettings } from './config.ts'
import { reviewSteps } from './config.ts'
import type { Findings } from './findings.ts'
import { limitsFrom, reviewRules } from './limits.ts'

export type WrittenReviews = {
  readonly pass: readonly string[]
  readonly check: readonly string[]
  readonly release: readonly string[]
  readonly folder?: string
} & Readonly<Partial<Record<keyof ReviewLimits, string | number>>>

/** null: nothing is reviewed. A step that nobody could do, or no three different people, is a fault. */
export function reviewsFrom(
  findings: Findings,
  written: WrittenReviews | undefined,
  approvers: readonly Approver[],
): ReviewSettings | null {
  if (written === undefined) return null
  const { pass, check, release, folder = 'held' } = written
  for (const step of reviewSteps)
    for (const [at, group] of written[step].entries())
      if (!approvers.some(one => one.group === group))
        findings.wrong(['reviews', step, at], 'CONFIG_REVIEWS', words.nobody(group))
  const able = reviewSteps.map(step => approvers.filter(one => written[step].includes(one.group)).map(one => one.name))
  if (able.every(names => names.length > 0) && !hasThree(able as [string[], string[], string[]]))
    findings.wrong(['reviews'], 'CONFIG_REVIEWS', words.three)
  return {
    groups: { pass, check, release },
    folder: findings.absolute(folder),
    limits: limitsFrom(reviewRules, written),
  }
}

/** Whether there is one for each step, none of them twice. */
function hasThree([first, second, third]: readonly [readonly string[], readonly string[], readonly string[]]): boolean {
  return first.some(one => second.some(two => two !== one && third.some(last => last !== one && last !== two)))
}

const words = {
  nobody: (group: string) => ({
    zh: `approvers 中没有“${group}”组的人`,
    en: `nobody among \`approvers\` is of the group '${group}'`,
  }),
  three: {
    zh: '初审、复核、签发须由三个不同的人完成，approvers 中凑不出三人',
    en: 'pass, check and release take three different people; `approvers` has no such three',
  },
}
