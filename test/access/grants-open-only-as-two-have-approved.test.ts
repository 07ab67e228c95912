/** A model of grants against their ledger: whatever people, requests, time and restarts do, in any order. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Decided, isTimely, Ledger, type Person } from '../../gateway/access/grants/ledger.ts'
import type { Terms } from '../../gateway/access/grants/terms.ts'
import type { GrantEvent } from '../../gateway/grant-event.ts'
import { audiences, mayBeUsed, people, type Step, staffAfter, step } from './grant-steps.ts'
import { at, attempt, hour, morning, terms } from './grants.ts'

/** Everything that was put on record, and nothing else, decides. */
class Run {
  readonly events: { event: GrantEvent; time: number }[] = []
  readonly asked: readonly Terms[]
  now = morning
  staff = people
  uses = 0
  #ledger = new Ledger()

  constructor() {
    const [once, twice, later] = ['A', 'B', 'C'].map(letter => letter.repeat(22)) as [string, string, string]
    this.asked = [
      terms({ id: once }),
      terms({ id: twice, requester: 'wang', rows: 500, format: null, sees: [] }),
      terms({ id: later, from: at(morning + hour) }),
    ]
  }

  step(one: Step): void {
    if (one.do === 'wait') this.now += one.minutes * 60_000
    else if (one.do === 'restart') this.#restart(one)
    else if (one.do === 'ask') this.#ask(one)
    else if (one.do === 'judge') this.#judge(one)
    else this.#use(one)
  }

  #ask({ grant: nth, by: who, emergency }: Step & { do: 'ask' }): void {
    const wanted = { ...this.asked[nth]!, emergency }
    const person = who === null ? this.staff.find(({ name }) => name === wanted.requester) : this.#person(who)
    if (person !== undefined && isTimely(wanted, this.now)) this.#take(this.#ledger.ask(wanted, person, 'signature'))
  }

  #judge({ grant: nth, by: who, verdict }: Step & { do: 'judge' }): void {
    const sign = { signed: at(this.now), signature: 'signature' }
    this.#take(this.#ledger.judge(verdict, this.asked[nth]!.id, this.#person(who), sign, this.now))
  }

  #use({ grant: nth, other }: Step & { do: 'use' }): void {
    const wanted = this.asked[nth]!
    const changed = other === null ? {} : { [other]: other === 'address' ? '10.9.9.9' : null }
    const decided = this.#ledger.use(attempt(wanted, changed), this.now)
    if ('event' in decided) {
      this.uses++
      const { staff, now } = this
      mayBeUsed(
        this.events.map(({ event }) => event),
        wanted.id,
        { other, staff, now },
      )
    }
    this.#take(decided)
  }

  #restart(one: Step & { do: 'restart' }): void {
    this.staff = staffAfter(one)
    const before = this.#ledger.all()
    this.#ledger = new Ledger()
    for (const { event, time } of this.events) this.#ledger.apply(event, time)
    assert.deepEqual(this.#ledger.all(), before, 'another state after a restart')
    const groups = new Map(this.staff.map(({ name, group }) => [name, group]))
    for (const event of [
      ...this.#ledger.void({ groups, audiences, approvers: new Map() }),
      ...this.#ledger.sweep(this.now),
    ])
      this.#take({ event })
  }

  #take(decided: Decided): void {
    if (!('event' in decided)) return
    this.events.push({ event: decided.event, time: this.now })
    this.#ledger.apply(decided.event, this.now)
  }

  #person(nth: number): Person {
    return this.staff[nth % this.staff.length]!
  }
}

test('in 12,000 sequences nothing is used without its approvals, twice, out of its time, or for anything else', () => {
  let uses = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 4, maxLength: 40, size: 'max' }), steps => {
      const run = new Run()
      for (const one of steps) run.step(one)
      uses += run.uses
    }),
    { numRuns: 12_000 },
  )
  assert.ok(uses > 2000, `only ${uses} sequences came to a use: the model would see little`)
})
