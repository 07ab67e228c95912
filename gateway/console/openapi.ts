/** What the admin listener offers, as OpenAPI 3.1 says it: served at `/api/openapi.json`. A test holds it against the paths there are. */
import { grantPaths, grantSchemas } from './openapi-grants.ts'
import { lockdownPaths, lockdownSchemas } from './openapi-lockdowns.ts'
import { fault, type Json, object, texts } from './openapi-parts.ts'
import { peoplePaths, peopleSchemas } from './openapi-people.ts'
import { recordsPaths } from './openapi-records.ts'
import { reviewPaths, reviewSchemas } from './openapi-reviews.ts'

const schemas: Json = {
  ...peopleSchemas,
  Fault: object(
    {
      why: { type: 'string', description: 'One word.' },
      wrong: { ...texts, description: 'Names of what is wrong, never what they were.' },
    },
    ['wrong'],
  ),
  ...grantSchemas,
  ...reviewSchemas,
  ...lockdownSchemas,
}

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
  ...grantPaths,
  ...reviewPaths,
  ...lockdownPaths,
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
