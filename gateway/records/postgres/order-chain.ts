/**
 * What gateways have decided together, as a chain: each item carries an HMAC over itself and the one before it, under a
 * key that only gateways have. Whoever can write into the database can take items away; they cannot make one, change one,
 * or leave one out.
 */
import { createHmac } from 'node:crypto'

/** How far the order is known. `nth`: 0, before its first item. */
export type Position = { readonly epoch: string; readonly nth: number; readonly mac: string }

export type Item = {
  readonly nth: number
  /** Which gateway has decided it, and when: UTC, as in records. */
  readonly gateway: string
  readonly time: string
  /** JSON. */
  readonly event: string
  /** 43 characters of base64url. */
  readonly mac: string
}

export type Unsealed = Omit<Item, 'nth' | 'mac'>

/** Where an order begins. `epoch`: its random name. */
export function beginningOf(key: Uint8Array, epoch: string): Position {
  return { epoch, nth: 0, mac: hmac(key, ['begin', epoch]) }
}

/** The item after a position. */
export function sealed(key: Uint8Array, { epoch, nth, mac }: Position, item: Unsealed): Item {
  const next = nth + 1
  const { gateway, time, event } = item
  return { nth: next, gateway, time, event, mac: hmac(key, ['item', epoch, mac, next, gateway, time, event]) }
}

/** Whether items follow on a position, and on each other, without a gap, as gateways have made them. */
export function follows(key: Uint8Array, from: Position, items: readonly Item[]): boolean {
  let at = from
  for (const item of items) {
    const made = sealed(key, at, item)
    if (made.nth !== item.nth || made.mac !== item.mac) return false
    at = after(at, item)
  }
  return true
}

export function after({ epoch }: Position, { nth, mac }: Pick<Item, 'nth' | 'mac'>): Position {
  return { epoch, nth, mac }
}

/** What a gateway signs to say how far it is, so that nobody says it in its place. `run`: a random name of its process. */
export function takenMac(key: Uint8Array, { run, name }: { run: string; name: string }, at: Position): string {
  return hmac(key, ['taken', run, name, at.epoch, at.nth, at.mac])
}

function hmac(key: Uint8Array, parts: readonly (string | number)[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')
}
