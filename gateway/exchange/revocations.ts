/**
 * The list of revoked certificates, read again when its file changes. Where it cannot be read, or is over, no client's
 * certificate counts until there is one again. Connections that were made under another list end: what is shown on a
 * connection is looked at when it is made.
 */
import { readFileSync, statSync } from 'node:fs'
import type { Server, TLSSocket, TlsOptions } from 'node:tls'
import { endOfCrl } from '../crl.ts'
import type { OperationalLog } from '../log.ts'

const words = {
  taken: { zh: '已启用新的证书吊销列表', en: 'a changed list of revoked certificates is in force' },
  unusable: {
    zh: '证书吊销列表（tls.client_crl）无法读取、有误或已过期：在此之前客户端证书一律无效',
    en: 'the list of revoked certificates (tls.client_crl) cannot be read, is malformed or is over: no client certificate counts until it is right again',
  },
}

/** Milliseconds between two looks; a change is taken once two looks agree. */
const interval = 1000
const largest = 1024 * 1024
/** Looks that may fail before no certificate counts: files are put in the place of others. */
const patience = 2

/** Connections carry the number of the list they were made under. */
const under = Symbol('list of revoked certificates')
type Held = TLSSocket & { [under]?: number }

export type Revocations = {
  /** Whether a certificate that is shown on this connection counts still. */
  holds(socket: object): boolean
  /** Connections that are made from now on are under these, and the list as it is by now. */
  use(options: TlsOptions): void
  close(): void
}

export type RevocationParts = {
  readonly server: Server
  /** Of the listener, with the list it began with. */
  readonly options: TlsOptions
  readonly path: string
  readonly log: OperationalLog
  readonly now?: () => number
}

/** Watches the file. Call it before the server listens. */
export function watchRevocations({ server, options, path, log, now = Date.now }: RevocationParts): Revocations {
  let given = options
  let number = 1
  let list = String(options.crl)
  let end = endOfCrl(list)
  let [before, settled, missed, wasUsable] = ['', '', 0, true]
  const isUsable = () => missed < patience && (end === null || now() < end)
  server.on('secureConnection', (socket: Held) => {
    socket[under] = number
  })

  const take = (text: string): void => {
    const ending = endOfCrl(text)
    // another context has other keys for resumption: what was shown under the old list is asked for again
    server.setSecureContext({ ...given, crl: text })
    number++
    list = text
    end = ending
    log.info(words.taken)
  }
  const look = (): void => {
    try {
      const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true })
      const found = `${size} ${mtimeNs} ${ctimeNs} ${ino}`
      const isStill = found === before
      before = found
      if (size > largest) throw new Error('too large')
      // what differs between two looks is being written
      if (!isStill) return
      if (found !== settled) {
        const text = readFileSync(path, 'utf8')
        if (text !== list) take(text)
        settled = found
      }
      missed = 0
    } catch {
      missed++
    }
    if (wasUsable && !isUsable()) log.error(words.unusable)
    wasUsable = isUsable()
  }
  const timer = setInterval(look, interval)
  timer.unref()
  return {
    holds: socket => isUsable() && (socket as Held)[under] === number,
    use(changed) {
      server.setSecureContext({ ...changed, crl: list })
      given = changed
    },
    close: () => clearInterval(timer),
  }
}
