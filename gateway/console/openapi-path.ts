import type { FastifyInstance } from 'fastify'
import { openapi } from './openapi.ts'

/** Adds the description of the admin API. It says nothing of this gateway, so that anybody may read it. */
export function addOpenapi(app: FastifyInstance): void {
  app.get('/api/openapi.json', (_request, reply) => reply.send(openapi))
}
