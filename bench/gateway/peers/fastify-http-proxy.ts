/** @fastify/http-proxy as it comes, nothing masked or recorded: `node fastify-http-proxy.ts PORT UPSTREAM`. */
import httpProxy from '@fastify/http-proxy'
import Fastify from 'fastify'

const [, , port, upstream] = process.argv
const app = Fastify({ logger: false, keepAliveTimeout: 120_000 })
await app.register(httpProxy, { upstream: upstream!, undici: { connections: 64, keepAliveTimeout: 60_000 } })
await app.listen({ host: '127.0.0.1', port: Number(port) })
