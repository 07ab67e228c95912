/** The admin listener, with who may sign in there and what it tells. */
import type { KeyFolder } from '../../access/keys.ts'
import type { Config, ListenAddress } from '../../config/config.ts'
import { createAdmin } from '../../console/admin.ts'
import type { Control } from './control.ts'
import { openPeople } from './people.ts'
import { reviewMetrics } from './reviewing.ts'

export type OpenAdmin = {
  readonly address: ListenAddress
  /** Connections that are made from now on are under its certificate there. */
  renew(config: Config): void
  close(): Promise<void>
}

/** Listens; null: gateway.yaml names no address for it. Throws what listening throws, and AccountsFault. */
export async function openAdmin(
  config: Config,
  keys: KeyFolder,
  metrics: Parameters<typeof createAdmin>[0]['metrics'],
  control: Control | null,
  readiness: Parameters<typeof createAdmin>[0]['readiness'],
  parts: Parameters<typeof openPeople>[2],
): Promise<OpenAdmin | null> {
  if (config.admin === null) return null
  const people = await openPeople(config, keys, parts)
  try {
    const { tls, publicUrl, proxies } = config.signIn
    const token = await keys.shared('admin')
    const apis = control === null ? [] : [control.api]
    const admin = createAdmin(
      { readiness, metrics: withReviews(metrics, control), token, apis, tls, publicUrl, proxies, people },
      config.admin,
    )
    const address = await admin.listen()
    return {
      address,
      renew: ({ signIn }) => void (signIn.tls !== null && admin.renew(signIn.tls)),
      async close() {
        await admin.close()
        await people.close()
      },
    }
  } catch (error) {
    await people.close()
    throw error
  }
}

function withReviews<Told extends Parameters<typeof createAdmin>[0]['metrics']>(
  metrics: Told,
  control: Control | null,
) {
  const desk = control?.reviews ?? null
  if (desk === null) return metrics
  const render = async () => `${await metrics.render()}${reviewMetrics(desk, Date.now())}`
  return { contentType: metrics.contentType, render }
}
