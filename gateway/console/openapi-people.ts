/** What people who sign in can call, as OpenAPI says it. `x-duty`: of which duty their account has to be. */
import { duties } from '../config/config.ts'
import {
  answer,
  common,
  fault,
  inSession,
  type Json,
  object,
  orNull,
  posted,
  ref,
  text,
  texts,
  time,
} from './openapi-parts.ts'

const credentials = { 401: fault('Not with these.'), 429: fault('Too many failures; see Retry-After.') }
const password: Json = { type: 'string', maxLength: 1024 }
const code: Json = { type: 'string', description: 'One-time code (TOTP, RFC 6238): six digits, each good once.' }
const done = (word: string) => answer('Done, and on record.', object({ [word]: { type: 'boolean' } }))

export const peopleSchemas: Json = {
  Session: object({
    account: text,
    duty: { enum: duties },
    csrf: { type: 'string', description: 'For the header X-Veilgate-CSRF of each POST.' },
    until: time,
    idle_seconds: { type: 'integer', description: 'Without a call for so long, it is over before.' },
    change_password: { type: 'boolean', description: 'Nothing else is taken until there is a new password.' },
    contact: { ...orNull(text), description: 'Whom to turn to with questions and complaints.' },
  }),
  Status: object({
    records: { enum: ['usable', 'unusable'] },
    cause: orNull(text),
    policy: orNull(text),
    listening: { type: 'boolean', description: 'Whether callers can connect.' },
    stopping: { type: 'boolean' },
    config: text,
  }),
  Policy: object({
    digest: text,
    systems: { type: 'array', items: object({ name: text, routes: { type: 'integer' } }) },
    audiences: texts,
  }),
  Account: object({
    ...{ name: text, duty: { enum: duties }, email: orNull(text), from: orNull(time), until: orNull(time) },
    change_password: { type: 'boolean' },
  }),
}

const session = ref('Session')

export const peoplePaths: Json = {
  '/api/login': {
    post: {
      summary: 'Signs in; the session is a cookie.',
      requestBody: posted(object({ name: text, password, code })),
      responses: {
        ...common,
        ...credentials,
        200: answer('Signed in, and on record.', session),
        404: { description: 'People sign in by an OpenID provider.' },
      },
    },
  },
  '/api/login/oidc': {
    get: {
      summary: 'Sends a browser to the OpenID provider.',
      responses: {
        303: { description: 'There.' },
        403: fault('Not encrypted.'),
        404: { description: 'People have accounts here.' },
        503: fault('The provider does not answer.'),
      },
    },
  },
  '/api/login/callback': {
    get: {
      summary: 'Where the OpenID provider sends a browser back to.',
      responses: {
        ...common,
        200: answer('Signed in, and on record.', session),
        403: fault('no_duty, two_duties, weak (no second factor), or account (a name that must not be on record).'),
        404: { description: 'People have accounts here.' },
      },
    },
  },
  '/api/logout': {
    post: {
      summary: 'Ends this session.',
      ...inSession('any'),
      responses: { ...common, 200: done('ended') },
    },
  },
  '/api/session': {
    get: {
      summary: 'Who is signed in.',
      ...inSession('any'),
      responses: { ...common, 200: answer('This session.', session) },
    },
  },
  '/api/password': {
    post: {
      summary: 'Another password, by the old one and a fresh code. All sessions of the account end.',
      ...inSession('any'),
      requestBody: posted(object({ password, code, next: password })),
      responses: {
        ...common,
        ...credentials,
        200: done('changed'),
        404: { description: 'People sign in by an OpenID provider.' },
        422: fault('`next` is not good enough: short, long, common, name or simple.'),
      },
    },
  },
  '/api/status': {
    get: {
      summary: 'Whether the gateway can do its work, and by which configuration and policy.',
      ...inSession('system'),
      responses: { ...common, 200: answer('How it stands.', ref('Status')) },
    },
  },
  '/api/policy': {
    get: {
      summary: 'The policy in force.',
      ...inSession('security'),
      responses: { ...common, 200: answer('What it is, by names.', ref('Policy')) },
    },
  },
  '/api/accounts': {
    get: {
      summary: 'All accounts. They are made by `veilgate accounts`, on the machine.',
      ...inSession('system'),
      responses: {
        ...common,
        200: answer('As they stand.', object({ accounts: { type: 'array', items: ref('Account') } })),
      },
    },
  },
  '/api/accounts/{name}/unlock': {
    post: {
      summary: 'An account that has to wait after failures may try again.',
      ...inSession('system'),
      parameters: [{ name: 'name', in: 'path', required: true, schema: text }],
      responses: { ...common, 200: done('unlocked'), 404: fault('There is none.') },
    },
  },
}
