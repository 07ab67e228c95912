/** The alert rules in force, kept where who edits them does not write: one file in the keys folder, sealed. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyRing } from '../../contracts.ts'
import { beganAt, beginNow } from '../in-force/since.ts'

const purpose = 'alert rules in force'

export const alertsInForceName = 'alerts.in-force'

export function alertsInForce(keys: string): string {
  return join(keys, alertsInForceName)
}

/** The bytes of alerts.yaml that were kept last; null: none were. With a `ring`: throws an Error where they were changed. */
export function readKeptAlerts(keys: string, ring: KeyRing | null): Uint8Array | null {
  const path = alertsInForce(keys)
  if (!existsSync(path)) return null
  const written = readFileSync(path)
  const end = written.indexOf('\n')
  const [seal, bytes] = [written.subarray(0, Math.max(0, end)), written.subarray(end + 1)]
  const made = Buffer.from(ring === null ? '' : sealOf(bytes, ring))
  if (end < 0 || (ring !== null && (seal.length !== made.length || !timingSafeEqual(seal, made))))
    throw new Error('the kept alert rules were changed')
  return bytes
}

/** Since when those that were kept are in force: milliseconds since 1970. None: as if they were not yet. */
export function alertsSince(keys: string): number {
  return beganAt(alertsInForce(keys))
}

/** Whole or not at all. */
export function keepAlerts(keys: string, ring: KeyRing, bytes: Uint8Array): void {
  const path = alertsInForce(keys)
  writeFileSync(`${path}.making`, Buffer.concat([Buffer.from(`${sealOf(bytes, ring)}\n`), bytes]), { mode: 0o600 })
  beginNow(`${path}.making`)
  renameSync(`${path}.making`, path)
}

function sealOf(bytes: Uint8Array, ring: KeyRing): string {
  return createHmac('sha256', ring.secret(purpose)).update(bytes).digest('base64url')
}
