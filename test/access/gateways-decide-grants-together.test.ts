/** The model of grants-open-only-as-two-have-approved, against two gateways that share a real PostgreSQL. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import fc from 'fast-check'
import type { Attempt } from '../../gateway/access/grants/attempt.ts'
import type { Terms } from '../../gateway/access/grants/terms.ts'
import type { PostgresSettings } from '../../gateway/config/config.ts'
import type { GrantEvent } from '../../gateway/grant-event.ts'
import { databaseOn } from '../records/copying.ts'
import { type Postgres, startPostgres, withoutPostgres } from '../support/start-postgres.ts'
import { mayBeUsed, people, type Step, staffAfter, step } from './grant-steps.ts'
import { at, attempt, hour, morning, terms } from './grants.ts'
import { ask, openSharing, type SharingGateway, say } from './sharing-gateway.ts'

const skip = withoutPostgres
/** `npm run campaign:grants` runs more. */
const sequences = Number(process.env['VEILGATE_SEQUENCES'] ?? 200)
let server: Postgres

before(async t => {
  if (!skip) server = await startPostgres(t as Parameters<typeof startPostgres>[0])
})

/** What two gateways do with three grants of a sequence's own. Restarts are without a word, as by kill -9. */
class Fleet {
  readonly database: PostgresSettings
  readonly gateways: SharingGateway[] = []
  now = morning
  staff = people
  uses = 0
  #asked: readonly Terms[] = []

  constructor(database: PostgresSettings) {
    this.database = database
  }

  async open(nth: number): Promise<void> {
    const events = this.gateways[nth]?.events ?? []
    await this.gateways[nth]?.close()
    const name = nth === 0 ? 'east' : 'west'
    this.gateways[nth] = await openSharing(this.database, { name, events, staff: this.staff, now: () => this.now })
  }

  async begin(): Promise<void> {
    this.now += 48 * hour
    const id = () => `G${randomBytes(16).toString('hex').slice(0, 21)}`
    const hours = { from: at(this.now), until: at(this.now + 2 * hour), made: at(this.now) }
    this.#asked = [
      terms({ id: id(), ...hours }),
      terms({ id: id(), ...hours, requester: 'wang', rows: 500, format: null, sees: [] }),
      terms({ id: id(), ...hours, from: at(this.now + hour) }),
    ]
    if (this.staff !== people) {
      this.staff = people
      for (const nth of this.gateways.keys()) await this.open(nth)
    }
  }

  async step(one: Step, nth: number): Promise<void> {
    const gateway = this.gateways[nth]!
    if (one.do === 'wait') this.now += one.minutes * 60_000
    else if (one.do === 'restart') {
      this.staff = staffAfter(one)
      // the other one as well: gateways that decide together know the same people
      for (const which of this.gateways.keys()) await this.open(which)
    } else if (one.do === 'ask') {
      const wanted = { ...this.#asked[one.grant]!, emergency: one.emergency }
      await ask(gateway, wanted, one.by === null ? wanted.requester : this.#name(one.by))
    } else if (one.do === 'judge')
      await say(gateway, one.verdict, this.#name(one.by), this.#wanted(gateway, one.grant), this.now)
    else await this.#use(this.#wanted(gateway, one.grant), one.other)
  }

  /** Asked of both gateways at once: one of them gets it, or none. */
  async #use(wanted: Terms, other: keyof Attempt | null): Promise<void> {
    const changed = other === null ? {} : { [other]: other === 'address' ? '10.9.9.9' : null }
    const answers = await Promise.all(this.gateways.map(({ grants }) => grants.use(attempt(wanted, changed))))
    const used = answers.filter(answer => 'terms' in answer)
    if (used.length === 0) return
    assert.equal(used.length, 1, 'used twice')
    this.uses++
    await this.gateways[0]!.grants.refresh()
    const events = this.gateways[0]!.events.filter(one => one.kind === 'grant') as GrantEvent[]
    const last = events.findLastIndex(({ action, grant }) => action === 'used' && grant === wanted.id)
    mayBeUsed(events.slice(0, last), wanted.id, { other, staff: this.staff, now: this.now })
  }

  /** Both know the same, in the same order. */
  async compare(): Promise<void> {
    for (const { grants } of this.gateways) await grants.refresh()
    const [one, other] = this.gateways.map(({ events }) => events) as [unknown[], unknown[]]
    assert.deepEqual(one.slice(-50), other.slice(-50))
    assert.equal(one.length, other.length)
  }

  #wanted(gateway: SharingGateway, nth: number): Terms {
    return gateway.grants.get(this.#asked[nth]!.id)?.terms ?? this.#asked[nth]!
  }

  #name(nth: number): string {
    return this.staff[nth % this.staff.length]!.name
  }
}

test(`in ${sequences} sequences on one database nothing is used without its approvals, twice, or for anything else`, {
  skip,
}, async () => {
  const fleet = new Fleet(await databaseOn(server.url, 'model'))
  for (const nth of [0, 1]) await fleet.open(nth)
  // a restart costs as much as a hundred decisions, and most sequences would come to no use
  const often = step.filter(one => one.do !== 'restart')
  const some = fc.oneof({ weight: 20, arbitrary: often }, { weight: 1, arbitrary: step })
  const approve = (by: number): Step => ({ do: 'judge', grant: 0, by, verdict: 'approve' })
  const asked: Step = { do: 'ask', grant: 0, by: null, emergency: false }
  const first = fc.constantFrom<Step[]>([], [asked], [asked, approve(1)], [asked, approve(1), approve(3)])
  const steps = fc.tuple(first, fc.array(some, { minLength: 2, maxLength: 12 })).chain(([before, after]) => {
    const all = [...before, ...after]
    return fc.array(fc.nat({ max: 1 }), { minLength: all.length, maxLength: all.length }).map(which => {
      return all.map((one, nth) => [one, which[nth]!] as const)
    })
  })
  try {
    await fc.assert(
      fc.asyncProperty(steps, async all => {
        await fleet.begin()
        for (const [one, nth] of all) await fleet.step(one, nth)
        await fleet.compare()
      }),
      { numRuns: sequences, endOnFailure: true },
    )
  } finally {
    for (const gateway of fleet.gateways) await gateway.close()
  }
  assert.ok(fleet.uses > sequences / 8, `only ${fleet.uses} sequences came to a use: the model would see little`)
})
