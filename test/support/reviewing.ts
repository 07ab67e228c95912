import { join } from 'node:path'
import type { ReviewSettings } from '../../gateway/config/config.ts'
import { limitsFrom, reviewRules } from '../../gateway/config/limits.ts'
import type { ApprovingPeople } from './approving-people.ts'
import type { runCommand } from './run-command.ts'
import { type ApprovingGateway, type ApprovingOptions, startApproving } from './start-approving.ts'

/** A gateway with people who review: security passes, privacy checks, audit releases; a person of each and one more. */
export type ReviewingGateway = ApprovingGateway & {
  /** The folder in which answers wait. */
  readonly held: string
  /** `veilgate reviews …` by this person. */
  reviews(person: string, ...args: string[]): ReturnType<typeof runCommand>
  /** All three steps. */
  pass(id: string): Promise<void>
  /** `GET` as a consumer with a key, or as nobody. */
  ask(path: string, as?: 'staff' | 'counsellor' | null, headers?: Record<string, string>): Promise<Response>
}

export type ReviewingOptions = ApprovingOptions & { readonly limits?: Partial<ReviewSettings['limits']> }

export function reviewSettings(directory: string, limits: Partial<ReviewSettings['limits']> = {}): ReviewSettings {
  return {
    groups: { pass: ['security'], check: ['privacy', 'security'], release: ['audit', 'security'] },
    folder: join(directory, 'held'),
    limits: { ...limitsFrom(reviewRules), ...limits },
  }
}

/** `people`: those of an earlier start in the same folder. */
export async function startReviewing(options: ReviewingOptions, known?: ApprovingPeople): Promise<ReviewingGateway> {
  const { directory, upstream, policies } = options
  const settings = reviewSettings(directory, options.limits)
  const config = { reviews: settings, ...options.config }
  const gateway = await startApproving({ upstream, directory, policies, config }, known)
  const reviews = (person: string, ...args: string[]) => gateway.by(person, 'reviews', ...args)
  return {
    ...gateway,
    held: settings.folder,
    reviews,
    async pass(id) {
      const steps = [
        ['wang', 'pass'],
        ['zhang', 'check'],
        ['chen', 'release'],
      ] as const
      for (const [person, step] of steps) {
        const ran = await reviews(person, step, id)
        if (ran.status !== 0) throw new Error(`${step}: ${ran.stderr}`)
      }
    },
    ask: (path, as = 'staff', headers = {}) =>
      fetch(gateway.url + path, {
        headers: { ...(as !== null && { authorization: `Bearer ${gateway.keys[as]}` }), ...headers },
        redirect: 'manual',
      }),
  }
}
