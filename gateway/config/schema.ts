import type { IdentityPlugin } from '../contracts.ts'
import type { Schema } from '../policy/validate.ts'
import { adminSchema } from './admin-schema.ts'
import {
  basisKinds,
  leastRetentionDays,
  longestKeyOverlap,
  statables,
  usualExpiryNotice,
  usualKeyOverlap,
} from './config.ts'
import { type LimitRule, limitRules, poolRules, reviewRules, timeoutRules } from './limits.ts'
import {
  hoursPattern,
  listenPattern,
  macPattern,
  momentPattern,
  portsPattern,
  sizePattern,
  timePattern,
  words,
} from './quantities.ts'
import { group, list, path, shaped, text } from './schema-parts.ts'

/** Names of systems and consumers: they stand in records, log lines and metrics. */
export const namePattern = '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}$'
const authorityPattern = '^x25519:[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$'
const headerPattern = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$"
const hostPattern = '^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$'
const prefixPattern = '^(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$'

const variablePattern = '^[A-Za-z_][A-Za-z0-9_]{0,127}$'
const variableWords = { zh: '写作环境变量名', en: 'write the name of an environment variable' }
/** Names of logs begin with it. */
const shortNamePattern = '^[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?$'
const shortNameWords = {
  zh: '由小写字母、数字和“-”组成，至多 31 个字符，如 east',
  en: 'lower-case letters, digits and `-`, at most 31, as in east',
}

