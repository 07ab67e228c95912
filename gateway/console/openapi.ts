/** What the admin listener offers, as OpenAPI 3.1 says it: served at `/api/openapi.json`. A test holds it against the paths there are. */
import { verdicts } from '../access/grants/terms.ts'
import { reviewSteps } from '../config/config.ts'
import { effects } from '../lockdown-event.ts'
import { reviewVerdicts } from '../review-event.ts'
import {
  answer,
  common,
  fault,
  type Json,
  object,
  orNull,
  posted,
  ref,
  signature,
  signedOr,
  text,
  texts,
  time,
} from './openapi-parts.ts'
import { peoplePaths, peopleSchemas } from './openapi-people.ts'
import { recordsPaths } from './openapi-records.ts'

const basis = object({ kind: text, ref: orNull(text) }, ['ref'])

const effect = { enum: [...effects], description: '`block`, if left out.' }
const rate = { ...orNull({ type: 'integer' }), description: 'Requests a minute, of `slow_down` alone.' }
const reviewParts: Json = {
  id: text,
  status: { enum: ['waiting', 'released', 'fetched', 'refused', 'expired', 'overtaken', 'voided'] },
  terms: ref('ReviewTerms'),
  text,
  steps: { type: 'array', items: object({ step: { enum: reviewSteps }, person: text, group: text }) },
  next: orNull({ enum: reviewSteps }),
}

const schemas: Json = {
  ...peopleSchemas,
  Fault: object(
    {
      why: { type: 'string', description: 'One word.' },
      wrong: { ...texts, description: 'Names of what is wrong, never what they were.' },
    },
    ['wrong'],
  ),
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
  ReviewTerms: object({
    ...{ id: text, reason: { enum: ['route', 'unlisted'] }, consumer: text, audience: text, operator: orNull(text) },
    ...{ address: text, purpose: orNull(text), basis: orNull(basis), grant: orNull(text), system: text, route: text },
    ...{ method: text, status: { type: 'integer' }, format: orNull(text), bytes: { type: 'integer' } },
    ...{
      rows: { type: 'integer' },
      unlisted: { type: 'integer' },
      policy: text,
      sealed: text,
      made: time,
      until: time,
    },
  }),
  Review: object({ ...reviewParts }),
  ReviewOutline: object({
    ...reviewParts,
    fields: orNull({
      type: 'object',
      additionalProperties: { type: 'object', additionalProperties: { type: 'integer' } },
      description:
        'By type and cell, how many values got which form; null: for no reviewer, or the answer is not there any more.',
    }),
    people: orNull({ type: 'integer' }),
    unlisted: orNull({ ...texts, description: 'Paths of fields that no policy lists: names only.' }),
  }),
  ReviewBody: object({ content_type: orNull(text), body: { type: 'string', description: 'Masked, in base64.' } }),
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

const changing = {
  ...common,
  404: fault('There is none.'),
  409: fault('What stands against it.'),
}
const byId = [{ name: 'id', in: 'path', required: true, schema: text }]
const signed = signedOr('security')

const paths: Json = {
  ...peoplePaths,
  ...recordsPaths,
  '/healthz': { get: { summary: 'Whether the process answers.', responses: { 200: { description: 'It does.' } } } },
  '/readyz': {
    get: {
      summary: 'Whether the gateway can do its work.',
      responses: { 200: { description: 'It can.' }, 503: { description: 'What is in the way.' } },
    },
  },
  '/metrics': {
    get: {
      summary: 'Metrics in the text format of Prometheus.',
      'x-duty': 'system',
      security: [{ adminToken: [] }, { session: [] }],
      responses: {
        200: { description: 'They are.' },
        401: { description: 'Not with this token.' },
        403: fault('Signed in, but of another duty.'),
      },
    },
  },
  '/api/openapi.json': { get: { summary: 'This description.', responses: { 200: { description: 'It is.' } } } },
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
  '/api/reviews': {
    get: {
      summary: 'Answers that wait for review, and those that ended within a month; for approvers.',
      ...signed,
      responses: {
        ...common,
        200: answer('Oldest first.', object({ reviews: { type: 'array', items: ref('Review') } })),
        403: fault('No approver.'),
      },
    },
  },
  '/api/reviews/{id}': {
    get: {
      summary: 'One of them: what is in it, by counts and names of fields.',
      ...signed,
      parameters: byId,
      responses: {
        ...common,
        200: answer('The answer, in outline.', ref('ReviewOutline')),
        403: fault('No reviewer.'),
        404: fault('There is none.'),
      },
    },
  },
  '/api/reviews/{id}/verdicts': {
    post: {
      summary: 'Takes a step, or refuses; signed over the text that gateway/access/reviews/terms.ts makes of it.',
      ...signed,
      parameters: byId,
      requestBody: posted(
        object({ verdict: { enum: reviewVerdicts.filter(one => one !== 'read') }, signed: time, signature }),
      ),
      responses: { ...changing, 200: answer('On record.', ref('Review')), 403: fault('Not in a group that may.') },
    },
  },
  '/api/reviews/{id}/body': {
    post: {
      summary: 'Reads it, masked as it will be given; signed over the text of `read`, and on record.',
      ...signed,
      parameters: byId,
      requestBody: posted(object({ signed: time, signature })),
      responses: { ...changing, 200: answer('The body.', ref('ReviewBody')), 403: fault('No reviewer.') },
    },
  },
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

export const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'Veilgate: the admin listener',
    version: '1',
    description:
      'Nothing of this is reachable where callers connect. gateway/console/README.md says how calls are signed. `x-duty` is the duty whose accounts may make a call; `any`: all of them.',
  },
  paths,
  components: {
    schemas,
    securitySchemes: {
      signedCall: {
        type: 'http',
        scheme: 'Veilgate',
        description:
          'Base64url of the JSON {"person","time","signature"}: an Ed25519 signature over method, path, body and time.',
      },
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: '__Host-veilgate',
        description: 'From /api/login; `veilgate_admin` where the listener is not encrypted, on its own machine.',
      },
      adminToken: { type: 'http', scheme: 'bearer', description: 'The line of admin.secret in the keys folder.' },
    },
  },
}
