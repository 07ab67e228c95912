import type { Config } from './config.ts'

/** A configuration with the certificates and keys of another that was read from the same gateway.yaml, and all else as it was. */
export function renewed(config: Config, by: Config): Config {
  const systems = [...config.systems].map(([name, system]) => {
    const tls = by.systems.get(name)?.upstream.tls ?? system.upstream.tls
    return [name, { ...system, upstream: { ...system.upstream, tls } }] as const
  })
  // the list of revoked ones is read again on its own
  const { clientCrl = null } = config.tls ?? {}
  return {
    ...config,
    tls: config.tls && by.tls && { ...by.tls, clientCrl },
    signIn: { ...config.signIn, tls: by.signIn.tls },
    systems: new Map(systems),
  }
}
