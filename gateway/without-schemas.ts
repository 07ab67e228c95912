/**
 * For `schemaController` of Fastify: no route here declares a schema, and what Fastify checks and writes answers by otherwise
 * (a second compiler of schemas, and one of serialisers) takes 2 MB and a tenth of a start.
 */
export const withoutSchemas = { compilersFactory: { buildValidator: unasked, buildSerializer: unasked } }

/** A route that declared a schema would have been accepted unchecked: it fails where the gateway starts. */
function unasked(): never {
  throw new Error('no route may declare a schema')
}
