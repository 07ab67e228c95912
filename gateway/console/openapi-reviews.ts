/** Reviewing answers that wait, as OpenAPI says it. */
import { reviewSteps } from '../config/config.ts'
import { reviewVerdicts } from '../review-event.ts'
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

const reviewParts: Json = {
  id: text,
  status: { enum: ['waiting', 'released', 'fetched', 'refused', 'expired', 'overtaken', 'voided'] },
  terms: ref('ReviewTerms'),
  text,
  steps: { type: 'array', items: object({ step: { enum: reviewSteps }, person: text, group: text }) },
  next: orNull({ enum: reviewSteps }),
}

export const reviewSchemas: Json = {
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
}

export const reviewPaths: Json = {
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
}
