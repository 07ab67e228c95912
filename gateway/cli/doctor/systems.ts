/** What `doctor` sees of the systems: each is asked for its first page, and of the answer nothing but the head is read. */
import type { X509Certificate } from 'node:crypto'
import { type ClientRequest, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { Config, SystemSettings } from '../../config/config.ts'
import type { Bilingual } from '../../contracts.ts'
import { codeIn } from '../../error-code.ts'
import type { ProblemCode } from '../../errors.ts'
import { faultWordsOf } from '../../exchange/upstream/fault-words.ts'
import { tlsOptions } from '../../exchange/upstream/upstream.ts'
import type { Finding } from './finding.ts'

const day = 86_400_000
/** Milliseconds that are waited for an answer at most, whatever `timeouts` allow callers. */
const patience = 10_000

type Answered = { readonly status: number; readonly tls: string | null; readonly certificate: X509Certificate | null }

/** All systems that are served at `now`, side by side. What one of them does is told, and never thrown. */
export async function findingsOfSystems(config: Config, now: number): Promise<Finding[]> {
  const served = [...config.systems.values()].filter(({ until }) => until === null || now < until)
  const found = await Promise.all(served.map(system => findingsOf(system, config.expiryNoticeDays, now)))
  return found.flat()
}

async function findingsOf(system: SystemSettings, noticeDays: number, now: number): Promise<Finding[]> {
  const where = `systems.${system.name}`
  try {
    const answered = await ask(system)
    const { certificate } = answered
    const endsSoon = certificate !== null && certificate.validToDate.getTime() < now + noticeDays * day
    return [...(endsSoon ? [ending(where, certificate)] : []), answering(where, answered)]
  } catch (error) {
    return [silent(where, codeIn(error) ?? null)]
  }
}

/** As the gateway itself connects, with its credentials. Rejects with an error whose code says why there is no answer. */
function ask({ upstream }: SystemSettings): Promise<Answered> {
  const { origin, basePath, tls, timeouts, headers } = upstream
  const options = {
    agent: false as const,
    headers: { accept: '*/*', ...Object.fromEntries(headers) },
    ...tlsOptions(tls),
  }
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = (tls === null ? plain : secure)(`${origin}${basePath}/`, options)
    const over = (code: string) => asked.destroy(Object.assign(new Error(code), { code }))
    const connecting = setTimeout(over, Math.min(timeouts.connect, patience), 'UND_ERR_CONNECT_TIMEOUT')
    const waiting = setTimeout(over, Math.min(timeouts.connect + timeouts.headers, patience), 'UND_ERR_HEADERS_TIMEOUT')
    const end = (): void => {
      clearTimeout(connecting)
      clearTimeout(waiting)
    }
    asked.on('socket', socket =>
      socket.once(tls === null ? 'connect' : 'secureConnect', () => clearTimeout(connecting)),
    )
    asked.on('response', answer => {
      end()
      const socket = answer.socket as TLSSocket
      const certificate = tls === null ? null : (socket.getPeerX509Certificate() ?? null)
      resolve({ status: answer.statusCode!, tls: tls === null ? null : socket.getProtocol(), certificate })
      asked.destroy()
    })
    asked.on('error', error => {
      end()
      reject(error)
    })
    asked.end()
  })
}

function answering(where: string, { status, tls, certificate }: Answered): Finding {
  const about =
    certificate === null
      ? { zh: '，未加密', en: ', not encrypted' }
      : {
          zh: `，${tls}，证书 ${nameIn(certificate.subject)}（签发者 ${nameIn(certificate.issuer)}），有效期至 ${dayOf(certificate)}`,
          en: `, by ${tls}; its certificate is of ${nameIn(certificate.subject)}, issued by ${nameIn(certificate.issuer)}, until ${dayOf(certificate)}`,
        }
  const message = { zh: `有应答：HTTP ${status}${about.zh}`, en: `it answers: HTTP ${status}${about.en}` }
  return { code: 'SYSTEM_ANSWERS', severity: 'well', where, message, todo: null }
}

function ending(where: string, certificate: X509Certificate): Finding {
  const on = dayOf(certificate)
  return {
    code: 'SYSTEM_CERTIFICATE_ENDS',
    severity: 'advice',
    where,
    message: {
      zh: `系统的证书到 ${on} 为止，此后网关不再与它连接`,
      en: `the certificate of the system ends on ${on}: the gateway connects to it no more then`,
    },
    todo: { zh: '请系统的负责人及时更换', en: 'have those who run the system renew it' },
  }
}

/** `cause`: what Node calls it. */
function silent(where: string, cause: string | null): Finding {
  const code: ProblemCode = cause?.endsWith('_TIMEOUT') === true ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNREACHABLE'
  const named = cause === null ? '' : ` (${cause})`
  const words: Bilingual = faultWordsOf(code, cause)!
  return {
    code: 'SYSTEM_SILENT',
    severity: 'wrong',
    where,
    message: { zh: `系统没有应答${named}`, en: `the system gives no answer${named}` },
    todo: words,
  }
}

/** The name in it that people look for; whoever made the certificate chose it, so that only what prints is left of it. */
function nameIn(distinguished: string): string {
  const name = /(?:^|\n)CN=([^\n]*)/.exec(distinguished)?.[1] ?? /(?:^|\n)O=([^\n]*)/.exec(distinguished)?.[1] ?? '?'
  return name.replace(/[^\p{L}\p{N} .*:@_-]/gu, '?').slice(0, 80)
}

function dayOf(certificate: X509Certificate): string {
  return certificate.validToDate.toISOString().slice(0, 10)
}
