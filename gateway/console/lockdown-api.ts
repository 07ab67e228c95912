/** Lockdowns over the admin listener. As for grants, calls are signed, and so is what counts. */
import type { FastifyInstance } from 'fastify'
import type { Signatory } from '../access/grants/desk.ts'
import type { LockdownDesk, LockdownRefused, Ordered } from '../access/lockdown/desk.ts'
import { type Lockdown, liftsNeeded } from '../access/lockdown/ledger.ts'
import type { Order } from '../access/lockdown/scope.ts'
import { type Effect, effects, type Scope } from '../lockdown-event.ts'
import { ApiFault, addSignedApi, bodyLimit, readObject, readStrings } from './signed-api.ts'

export type LockdownApi = {
  readonly desk: LockdownDesk
  readonly people: ReadonlyMap<string, Signatory>
  readonly now: () => number
}

/** A lockdown as callers get it. */
export type LockdownView = {
  readonly id: string
  readonly scope: Scope
  readonly effect: Effect
  /** Requests a minute, of `slow_down`. */
  readonly rate: number | null
  readonly drill: boolean
  /** null: the gateway, by an alert. */
  readonly by: string | null
  /** UTC. */
  readonly since: string
  /** UTC: when it ends by itself; null: when people lift it. */
  readonly until: string | null
  readonly lifting: Lockdown['lifting']
  readonly needed: number
  /** UTC; null: it is in force. */
  readonly lifted: string | null
  /** Milliseconds until each process had it; null: it has not said so within a second. Only right after it was ordered or lifted. */
  readonly spread?: readonly (number | null)[]
}

function viewOf({ id, scope, effect, rate, drill, by, since, until, lifting, lifted }: Lockdown): LockdownView {
  const time = (at: number) => new Date(at).toISOString()
  const orNull = (at: number | null) => (at === null ? null : time(at))
  return {
    ...{ id, scope, effect, rate, drill, by, since: time(since), until: orNull(until) },
    ...{ lifting, needed: liftsNeeded, lifted: orNull(lifted) },
  }
}

/** Adds `/api/lockdowns` to the admin listener. */
export function addLockdownApi(app: FastifyInstance, { desk, people, now }: LockdownApi): void {
  addSignedApi(app, { people, now }, (api, caller) => {
    api.get('/api/lockdowns', request => {
      if (caller(request).group === null) throw new ApiFault(403, 'no_approver')
      return { lockdowns: desk.list().map(viewOf) }
    })

    api.post('/api/lockdowns', { bodyLimit }, async (request, reply) => {
      const person = caller(request)
      const { signature, ...order } = readOrder(request.body)
      return reply.code(201).send(ordered(await desk.lock(order, person.name, signature)))
    })

    api.post<{ Params: { id: string } }>('/api/lockdowns/:id/lifts', { bodyLimit }, async request => {
      const person = caller(request)
      const sign = readStrings(request.body, ['signed', 'signature'])
      return ordered(await desk.lift(request.params.id, person.name, sign))
    })
  })
}

function ordered(answer: Ordered | LockdownRefused): LockdownView {
  if ('lockdown' in answer) return { ...viewOf(answer.lockdown), spread: answer.spread }
  throw new ApiFault(answer.why === 'unknown' ? 404 : 409, answer.why)
}

function readOrder(body: unknown): Order & { signature: string } {
  const read = readObject(body)
  const { id, scope, effect = 'block', rate = null, drill, until = null, made, signature, ...others } = read
  const { consumer, operator, system, route, ...more } = (scope ?? {}) as Record<string, unknown>
  const named = [consumer, operator, system, route]
  const isName = (one: unknown) => one === null || (typeof one === 'string' && /^[^\s\p{C}]{1,1024}$/u.test(one))
  const fits =
    typeof id === 'string' &&
    /^[A-Za-z0-9][A-Za-z0-9_-]{21}$/.test(id) &&
    effects.some(one => one === effect) &&
    (rate === null || typeof rate === 'number') &&
    typeof drill === 'boolean' &&
    (until === null || (typeof until === 'string' && isTime(until))) &&
    typeof made === 'string' &&
    typeof signature === 'string' &&
    named.every(isName) &&
    Object.keys({ ...others, ...more }).length === 0
  if (!fits) throw new ApiFault(400, 'malformed')
  const [first, second, third, fourth] = named as (string | null)[]
  const given = { consumer: first!, operator: second!, system: third!, route: fourth! }
  const does = { effect: effect as Effect, rate: rate as number | null }
  return { id, scope: given, ...does, drill, until, made, signature }
}

/** As records write it. */
function isTime(text: string): boolean {
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString() === text
}
