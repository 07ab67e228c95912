/** Lockdowns over the admin listener. As for grants, calls are signed, and so is what counts. */
import type { FastifyInstance } from 'fastify'
import type { Signatory } from '../access/grants/desk.ts'
import type { LockdownDesk, LockdownRefused, Ordered } from '../access/lockdown/desk.ts'
import { type Lockdown, liftsNeeded } from '../access/lockdown/ledger.ts'
import type { Scope } from '../access/lockdown/scope.ts'
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
  readonly drill: boolean
  /** null: the gateway, by an alert. */
  readonly by: string | null
  /** UTC. */
  readonly since: string
  readonly lifting: Lockdown['lifting']
  readonly needed: number
  /** UTC; null: it is in force. */
  readonly lifted: string | null
  /** Milliseconds until each process had it; null: it has not said so within a second. Only right after it was ordered or lifted. */
  readonly spread?: readonly (number | null)[]
}

function viewOf({ id, scope, drill, by, since, lifting, lifted }: Lockdown): LockdownView {
  const time = (at: number) => new Date(at).toISOString()
  const ended = lifted === null ? null : time(lifted)
  return { id, scope, drill, by, since: time(since), lifting, needed: liftsNeeded, lifted: ended }
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

function readOrder(body: unknown) {
  const { id, scope, drill, made, signature, ...others } = readObject(body)
  const { consumer, operator, system, route, ...more } = (scope ?? {}) as Record<string, unknown>
  const named = [consumer, operator, system, route]
  const isName = (one: unknown) => one === null || (typeof one === 'string' && /^[^\s\p{C}]{1,1024}$/u.test(one))
  const fits =
    typeof id === 'string' &&
    /^[A-Za-z0-9][A-Za-z0-9_-]{21}$/.test(id) &&
    typeof drill === 'boolean' &&
    typeof made === 'string' &&
    typeof signature === 'string' &&
    named.every(isName) &&
    Object.keys({ ...others, ...more }).length === 0
  if (!fits) throw new ApiFault(400, 'malformed')
  const [first, second, third, fourth] = named as (string | null)[]
  const given = { consumer: first!, operator: second!, system: third!, route: fourth! }
  return { id, scope: given as Scope, drill, made, signature }
}
