/** What the log `control` says happened: of grants, of lockdowns, and how far it has the order that gateways share. */
import type { Past } from '../../access/grants/desk.ts'
import { HeldLockdowns } from '../../access/lockdown/held.ts'
import type { GrantEvent } from '../../grant-event.ts'
import type { LockdownEvent } from '../../lockdown-event.ts'
import type { OrderPlace } from '../../records/drafts.ts'
import { type Entry, readRecords } from '../../records/files/read.ts'
import type { Position } from '../../records/postgres/order-chain.ts'

/** A log of its own, so that a start reads that alone and not three years of exchanges. */
export const controlLog = 'control'

/** Filled while the grants are read. */
export type Known = { from: Position | null; readonly held: HeldLockdowns }

export function nothingKnown(): Known {
  return { from: null, held: new HeldLockdowns() }
}

/** Of grants, oldest first. What is damaged, or went with a file, could have been the use of one. */
export async function* grantsIn(directory: string, known: Known): AsyncGenerator<Past> {
  let damaged = false
  const onDamage = () => {
    damaged = true
  }
  for await (const entry of readRecords(directory, { log: controlLog, onDamage })) {
    const place = placeOf(entry)
    if (place !== null) known.from = { epoch: place.epoch, nth: place.nth, mac: place.mac }
    if (entry.kind === 'grant') yield { event: entry as unknown as GrantEvent, time: timeOf(entry) }
    else if (entry.kind === 'lockdown') known.held.take(lockdownOf(entry), place?.epoch ?? null)
    else if (entry.kind === 'gap' && entry['lost'] !== null) yield 'lost'
  }
  if (damaged) yield 'lost'
}

/** Of lockdowns, oldest first. `onLoss`: something cannot be read any more. */
export async function* lockdownsIn(
  directory: string,
  onLoss: () => void,
): AsyncGenerator<{ event: LockdownEvent; time: number }> {
  for await (const entry of readRecords(directory, { log: controlLog, onDamage: onLoss }))
    if (entry.kind === 'lockdown') yield { event: lockdownOf(entry), time: timeOf(entry) }
    else if (entry.kind === 'gap' && entry['lost'] !== null) onLoss()
}

function placeOf(entry: Entry): OrderPlace | null {
  return (entry['order'] as OrderPlace | undefined) ?? null
}

/** When it was decided: another gateway may have done so long before it was read here. */
function timeOf(entry: Entry): number {
  return Date.parse(placeOf(entry)?.time ?? entry.time)
}

/** Without what a record adds: it may be put into an order yet. */
function lockdownOf(entry: Entry): LockdownEvent {
  const { v: _v, log: _log, seq: _seq, time: _time, order: _order, ...event } = entry
  return event as unknown as LockdownEvent
}
