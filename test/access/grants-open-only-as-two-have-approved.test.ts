/** A model of grants against their ledger: whatever people, requests, time and restarts do, in any order. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Attempt } from '../../gateway/access/grants/attempt.ts'
import { type Decided, type GrantEvent, isTimely, Ledger, type Person } from '../../gateway/access/grants/ledger.ts'
import { type Terms, type Verdict, verdicts } from '../../gateway/access/grants/terms.ts'
import { at, attempt, hour, morning, terms } from './grants.ts'

const people: readonly Person[] = [
  { name: 'li', group: null },
  { name: 'wang', group: 'security' },
  { name: 'zhao', group: 'security' },
  { name: 'zhang', group: 'privacy' },
  { name: 'chen', group: 'audit' },
]
const audiences = new Map([['oa', new Set(['counsellor'])]])

type Step =
  | { readonly do: 'ask'; readonly grant: number; readonly by: number | null; readonly emergency: boolean }
  | { readonly do: 'judge'; readonly grant: number; readonly by: number; readonly verdict: Verdict }
  | { readonly do: 'use'; readonly grant: number; readonly other: keyof Attempt | null }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'restart'; readonly leaves: number | null; readonly moves: number | null }

const grant = fc.nat({ max: 2 })
const by = fc.nat({ max: people.length - 1 })
const rarely = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value })
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('ask' as const), grant, by: rarely(by), emergency: fc.boolean() }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('judge' as const),
      grant,
      by,
      verdict: fc.oneof({ weight: 8, arbitrary: fc.constant('approve' as const) }, fc.constantFrom(...verdicts)),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      grant,
      other: rarely(
        fc.constantFrom<keyof Attempt>('consumer', 'operator', 'purpose', 'basis', 'route', 'query', 'address'),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.nat({ max: 90 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('restart' as const),
      leaves: rarely(by),
      moves: rarely(by),
    }),
  },
)

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
      this.#mayBeUsed(wanted, other)
    }
    this.#take(decided)
  }

  /** Recounted from what is on record, in other words than the ledger's. */
  #mayBeUsed({ id }: Terms, other: keyof Attempt | null): void {
    assert.equal(other, null, 'wider than approved')
    const own = this.events.map(({ event }) => event).filter(event => event.grant === id)
    assert.deepEqual(
      own.filter(({ action }) => !['asked', 'approved'].includes(action)),
      [],
      'used, refused, revoked, expired or void',
    )
    const asked = own[0]!.terms!
    const approvals = own.filter(({ action }) => action === 'approved')
    const names = new Set(approvals.map(({ person }) => person))
    const groups = new Set(approvals.map(({ group }) => group))
    const needed = asked.emergency ? 1 : 2
    assert.ok(names.size >= needed && groups.size >= needed, 'too few approvals')
    assert.ok(!names.has(asked.requester) && !groups.has(null), 'approved by somebody who may not')
    for (const { person, group } of approvals)
      assert.equal(this.staff.find(({ name }) => name === person)?.group, group, 'roles have changed')
    assert.ok(this.now >= Date.parse(asked.from) && this.now < Date.parse(asked.until), 'out of its time')
  }

  /** Of those who left or moved nobody acts any more as who they were. */
  #restart({ leaves, moves }: Step & { do: 'restart' }): void {
    this.staff = people
      .filter((_, nth) => nth !== leaves)
      .map((one, nth) => (nth === moves && one.group !== null ? { ...one, group: 'archive' } : one))
    const before = this.#ledger.all()
    this.#ledger = new Ledger()
    for (const { event, time } of this.events) this.#ledger.apply(event, time)
    assert.deepEqual(this.#ledger.all(), before, 'another state after a restart')
    const groups = new Map(this.staff.map(({ name, group }) => [name, group]))
    for (const event of [...this.#ledger.void(groups, audiences), ...this.#ledger.sweep(this.now)])
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
