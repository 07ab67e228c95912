import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

/** A system behind the gateway, on a port of its own. */
export type Upstream = {
  readonly url: string
  readonly port: number
  /** Requests that reached it. */
  readonly calls: { method: string; url: string; headers: IncomingMessage['headers']; rawHeaders: string[] }[]
  /** Connections that are open now. */
  connections(): number
  close(): Promise<void>
}

/** Over node:http. */
export async function startUpstream(listener: RequestListener): Promise<Upstream> {
  const calls: Upstream['calls'] = []
  const sockets = new Set<Socket>()
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers, rawHeaders } = request
    calls.push({ method, url, headers, rawHeaders })
    listener(request, response)
  })
  server.on('connection', socket => track(sockets, socket))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return upstreamOf((server.address() as AddressInfo).port, calls, sockets, () => {
    server.close()
  })
}

/** Over bare sockets: `answer` is called with each connection once a request's head has arrived. */
export async function startRawUpstream(answer: (socket: Socket, head: string) => void): Promise<Upstream> {
  const calls: Upstream['calls'] = []
  const sockets = new Set<Socket>()
  const server = createTcpServer(socket => {
    track(sockets, socket)
    let received = ''
    socket.on('data', chunk => {
      received += chunk.toString('latin1')
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const head = received.slice(0, end)
        received = received.slice(end + 4)
        const [method = '', url = ''] = head.split(' ')
        calls.push({ method, url, headers: {}, rawHeaders: [] })
        answer(socket, head)
      }
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return upstreamOf((server.address() as AddressInfo).port, calls, sockets, () => {
    server.close()
  })
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => sockets.delete(socket))
}

function upstreamOf(port: number, calls: Upstream['calls'], sockets: Set<Socket>, stop: () => void): Upstream {
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    connections: () => sockets.size,
    async close() {
      stop()
      for (const socket of sockets) socket.destroy()
    },
  }
}
