/** What is told of a system's faults: what happened, and what to do. Constants, so that nothing of an answer is in them. */
import type { Bilingual } from '../../contracts.ts'
import type { ProblemCode } from '../../errors.ts'

/** By what the TLS and socket libraries and the HTTP parser call it (Node's errors.md, OpenSSL's X509_V_ERR, undici's errors.js). */
const byCause: readonly (readonly [RegExp, Bilingual])[] = [
  [
    /^ECONNREFUSED$/,
    {
      zh: '无法连接系统：该地址上没有程序在监听；请查看系统是否在运行，以及 gateway.yaml 中的 upstream',
      en: 'A system cannot be reached: nothing listens at its address; see whether it runs, and `upstream` in gateway.yaml',
    },
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/,
    {
      zh: '无法连接系统：其主机名解析不到地址；请查看 gateway.yaml 中的 upstream 与本机 DNS',
      en: 'A system cannot be reached: its host name leads to no address; see `upstream` in gateway.yaml, and the DNS of this machine',
    },
  ],
  [
    /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/,
    {
      zh: '无法连接系统：网络不通，或在 timeouts.connect 内没有回应；请查看路由与防火墙',
      en: 'A system cannot be reached: no way to its network, or no reply within `timeouts.connect`; see routes and firewalls',
    },
  ],
  [
    /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/,
    {
      zh: '系统的证书已过期或尚未生效，未予连接；请换新证书，或校准本机时钟',
      en: 'The certificate of a system has expired or is not valid yet, and it is not connected to; renew it, or set the clock of this machine right',
    },
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    {
      zh: '系统的证书是发给另一个名字的，未予连接；请用 server_name 写明证书上的名字，或换一张正确的证书',
      en: 'The certificate of a system is for another name, and it is not connected to; write the name that is in it as `server_name`, or have a right one made',
    },
  ],
  [
    /SELF_SIGNED|^UNABLE_TO_|^CERT_|^INVALID_CA$|_CERT_/,
    {
      zh: '系统的证书不受信任，未予连接；请在 gateway.yaml 中用 ca 写明签发它的机构的证书文件',
      en: 'The certificate of a system is not trusted, and it is not connected to; name the file with the certificate of its authority as `ca` in gateway.yaml',
    },
  ],
  [
    /^(ERR_SSL_|EPROTO$)/,
    {
      zh: '与系统的加密握手失败：它在该端口上不使用 TLS（应写 http://），或只支持过旧的版本',
      en: 'No encryption could be agreed on with a system: it speaks no TLS on that port (then write http://), or only versions that are too old',
    },
  ],
  [
    /^UND_ERR_HEADERS_TIMEOUT$/,
    {
      zh: '系统在 timeouts.headers 内没有开始应答；确实较慢的，请调大该值',
      en: 'A system began no answer within `timeouts.headers`; raise that if it is just slow',
    },
  ],
  [
    /^UND_ERR_BODY_TIMEOUT$/,
    {
      zh: '系统的应答中途停顿超过 timeouts.idle，未予放行；确实较慢的，请调大该值',
      en: 'A system paused in an answer for longer than `timeouts.idle`; raise that if it is just slow',
    },
  ],
  [
    /^(UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)$/,
    {
      zh: '系统的应答头超过 limits.answer_headers，应答已扣留',
      en: 'The head of an answer is over `limits.answer_headers`; the answer is withheld',
    },
  ],
  [
    /^HPE_/,
    {
      zh: '系统的应答不合 HTTP/1.1，可能被不同程序读成不同内容，已扣留；cause 说明违反了哪一条。系统若只用 TLS，请写 https://',
      en: 'An answer breaks HTTP/1.1 so that two readers could read two answers, and is withheld; `cause` says how. Where the system speaks TLS only, write https://',
    },
  ],
  [
    /^(UND_ERR_SOCKET|ECONNRESET|EPIPE|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
    {
      zh: '系统没有答完就断开了连接，或应答与它声明的长度不符，已扣留；请查看系统自己的日志。偶尔出现的，多为系统关闭空闲连接早于 pool.keep_alive：请调小该值',
      en: 'A system closed the connection before the end of an answer, or declared another length than it sent; withheld; see the log of the system itself. Where it is only now and then, it is likely that the system closes idle connections before `pool.keep_alive` is over: make that less',
    },
  ],
]

/** Where nothing more is known than the code the caller got. A code that is not here is nothing the operator of the gateway could mend. */
const byCode: ReadonlyMap<ProblemCode, Bilingual> = new Map<ProblemCode, Bilingual>([
  ['UPSTREAM_UNREACHABLE', { zh: '无法连接系统', en: 'A system cannot be reached' }],
  [
    'UPSTREAM_TIMEOUT',
    {
      zh: '系统没有在 timeouts.total 内答完；确实较慢的，请调大该值',
      en: 'A system did not end an answer within `timeouts.total`; raise that if it is just slow',
    },
  ],
  ['UPSTREAM_BROKEN', { zh: '系统的应答不合协议，已扣留', en: 'An answer breaks the protocol, and is withheld' }],
  [
    'FORMAT_UNKNOWN',
    {
      zh: '应答不是网关能读的格式，已扣留；文件用 opaque 放行，样式和脚本用 assets，JSONP 用 jsonp（见 policies/README）',
      en: 'An answer is in no format the gateway reads, and is withheld; files pass by `opaque`, styles and scripts by `assets`, JSONP by `jsonp` (policies/README)',
    },
  ],
  [
    'FORMAT_MALFORMED',
    {
      zh: '应答有语法错误，不同程序会读出不同内容，已扣留；须由系统改正',
      en: 'An answer has a mistake in its syntax, so that readers would differ, and is withheld; the system has to mend it',
    },
  ],
  [
    'CHARSET_UNKNOWN',
    {
      zh: '应答的字符集不受支持，已扣留；网关读 UTF-8、GBK、GB18030 与 Big5',
      en: 'An answer is in a charset the gateway does not read, and is withheld; it reads UTF-8, GBK, GB18030 and Big5',
    },
  ],
  [
    'CHARSET_MALFORMED',
    {
      zh: '应答的字节与其声明的字符集不符，已扣留；未声明的可在策略中用 charset 写明，声明错的须由系统改正',
      en: 'The bytes of an answer are not in the charset it declares, and it is withheld; where it declares none, write `charset` in the policy, a wrong one the system has to mend',
    },
  ],
  [
    'ENCODING_UNKNOWN',
    {
      zh: '应答用了网关不支持的压缩方式，已扣留',
      en: 'An answer is compressed in a way the gateway does not read, and is withheld',
    },
  ],
  ['ENCODING_MALFORMED', { zh: '应答无法解压，已扣留', en: 'An answer cannot be decompressed, and is withheld' }],
  [
    'ANSWER_TOO_LARGE',
    {
      zh: '应答超过 limits 的某项上限，已扣留或中断；确有需要的，请调大（见 gateway/config/README 的上限表）',
      en: 'An answer is over one of `limits`, and is withheld or cut; raise it if it has to be (the table in gateway/config/README)',
    },
  ],
  [
    'LOCATION_WITHHELD',
    {
      zh: '系统把请求重定向到自身以外，或在重定向地址中带了个人信息，已扣留',
      en: 'A system redirects to somewhere else than itself, or with personal information in the address; withheld',
    },
  ],
  [
    'UPSTREAM_SIGN_IN',
    {
      zh: '系统要求 Basic、Digest、NTLM 或 Kerberos 登录，此类登录不能经过网关，已扣留；请在 gateway.yaml 中用 credentials 写明网关自己的 Basic 账号（已写的，系统没有接受），或让系统改用表单登录',
      en: 'A system asks for a sign-in by Basic, Digest, NTLM or Kerberos, which does not pass the gateway; withheld; give the gateway a Basic account of its own by `credentials` in gateway.yaml (where there is one, the system did not take it), or have the system sign people in by a form',
    },
  ],
])

/** `cause`: what a library called it, null where none did. null: a refusal that no system is the reason of, or that it words itself. */
export function faultWordsOf(code: ProblemCode, cause: string | null): Bilingual | null {
  const usual = byCode.get(code)
  if (usual === undefined) return null
  return (cause === null ? undefined : byCause.find(([shape]) => shape.test(cause))?.[1]) ?? usual
}
