/** What the description of the admin API is put together from. */

export type Json = { readonly [key: string]: unknown }

export const text: Json = { type: 'string' }
export const texts: Json = { type: 'array', items: text }
export const orNull = (schema: Json): Json => ({ oneOf: [schema, { type: 'null' }] })
export const time: Json = { type: 'string', format: 'date-time', description: 'UTC, with milliseconds.' }
export const signature: Json = { type: 'string', description: 'Ed25519, in base64.' }

export const object = (properties: Json, optional: readonly string[] = []): Json => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(key => !optional.includes(key)),
  additionalProperties: false,
})

export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
const json = (schema: Json): Json => ({ content: { 'application/json': { schema } } })
export const answer = (description: string, schema: Json): Json => ({ description, ...json(schema) })
export const fault = (description: string): Json => answer(description, ref('Fault'))
export const posted = (schema: Json): Json => ({ required: true, ...json(schema) })

/** What any call may be answered with. */
export const common = {
  400: fault('Not of this shape.'),
  401: fault('Nobody who is known has signed this call, or is signed in; or the signature was shown before.'),
  403: fault('Signed in, but of another duty; or without the word that goes with the session.'),
  429: fault('Called, or asked, too often.'),
  503: fault('Records cannot be written.'),
}

/** The same of what changes something that goes by an id. */
export const changing = {
  ...common,
  404: fault('There is none.'),
  409: fault('What stands against it.'),
}
export const byId = [{ name: 'id', in: 'path', required: true, schema: text }]

/** What authorises somebody to see more. */
export const basis = object({ kind: text, ref: orNull(text) }, ['ref'])

/** Of a call that sessions of one duty make, or of any. */
export const inSession = (duty: string): Json => ({ 'x-duty': duty, security: [{ session: [] }] })
/** The same of who guards the gateway, or signed by them. */
export const signed: Json = { 'x-duty': 'security', security: [{ signedCall: [] }, { session: [] }] }
