/** Node's own server with every answer at hand, the least anything on Node can take: `node node-from-memory.ts PORT UPSTREAM`. */
import { createServer } from 'node:http'

const [, , port, upstream] = process.argv
const answers = new Map<string, Buffer>()

async function learn(path: string): Promise<Buffer> {
  const body = Buffer.from(await (await fetch(upstream! + path)).arrayBuffer())
  answers.set(path, body)
  return body
}

const server = createServer(async (request, response) => {
  const path = request.url!
  const body = answers.get(path) ?? (await learn(path))
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
})
server.keepAliveTimeout = 120_000
server.listen(Number(port), '127.0.0.1')
