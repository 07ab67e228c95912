/** http-proxy-middleware with its response interceptor, over node:http: `node http-proxy-middleware.ts PORT UPSTREAM`. */
import { Agent, createServer } from 'node:http'
import { createProxyMiddleware, responseInterceptor } from 'http-proxy-middleware'
import { maskNaively } from './naive.ts'

const [, , port, target] = process.argv
const proxy = createProxyMiddleware({
  target: target!,
  agent: new Agent({ keepAlive: true, maxSockets: 64 }),
  selfHandleResponse: true,
  on: { proxyRes: responseInterceptor(async body => maskNaively(body)) },
})
const server = createServer((request, response) => void proxy(request, response, () => response.destroy()))
server.keepAliveTimeout = 120_000
server.listen(Number(port), '127.0.0.1')
