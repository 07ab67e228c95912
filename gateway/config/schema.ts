import type { IdentityPlugin } from '../contracts.ts'
import type { Schema } from '../policy/validate.ts'
import { leastRetentionDays, longestKeyOverlap, usualExpiryNotice, usualKeyOverlap } from './config.ts'
import { limitRules } from './limits.ts'
import { listenPattern, words } from './quantities.ts'
import { adminSchema } from './schema-admin.ts'
import { addressesSchema, audienceSchema, consumerSchema, rateSchema } from './schema-consumers.ts'
import { group, limitSchemas, namePattern, nameWords, path, proxiesSchema, shaped, text } from './schema-parts.ts'
import { approversSchema, basesSchema, requestersSchema, reviewsSchema, witnessesSchema } from './schema-people.ts'
import { controlSchema, recordsSchema } from './schema-records.ts'
import { systemSchema } from './schema-systems.ts'

const authorityPattern = '^x25519:[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$'

/**
 * The JSON Schema of gateway.yaml, the one the loader itself validates with. Each identity plugin adds the key of its
 * own name to consumers, with the shape its options declare.
 */
export function configSchema(identities: readonly IdentityPlugin[]): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Veilgate: gateway.yaml',
    ...group(
      {
        $schema: { type: 'string', description: 'For editors.' },
        listen: shaped(listenPattern, words.listen, 'Where callers connect. Default 127.0.0.1:8080.'),
        tls: group(
          {
            certificate: path('PEM, with the chain.'),
            key: path('PEM; readable by the gateway only.'),
            client_ca: path('PEM; with it, clients need a certificate of one of these authorities.'),
            client_certificates: {
              enum: ['required', 'optional'],
              description: 'Whether a client without one gets a connection. Default required.',
            },
            client_crl: path('PEM; lists of certificates that were revoked, one for each of these authorities.'),
          },
          ['certificate', 'key'],
        ),
        public_url: text('Under which callers reach the gateway; for links and redirects.'),
        admin: adminSchema,
        policies: path('Folder of policies. Default ./policies where it exists, else the shipped ones.'),
        records: recordsSchema,
        control: controlSchema,
        keys: path('Folder of keys, made at first start. Default ./keys.'),
        witnesses: witnessesSchema,
        approvers: approversSchema,
        requesters: requestersSchema,
        reviews: reviewsSchema,
        bases: basesSchema,
        trace_authority: shaped(
          authorityPattern,
          {
            zh: '是 veilgate keys trace-authority 显示的公钥',
            en: 'is the public key that veilgate keys trace-authority shows',
          },
          'Public key to which the blind-index key of each month is sealed; the gateway then forgets those of past months.',
        ),
        retention_days: {
          type: 'integer',
          minimum: leastRetentionDays,
          maximum: 36_500,
          description: `Days for which records are kept at least. Default and least ${leastRetentionDays}.`,
        },
        expiry_notice_days: {
          type: 'integer',
          minimum: 0,
          maximum: 365,
          description: `Days ahead it is said which consumers, systems, routes, keys and certificates end. Default ${usualExpiryNotice}.`,
        },
        key_overlap_days: {
          type: 'integer',
          minimum: 0,
          maximum: longestKeyOverlap,
          description: `Days at most that tokens and sessions made by an older key still count after veilgate keys rotate. Default ${usualKeyOverlap}.`,
        },
        contact: { ...text('Named in every refusal.'), maxLength: 200 },
        workers: {
          type: 'integer',
          minimum: 1,
          maximum: 64,
          description: 'Processes that serve, each with a log of its own. Left out: one, without a primary.',
        },
        timezone: text('IANA name; where days and months begin. Default Asia/Shanghai.'),
        ...proxiesSchema,
        limits: group(limitSchemas(limitRules)),
        systems: {
          type: 'object',
          minProperties: 1,
          propertyNames: { pattern: namePattern, 'x-words': nameWords },
          additionalProperties: systemSchema,
          description: 'Legacy systems by name; each has a policy of the same name.',
          'x-zh': '各旧系统，按名称；每个系统有一份同名的策略',
        },
        consumers: {
          type: 'object',
          propertyNames: { pattern: namePattern, 'x-words': nameWords },
          additionalProperties: consumerSchema(identities),
          description: 'Authenticated callers by name. All that is declared of one must hold.',
        },
        anonymous: group({ audience: audienceSchema, rate: rateSchema, addresses: addressesSchema }, ['audience']),
      },
      ['systems'],
    ),
  }
}
