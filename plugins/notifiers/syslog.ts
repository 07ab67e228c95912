/** Alerts to a syslog server (RFC 5424): by UDP (RFC 5426), or by TCP with counted messages (RFC 6587, 3.4.1). */
import { createSocket } from 'node:dgram'
import { createConnection, isIPv6 } from 'node:net'
import { hostname } from 'node:os'
import type { Notice, NotifierPlugin } from '../../gateway/contracts.ts'

type Options = { readonly host: string; readonly port?: number; readonly protocol?: 'udp' | 'tcp' }

/** Facility 13, log audit; severity 4, warning. */
const priority = 13 * 8 + 4

export const syslog: NotifierPlugin<Options> = {
  kind: 'notifier',
  name: 'syslog',
  summary: { zh: 'syslog 服务器（RFC 5424），UDP 或 TCP', en: 'A syslog server (RFC 5424), by UDP or TCP' },
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['host'],
    properties: {
      host: { type: 'string', minLength: 1, description: 'Its name or address.' },
      port: { type: 'integer', minimum: 1, maximum: 65535, description: 'Its port.', default: 514 },
      protocol: { enum: ['udp', 'tcp'], description: 'By UDP nobody knows whether it has arrived.', default: 'udp' },
    },
  },
  create({ host, port = 514, protocol = 'udp' }) {
    const send = protocol === 'udp' ? sendDatagram : sendStream
    return (notice, signal) => send(messageOf(notice), { host, port }, signal)
  },
}

/** `<108>1 TIME HOST veilgate - alert [veilgate@32473 rule="…" …] words` */
function messageOf({ time, words, rule, record, consumer, operator, address, amount, limit }: Notice): Buffer {
  const data = Object.entries({ rule, record, consumer, operator, address, amount, limit })
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}="${String(value).replace(/["\\\]]/g, '\\$&')}"`)
  const host = hostname().replace(/[^\x21-\x7e]/g, '') || '-'
  // the private enterprise number of RFC 5612, for examples; a BOM says that the words are UTF-8
  const head = `<${priority}>1 ${time} ${host.slice(0, 255)} veilgate - alert [veilgate@32473 ${data.join(' ')}]`
  return Buffer.from(`${head} \ufeff${words.zh} ${words.en}`)
}

type Server = { readonly host: string; readonly port: number }

function sendDatagram(message: Buffer, { host, port }: Server, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', signal })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed before it was sent')))
    socket.send(message, port, host, error => {
      if (error === null) resolve()
      else reject(error)
      socket.close()
    })
  })
}

function sendStream(message: Buffer, { host, port }: Server, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, signal })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.end(Buffer.concat([Buffer.from(`${message.length} `), message]))
    })
    socket.resume()
    socket.once('close', isFaulty => (isFaulty ? reject(new Error('closed')) : resolve()))
  })
}
