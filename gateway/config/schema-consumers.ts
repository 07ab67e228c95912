/** One of `consumers` of gateway.yaml, and what it has in common with `anonymous`. */
import type { IdentityPlugin } from '../contracts.ts'
import type { Schema } from '../policy/validate.ts'
import { basisKinds, statables } from './config.ts'
import { hoursPattern, macPattern, momentPattern, portsPattern, words } from './quantities.ts'
import { group, list, shaped, text } from './schema-parts.ts'

export const audienceSchema = text('One of the audiences of the policy.')
export const addressesSchema = list(text('A network, as in 10.1.0.0/16, or an address.'), 'From where it may call.')
export const rateSchema: Schema = {
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

/** With the key of each identity, of the shape that its options declare for a consumer. */
export function consumerSchema(identities: readonly IdentityPlugin[]): Schema {
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