const nameWords = {
  zh: '名称由字母、数字、“.”、“_”、“-”组成，至多 64 个字符',
  en: 'a name is of letters, digits, `.`, `_` and `-`, at most 64 characters',
}
const headerWords = { zh: '写作请求头名称，如 X-Tenant', en: 'write the name of a header, as in X-Tenant' }

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
        control: group(
          {
            postgres: postgresSchema(
              'A database in which gateways with the same people, consumers and keys decide grants and lockdowns together.',
            ),
            gateways: list(
              shaped(shortNamePattern, shortNameWords, 'The name of one.'),
              'All of them: a grant is used once more than half have it on record, so that whoever rules the database cannot have it used again.',
            ),
          },
          ['postgres'],
        ),
        keys: path('Folder of keys, made at first start. Default ./keys.'),
        witnesses: {
          type: 'object',
          propertyNames: { pattern: namePattern, 'x-words': nameWords },
          additionalProperties: group({
            folder: path('A folder on another disk or machine; not made.'),
            url: text('Where a witness listens (c2sp.org/tlog-witness).'),
            key: text('Its public key.'),
          }),
          description: 'Who keeps checkpoints of the records elsewhere, by name.',
        },
        approvers: {
          type: 'object',
          propertyNames: { pattern: namePattern, 'x-words': nameWords },
          additionalProperties: group(
            {
              key: text('Public key of this person; see veilgate keys approver.'),
              group: shaped(namePattern, nameWords, 'Two approvals are of two groups.'),
            },
            ['key', 'group'],
          ),
          description: 'People who may approve, by name: that old records are removed, and grants.',
        },
        requesters: {
          type: 'object',
          propertyNames: { pattern: namePattern, 'x-words': nameWords },
          additionalProperties: group({ key: text('Public key of this person; see veilgate keys approver.') }, ['key']),
          description: 'People who may ask for grants, by name. Approvers may as they are.',
        },
        reviews: {
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
        },
        bases: {
          type: 'object',
          propertyNames: { enum: basisKinds },
          additionalProperties: group({
            approvers: list(
              text('An approver, or a group of them.'),
              'Who alone may approve grants on it, of two groups at least; it then counts only with such a grant.',
            ),
            reference: text('A regular expression for the whole reference, such as WO-[0-9]{4}-[0-9]{2,6}.'),
            verify: group(
              {
                url: text('Is asked by POST whether a reference counts.'),
                token_file: path('For its Authorization header.'),
              },
              ['url'],
            ),
          }),
          description: 'By kind of basis: what references look like here, and who says whether one counts.',
        },
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
        trusted_hops: {
          type: 'integer',
          minimum: 0,
          maximum: 8,
          description: 'Proxies in front whose X-Forwarded-For counts. Default 0: the header is ignored.',
        },
        trusted_proxies: list(text('A network, as in 10.0.0.0/8.'), 'From where these proxies call.'),
        limits: group(limitSchemas(limitRules)),
        systems: {
          type: 'object',
          minProperties: 1,
          propertyNames: { pattern: namePattern, 'x-words': nameWords },
          additionalProperties: systemSchema,
          description: 'Legacy systems by name; each has a policy of the same name.',
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

function groupsOf(step: string): Schema {
  return {
    ...list(shaped(namePattern, nameWords, 'A group of `approvers`.'), `Groups of whom each may do ${step}.`),
    minItems: 1,
  }
}

function limitSchemas(rules: readonly LimitRule[]): Record<string, Schema> {
  return Object.fromEntries(
    rules.map(({ name, kind, preset, least, most, about }) => {
      const description = `${about.en}. Default ${preset}, from ${least} to ${most}.`
      if (kind === 'count')
        return [name, { type: 'integer', minimum: Number(least), maximum: Number(most), description }]
      if (kind === 'time') return [name, shaped(timePattern, words.time, description)]
      return [
        name,
        { type: ['string', 'integer'], minimum: 0, pattern: sizePattern, 'x-words': words.size, description },
      ]
    }),
  )
}

const systemSchema = group(
  {
    upstream: text('http:// or https:// URL of the system; a path is put before every request.'),
    prefix: shaped(
      prefixPattern,
      { zh: '以“/”开头、不以“/”结尾，如 /xg', en: 'begin with a slash and do not end with one, as in /xg' },
      'Which paths belong to this system; stripped before forwarding.',
    ),
    host: shaped(
      hostPattern,
      { zh: '写作不带端口的主机名', en: 'write a host name without a port' },
      'Which host belongs to this system.',
    ),
    proof_header: shaped(
      headerPattern,
      headerWords,
      'A header with a secret by which the system can refuse callers that went around; see keys/proof-NAME.secret.',
    ),
    request_headers: list(shaped(headerPattern, headerWords, 'A header.'), 'Headers to forward beyond the allow-list.'),
    credentials: group({
      header: group({ name: shaped(headerPattern, headerWords, 'A header.'), value_file: path('Its value.') }, [
        'name',
        'value_file',
      ]),
      basic: group({ user: text('User name.'), password_file: path('The password.') }, ['user', 'password_file']),
      client_certificate: group({ certificate: path('PEM.'), key: path('PEM.') }, ['certificate', 'key']),
    }),
    ca: path('PEM; authorities that vouch for the upstream, in place of the usual ones.'),
    server_name: shaped(
      hostPattern,
      { zh: '写作主机名', en: 'write a host name' },
      "Name to expect in the upstream's certificate.",
    ),
    policy: { const: 'shipped', description: 'Serve every path by the shipped catalogue, GET and HEAD.' },
    compress: {
      type: 'boolean',
      description:
        'Compress answers for callers that ask. Default false: lengths of compressed text tell of secrets in it.',
    },
    from: shaped(momentPattern, words.moment, 'From when it is served.'),
    until: shaped(momentPattern, words.moment, 'Until when; a day counts to its end. After it: 410.'),
    timeouts: group(limitSchemas(timeoutRules)),
    pool: group(limitSchemas(poolRules)),
  },
  ['upstream'],
)

function postgresSchema(description: string): Schema {
  const settings = group({
    url_file: path('A file with postgres://USER:PASSWORD@HOST:PORT/DATABASE on one line.'),
    url_env: shaped(variablePattern, variableWords, 'The environment variable that holds that address instead.'),
    name: shaped(shortNamePattern, shortNameWords, 'Of this gateway among those that share the database.'),
    tls: {
      ...group({
        ca: path('PEM; authorities that vouch for the database, in place of the usual ones.'),
        server_name: text("Name to expect in the database's certificate, in place of its host."),
        certificate: path('PEM; of this client.'),
        key: path('PEM; readable by the gateway only.'),
      }),
      type: ['boolean', 'object'],
      description: 'Encrypted and checked by default, but on this machine; false: not encrypted.',
    },
  })
  return { ...settings, description }
}

const recordsSchema: Schema = {
  ...group({
    folder: path('Folder of access records, made at first start. Default ./records.'),
    postgres: postgresSchema(
      'A database that gets a copy of all records, behind the serving. Either url_file or url_env.',
    ),
  }),
  type: ['string', 'object'],
  minLength: 1,
  maxLength: 1024,
  description: 'The folder of access records, or `folder` and where they are copied to.',
}

const audienceSchema = text('One of the audiences of the policy.')
const addressesSchema = list(text('A network, as in 10.1.0.0/16, or an address.'), 'From where it may call.')
const rateSchema: Schema = {
  ...group(
    {
      requests: { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'In each period.' },
      per: { enum: ['second', 'minute', 'hour'], description: 'The period. Default second.' },
      burst: { type: 'integer', minimum: 0, maximum: 1_000_000, description: 'More, within ten periods. Default 0.' },
    },
    ['requests'],
  ),
  description: 'For the consumer as a whole; for each address where callers are anonymous.',
}

function consumerSchema(identities: readonly IdentityPlugin[]): Schema {
  const purpose = {
    zh: '由小写字母、数字、“_”、“-”组成，以字母开头，如 enrolment',
    en: 'lower-case letters, digits, `_` and `-`, beginning with a letter, as in enrolment',
  }
  return group(
    {
      audience: audienceSchema,
      ...Object.fromEntries(identities.map(plugin => [plugin.name, declaredBy(plugin)])),
      audiences: {
        type: 'object',
        maxProperties: 100,
        propertyNames: { minLength: 1, maxLength: 200 },
        additionalProperties: audienceSchema,
        description:
          'Audience by role or group, from an identity that knows them; the first that the caller has counts.',
      },
      addresses: addressesSchema,
      terminals: list(
        text('A network or address, or cert: and the SHA-256 of a client certificate.'),
        'From where it presents a `terminal` to policies: of each kind that is named one must fit. Default: nowhere.',
      ),
      ports: list(
        shaped(portsPattern, words.ports, 'A port or range.'),
        "Ports of the caller's end. Not behind proxies.",
      ),
      hours: list(shaped(hoursPattern, words.hours, 'Days and hours.'), 'When it may call, in `timezone`; else 403.'),
      macs: list(
        shaped(macPattern, words.mac, 'A MAC address.'),
        'MAC addresses it may have on the same link: a hurdle, no proof, as they can be made up.',
      ),
      names_operators: { type: 'boolean', description: 'Trusted to say who the person behind a request is.' },
      purposes: list(shaped('^[a-z][a-z0-9_-]{0,63}$', purpose, 'A purpose.'), 'Purposes it may state.'),
      bases: list(
        { enum: basisKinds },
        'Bases it may state. Default: all, where it names operators or purposes; else none.',
      ),
      query_statements: {
        type: 'boolean',
        description: 'May state by parameters, veilgate_operator=…, what others state by headers. Default false.',
      },
      form_statements: {
        type: 'boolean',
        description: 'The same by fields of a form that it posts, which are taken out of it. Default false.',
      },
      requires: list({ enum: statables }, 'What it must state on every request; else 403. Default: nothing.'),
      rate: rateSchema,
      from: shaped(momentPattern, words.moment, 'From when it counts.'),
      until: shaped(momentPattern, words.moment, 'Until when; a day counts to its end. After it: 410.'),
    },
    ['audience'],
  )
}

/** What a consumer declares under an identity's name: the shape of one member of the plugin's `consumers` option. */
function declaredBy(plugin: IdentityPlugin): Schema {
  const consumers = plugin.options.properties['consumers'] as { readonly additionalProperties?: Schema } | undefined
  return consumers?.additionalProperties ?? {}
}
