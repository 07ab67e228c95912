/** Who approves, asks, reviews, vouches and keeps checkpoints, as gateway.yaml names them. */
import type { Schema } from '../policy/validate.ts'
import { basisKinds } from './config.ts'
import { reviewRules } from './limits.ts'
import { group, limitSchemas, list, namePattern, nameWords, path, shaped, text } from './schema-parts.ts'

export const witnessesSchema: Schema = {
  type: 'object',
  propertyNames: { pattern: namePattern, 'x-words': nameWords },
  additionalProperties: group({
    folder: path('A folder on another disk or machine; not made.'),
    url: text('Where a witness listens (c2sp.org/tlog-witness).'),
    key: text('Its public key.'),
  }),
  description: 'Who keeps checkpoints of the records elsewhere, by name.',
}

const logins = list(
  shaped(namePattern, nameWords, 'A login.'),
  'Logins of this person at consumers, where they differ from the name: nobody approves what they will see themselves.',
)

export const approversSchema: Schema = {
  type: 'object',
  propertyNames: { pattern: namePattern, 'x-words': nameWords },
  additionalProperties: group(
    {
      key: text('Public key of this person; see veilgate keys approver.'),
      group: shaped(namePattern, nameWords, 'Two approvals are of two groups.'),
      logins,
    },
    ['key', 'group'],
  ),
  description: 'People who may approve, by name: that old records are removed, and grants.',
}

export const requestersSchema: Schema = {
  type: 'object',
  propertyNames: { pattern: namePattern, 'x-words': nameWords },
  additionalProperties: group({ key: text('Public key of this person; see veilgate keys approver.'), logins }, ['key']),
  description: 'People who may ask for grants, by name. Approvers may as they are.',
}

export const reviewsSchema: Schema = {
  ...group(
    {
      pass: groupsOf('first review'),
      check: groupsOf('the check'),
      release: groupsOf('the release'),
      folder: path('Folder in which answers wait, encrypted. Default ./held.'),
      ...limitSchemas(reviewRules),
    },
    ['pass', 'check', 'release'],
  ),
  description: 'Who reviews the answers that a policy has wait (`review: three`, `unlisted: hold`).',
}

export const basesSchema: Schema = {
  type: 'object',
  propertyNames: { enum: basisKinds },
  additionalProperties: group({
    approvers: list(
      text('An approver, or a group of them.'),
      'Who alone may approve grants on it, of two groups at least; it then counts only with such a grant.',
    ),
    reference: text(
      'A regular expression for the whole reference, such as WO-[0-9]{4}-[0-9]{2,6}; without one none counts then.',
    ),
    verify: group(
      {
        url: text('Is asked by POST whether a reference counts.'),
        token_file: path('For its Authorization header.'),
      },
      ['url'],
    ),
  }),
  description: 'By kind of basis: what references look like here, and who says whether one counts.',
}

function groupsOf(step: string): Schema {
  return {
    ...list(shaped(namePattern, nameWords, 'A group of `approvers`.'), `Groups of whom each may do ${step}.`),
    minItems: 1,
  }
}
