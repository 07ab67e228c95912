/** How the gateway stands: to who runs it, what it is ready for; to who guards it, what is in force. */
import type { FastifyInstance } from 'fastify'
import type { Policy } from '../policy/policy.ts'

/** Whether the gateway can do its work, and what is in the way. Words and digests only. */
export type Readiness = {
  readonly records: 'usable' | 'unusable'
  /** Why records are not usable. */
  readonly cause: string | null
  /** `sha256:…` of the policy in force; null: none. */
  readonly policy: string | null
  /** Whether callers can connect. */
  readonly listening: boolean
  readonly stopping: boolean
}

export type StandingApi = {
  readonly readiness: () => Readiness
  /** The one in force. */
  readonly policy: () => Policy
  /** `sha256:…` of the configuration. */
  readonly config: string
}

/** Adds `/api/status` and `/api/policy`. */
export function addStandingApi(app: FastifyInstance, { readiness, policy, config }: StandingApi): void {
  app.get('/api/status', () => ({ ...readiness(), config }))

  app.get('/api/policy', () => {
    const { digest, systems, audiences } = policy()
    return {
      digest,
      systems: [...systems.values()].map(({ name, routes }) => ({ name, routes: routes.length })),
      audiences: [...audiences.keys()],
    }
  })
}
