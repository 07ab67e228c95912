import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { get } from '../support/https-client.ts'
import { until } from '../support/until.ts'
import { withAdmin } from './admin.ts'

test('whoever opens very many connections and says nothing keeps nobody else from asking about health', async () => {
  await withAdmin(async origin => {
    const { hostname: host, port } = new URL(origin)
    const sockets: Socket[] = []
    for (let nth = 0; nth < 300; nth++) {
      const socket = connect({ host, port: Number(port), localAddress: '127.0.0.2' })
      sockets.push(socket.on('error', () => {}))
      await new Promise(resolve => socket.once('connect', resolve).once('close', resolve))
    }
    try {
      // what is over comes back as closed
      await until('closed', () => sockets.filter(({ closed }) => closed).length >= 300 - 32)
      const ask = (localAddress: string) => get(`${origin}/healthz`, { localAddress }).then(({ body }) => body)
      assert.equal(await ask('127.0.0.3'), 'ok\n')
      await assert.rejects(ask('127.0.0.2'))
      for (const socket of sockets) socket.destroy()
      // places come back
      await until('let in again', () => ask('127.0.0.2').catch(() => null))
    } finally {
      for (const socket of sockets) socket.destroy()
    }
  })
})
