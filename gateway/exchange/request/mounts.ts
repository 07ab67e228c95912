import { Refusal } from '../../errors.ts'

/** Where callers find a system: under a path, at a host, both, or everything that no other system takes. */
export type Mount<System> = {
  readonly host: string | null
  readonly prefix: string | null
  readonly system: System
}

export type Found<System> = { readonly system: System /** Without the prefix. */; readonly path: string }

/**
 * The system that takes a request: one that names the host before one that does not, then the longest prefix. `path` is
 * in normal form, `host` the Host header. Throws HOST_UNKNOWN where every system names a host and none is this one,
 * SYSTEM_UNKNOWN otherwise.
 */
export function findSystem<System>(
  mounts: readonly Mount<System>[],
  host: string | undefined,
  path: string,
): Found<System> {
  const [alone] = mounts
  if (mounts.length === 1 && alone!.host === null && alone!.prefix === null) return { system: alone!.system, path }
  const name = hostName(host)
  let best: Mount<System> | null = null
  for (const mount of mounts) {
    const fits = (mount.host === null || mount.host === name) && within(path, mount.prefix)
    if (fits && (best === null || rank(mount) > rank(best))) best = mount
  }
  if (best !== null) return { system: best.system, path: path.slice(best.prefix?.length ?? 0) || '/' }
  const known = mounts.some(mount => mount.host === null || mount.host === name)
  throw new Refusal(known ? 'SYSTEM_UNKNOWN' : 'HOST_UNKNOWN')
}

function within(path: string, prefix: string | null): boolean {
  return prefix === null || path === prefix || path.startsWith(`${prefix}/`)
}

/** Prefixes are shorter than any target may be, so a named host weighs more than all of them. */
function rank(mount: Mount<unknown>): number {
  return (mount.host === null ? 0 : 1e6) + (mount.prefix?.length ?? 0)
}

/** Lower case, without port and the dot of a full domain name. */
function hostName(host: string | undefined): string | null {
  return host === undefined ? null : host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}
