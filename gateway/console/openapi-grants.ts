/** Asking for grants and deciding on them, as OpenAPI says it. */
import { verdicts } from '../access/grants/terms.ts'
import {
  answer,
  basis,
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
  texts,
  time,
} from './openapi-parts.ts'

export const grantSchemas: Json = {
  Posted: {
    ...object({ type: text, base64: text }),
    description: 'What is posted, of a route that is asked by POST, and its label. It is not kept.',
  },
  Wanted: object(
    {
      operator: text,
      consumer: text,
      audience: text,
      purpose: orNull(text),
      basis,
      system: text,
      target: { type: 'string', description: 'Path and query under the system. It is not kept.' },
      body: ref('Posted'),
      sees: { ...texts, description: '`cn_resident_id:clear`' },
      rows: { type: 'integer', minimum: 1, maximum: 1_000_000 },
      format: orNull(text),
      terminals: { ...texts, description: 'Networks in CIDR; `cert:` and the SHA-256 of a client certificate.' },
      from: time,
      until: time,
      emergency: { type: 'boolean' },
    },
    ['audience', 'body', 'purpose', 'format', 'from', 'emergency'],
  ),
  Terms: object(
    {
      ...{ id: text, requester: text, operator: text, consumer: text, audience: text, purpose: orNull(text), basis },
      ...{ system: text, route: text, method: { const: 'POST', description: 'Left out: GET.' }, query: text },
      ...{ sees: texts, rows: { type: 'integer' }, format: orNull(text), terminals: texts, from: time, until: time },
      ...{ emergency: { type: 'boolean' }, made: time },
    },
    ['method'],
  ),
  Draft: object({ terms: ref('Terms'), text: { type: 'string', description: 'What the requester signs.' } }),
  Grant: object({
    id: text,
    status: { enum: ['asked', 'ready', 'used', 'refused', 'revoked', 'expired', 'voided'] },
    terms: ref('Terms'),
    text,
    approvals: { type: 'array', items: object({ person: text, group: text }) },
    needed: { type: 'integer' },
    review_due: orNull(time),
  }),
}

export const grantPaths: Json = {
  '/api/grants': {
    get: {
      summary: 'Grants: approvers see all, others their own.',
      ...signed,
      responses: {
        ...common,
        200: answer('Oldest first.', object({ grants: { type: 'array', items: ref('Grant') } })),
      },
    },
    post: {
      summary: 'Asks for the grant of a draft; signed over its text.',
      ...signed,
      requestBody: posted(object({ id: text, signature })),
      responses: { ...changing, 201: answer('On record.', ref('Grant')) },
    },
  },
  '/api/grants/drafts': {
    post: {
      summary: 'The terms of a grant, to be signed.',
      ...signed,
      requestBody: posted(ref('Wanted')),
      responses: {
        ...common,
        200: answer('To be signed within ten minutes.', ref('Draft')),
        422: fault('What cannot be given.'),
      },
    },
  },
  '/api/grants/{id}': {
    get: {
      summary: 'One grant.',
      ...signed,
      parameters: byId,
      responses: { ...common, 200: answer('The grant.', ref('Grant')), 404: fault('There is none.') },
    },
  },
  '/api/grants/{id}/verdicts': {
    post: {
      summary: 'Says something of a grant; signed over the text that gateway/access/grants/terms.ts makes of it.',
      ...signed,
      parameters: byId,
      requestBody: posted(object({ verdict: { enum: verdicts }, signed: time, signature })),
      responses: { ...changing, 200: answer('On record.', ref('Grant')) },
    },
  },
  '/api/grants/{id}/target': {
    post: {
      summary: 'Whether a grant is for this target.',
      ...signed,
      parameters: byId,
      requestBody: posted(object({ target: text, body: ref('Posted') }, ['body'])),
      responses: {
        ...common,
        200: answer('Whether it is.', object({ same: { type: 'boolean' } })),
        404: fault('There is none.'),
      },
    },
  },
}
