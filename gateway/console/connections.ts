/** Connections to the admin listener: nobody from one address takes those of others, or has whoever asks about health find nobody. */
import type { Server } from 'node:http'
import { addressGroup, networksOf, normalizeAddress } from '../address.ts'
import type { TrustedProxies } from '../config/config.ts'

/** Of all, and of one address (IPv6: its /64); of proxies all, as everybody comes by them. */
const [most, mostOfOne] = [256, 32]

export function limitConnections(server: Server, { networks }: TrustedProxies): void {
  const trusted = networksOf(networks)
  const open = new Map<string, number>()
  server.maxConnections = most
  server.on('connection', socket => {
    const address = normalizeAddress(socket.remoteAddress ?? '')
    if (address === null) return void socket.destroy()
    if (trusted.has(address)) return
    const from = addressGroup(address)
    const count = (open.get(from) ?? 0) + 1
    if (count > mostOfOne) return void socket.destroy()
    open.set(from, count)
    socket.once('close', () => {
      const left = open.get(from)! - 1
      if (left === 0) open.delete(from)
      else open.set(from, left)
    })
  })
}
