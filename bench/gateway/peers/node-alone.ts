/** Node's own server and undici with nothing between them, the least a proxy on Node can take: `node node-alone.ts PORT UPSTREAM`. */
import { createServer, type ServerResponse } from 'node:http'
import { type Dispatcher, Pool } from 'undici'

const [, , port, upstream] = process.argv
const pool = new Pool(upstream!, { connections: 64, keepAliveTimeout: 60_000 })

/** Hands an answer on as it comes; undici waits where the caller does. */
function handOn(response: ServerResponse): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller) {
      response.once('close', () => {
        if (!response.writableFinished) controller.abort(new Error('the caller has left'))
      })
    },
    onResponseStart(_controller, status, headers) {
      response.writeHead(status, headers as Record<string, string>)
    },
    onResponseData(controller, chunk) {
      if (response.write(chunk)) return
      controller.pause()
      response.once('drain', () => controller.resume())
    },
    onResponseEnd() {
      response.end()
    },
    onResponseError() {
      response.destroy()
    },
  }
}

const server = createServer((request, response) => {
  pool.dispatch({ method: 'GET', path: request.url! }, handOn(response))
})
server.keepAliveTimeout = 120_000
server.listen(Number(port), '127.0.0.1')
