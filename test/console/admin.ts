import { type Admin, createAdmin } from '../../gateway/console/admin.ts'
import { createMetrics, type Metrics } from '../../gateway/console/metrics.ts'
import type { Readiness } from '../../gateway/console/standing-api.ts'

export const token = 'A'.repeat(43)
export const digest = `sha256:${'a'.repeat(64)}`

const records = {
  usable: true,
  health: { usable: true, cause: null, lowSpace: false, clockBehind: 0 },
  counts: { entries: 7, batches: 3, bytes: 900, queued: 0 },
}

const notary = { backlog: { files: 17, isBehind: true } }

export function metricsFor(): Metrics {
  return createMetrics({ systems: new Set(['xg']), audiences: () => new Set(['public']), records, notary })
}

/** An admin listener on a free port for as long as `use` takes. */
export async function withAdmin<T>(
  use: (origin: string, state: { readiness: Readiness; metrics: Metrics }) => Promise<T>,
): Promise<T> {
  const state = {
    readiness: { records: 'usable', cause: null, policy: digest, listening: true, stopping: false } as Readiness,
    metrics: metricsFor(),
  }
  const admin: Admin = createAdmin(
    { readiness: () => state.readiness, metrics: state.metrics, token },
    { host: '127.0.0.1', port: 0 },
  )
  const { host, port } = await admin.listen()
  try {
    return await use(`http://${host}:${port}`, state)
  } finally {
    await admin.close()
  }
}
