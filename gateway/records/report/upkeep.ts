/** What records say of the gateway itself in a period: that it ran, what was changed, who read them. Pure. */

import type { Entry } from '../files/read.ts'
import { textOf } from '../query/query.ts'
import { DueReviews } from './due-reviews.ts'

/** Changes that are listed. */
const mostChanges = 30
const changeKinds: ReadonlySet<string> = new Set([
  'policy',
  'config',
  'key',
  'hold',
  'prune',
  'lockdown',
  'alert_rules',
])

/** Of an account: signing in and out is no change. */
const accountChanges: ReadonlySet<unknown> = new Set([
  'added',
  'removed',
  'password',
  'totp',
  'unlocked',
  'ended',
  'not_done',
])

export class Upkeep {
  /** Outages, their seconds, and the records that were not written in them. */
  readonly gaps = { count: 0, seconds: 0, dropped: 0 }
  starts = 0
  seals = 0
  heartbeats = 0
  /** Alerts by their rule. */
  readonly alerts = new Map<string, number>()
  /** Policies and configurations that were refused; those that wait for a second person. */
  refusedLoads = 0
  heldLoads = 0
  /** Of policies, configurations, keys, holds and removals; the newest are listed. */
  changes = 0
  readonly changed: Entry[] = []
  /** What will count no more soon, or does not any more: the newest word on each. */
  readonly expiring = new Map<string, Entry>()
  /** Grants by what was done with them. */
  readonly grants = new Map<string, number>()
  /** Of all emergencies until the end of the period: those from before it are added first. */
  readonly dueReviews = new DueReviews()
  readonly reviews = new Map<string, number>()
  /** When answers that still wait for review, or to be fetched, began to. */
  readonly openReviews = new Map<string, string>()
  /** Times that each system user read the records. */
  readonly readings = new Map<string, number>()
  /** The newest, of each log that has any. */
  readonly lastHeartbeat = new Map<string, Entry>()

  get isEmpty(): boolean {
    return this.starts + this.heartbeats + this.changes + this.seals + this.gaps.count === 0
  }

  add(entry: Entry): void {
    const { kind } = entry
    if (changeKinds.has(kind) || (kind === 'account' && accountChanges.has(entry['action']))) {
      this.changes++
      this.changed.push(entry)
      if (this.changed.length > mostChanges) this.changed.shift()
      if (textOf(entry, 'outcome') === 'refused') this.refusedLoads++
      if (textOf(entry, 'outcome') === 'held') this.heldLoads++
    } else if (kind === 'gap') this.#addGap(entry)
    else if (kind === 'resume') this.starts++
    else if (kind === 'seal') this.seals++
    else if (kind === 'alert') count(this.alerts, textOf(entry, 'rule') ?? '')
    else if (kind === 'expiry')
      this.expiring.set(
        `${textOf(entry, 'what')} ${textOf(entry, 'name')} ${textOf(entry, 'route') ?? ''}`.trim(),
        entry,
      )
    else if (kind === 'grant') {
      count(this.grants, textOf(entry, 'action') ?? '')
      this.dueReviews.add(entry)
    } else if (kind === 'review') this.#addReview(entry)
    // of two records of one reading, the second belongs to the first
    else if ((kind === 'query' && textOf(entry, 'of') === null) || kind === 'trace')
      count(this.readings, textOf(entry, 'operator') ?? '')
    else if (kind === 'heartbeat') {
      this.heartbeats++
      this.lastHeartbeat.set(entry.log, entry)
    }
  }

  #addReview(entry: Entry): void {
    const [action, id] = [textOf(entry, 'action') ?? '', textOf(entry, 'review') ?? '']
    count(this.reviews, action)
    if (action === 'held') this.openReviews.set(id, entry.time)
    else if (endsReview.has(action)) this.openReviews.delete(id)
  }

  #addGap(entry: Entry): void {
    if (textOf(entry, 'cause') === 'clock') return
    this.gaps.count++
    this.gaps.seconds += Number(textOf(entry, 'seconds') ?? 0)
    this.gaps.dropped += Number(textOf(entry, 'dropped') ?? 0)
  }
}

const endsReview: ReadonlySet<string> = new Set(['fetched', 'refused', 'expired', 'overtaken', 'voided'])

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
