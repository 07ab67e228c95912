/** Lockdowns, as OpenAPI says it. */
import { effects } from '../lockdown-event.ts'
import {
  answer,
  byId,
  changing,
  common,
  fault,
  type Json,
  object,
  orNull,
  posted,
  ref,
  signature,
  signed,
  text,
  time,
} from './openapi-parts.ts'

const effect = { enum: [...effects], description: '`block`, if left out.' }
const rate = { ...orNull({ type: 'integer' }), description: 'Requests a minute, of `slow_down` alone.' }

export const lockdownSchemas: Json = {
  Scope: object({ consumer: orNull(text), operator: orNull(text), system: orNull(text), route: orNull(text) }),
  Lockdown: object(
    {
      ...{ id: text, scope: ref('Scope'), effect, rate, drill: { type: 'boolean' }, by: orNull(text), since: time },
      until: { ...orNull(time), description: 'When it ends by itself; null: when people lift it.' },
      lifting: { type: 'array', items: object({ person: text, group: text }) },
      needed: { type: 'integer' },
      lifted: orNull(time),
      spread: {
        type: 'array',
        items: orNull({ type: 'number' }),
        description: 'Milliseconds until each process had it; null: not within a second.',
      },
    },
    ['spread'],
  ),
}

export const lockdownPaths: Json = {
  '/api/lockdowns': {
    get: {
      summary: 'Lockdowns; for approvers.',
      ...signed,
      responses: {
        ...common,
        200: answer('Oldest first.', object({ lockdowns: { type: 'array', items: ref('Lockdown') } })),
        403: fault('No approver, or of another duty.'),
      },
    },
    post: {
      summary:
        'Stops something, slows it down or has it masked harder; signed over the text that gateway/access/lockdown/scope.ts makes of it.',
      ...signed,
      requestBody: posted(
        object(
          {
            ...{ id: text, scope: ref('Scope'), effect, rate, drill: { type: 'boolean' } },
            ...{ until: orNull(time), made: time, signature },
          },
          ['effect', 'rate', 'until'],
        ),
      ),
      responses: { ...changing, 201: answer('On record and in force.', ref('Lockdown')) },
    },
  },
  '/api/lockdowns/{id}/lifts': {
    post: {
      summary: 'One person says that a lockdown may end.',
      ...signed,
      parameters: byId,
      requestBody: posted(object({ signed: time, signature })),
      responses: { ...changing, 200: answer('On record.', ref('Lockdown')) },
    },
  },
}
