/** What `doctor` sees in a configuration and its policy: nothing here touches a file or the network. */
import type { Config, Consumer, SystemSettings } from '../../config/config.ts'
import { isOfThisMachine } from '../../config/quantities.ts'
import type { Policy } from '../../policy/policy.ts'
import { type Finding, finding } from './finding.ts'

const plain = finding(
  'UPSTREAM_PLAIN',
  'wrong',
  [
    '到系统的连接未加密，明文个人信息在途中可被读取',
    'the connection to the system is not encrypted: what is on it is personal and in the clear',
  ],
  [
    '改为 https；系统不支持时，把网关放在同一主机或专用网段',
    'use https; where the system cannot, put the gateway on the same host or a network of their own',
  ],
)
const listening = finding(
  'LISTENER_PLAIN',
  'wrong',
  [
    '网关对外监听而未加密，密钥、口令与应答在途中可被读取',
    'it listens to the network without encryption: keys, passwords and answers can be read on the way',
  ],
  [
    '设 tls（管理接口为 admin.tls），或只监听 127.0.0.1，由前面的代理加密',
    'set `tls` (`admin.tls` of the admin listener), or listen on 127.0.0.1 behind a proxy that encrypts',
  ],
)
const around = finding(
  'UPSTREAM_OPEN',
  'advice',
  [
    '系统无法分辨请求是否经过网关，可能被绕过',
    'the system cannot tell whether a request came through the gateway, and may be reached around it',
  ],
  [
    '用防火墙只放行网关，并设 proof_header 由系统核对',
    'have a firewall let only the gateway in, and set `proof_header` for the system to ask for',
  ],
)
const untested = finding(
  'POLICY_UNTESTED',
  'advice',
  [
    '策略没有测试，改动后无法得知谁会看到什么',
    'the policy has no tests, so that a change of it says nothing of who sees what then',
  ],
  ['在策略的 tests 中写下每类受众应看到的内容', 'write under `tests` what each audience is to see'],
)
const shipped = finding(
  'POLICY_SHIPPED',
  'advice',
  [
    '系统只用内置策略：所有路径开放 GET，字段只靠名称与检测器识别',
    'the system has the shipped policy only: every path answers GET, and fields are known by names and detectors alone',
  ],
  ['用 veilgate rehearse 得到字段清单，写一份策略', 'have `veilgate rehearse` list its fields, and write a policy'],
)
const anywhere = finding(
  'CONSUMER_ANYWHERE',
  'wrong',
  [
    '密钥或口令可从任何地址使用；一旦泄露，任何人都能用',
    'its key or password counts from any address: whoever finds it can use it',
  ],
  ['在 addresses 中写明它的网段', 'write its networks under `addresses`'],
)
const expired = finding(
  'CONSUMER_EXPIRED',
  'advice',
  ['调用方已过期，仍在配置中', 'the consumer has expired and is still there'],
  ['删除它，或写新的 until', 'take it out, or write another `until`'],
)
const systemExpired = finding(
  'SYSTEM_EXPIRED',
  'advice',
  ['系统的开放期已过，仍在配置中', 'the system is not served any more and is still there'],
  ['删除它及其策略，并关停接口', 'take it and its policy out, and close its interfaces'],
)
const unlimited = finding(
  'CONSUMER_UNLIMITED',
  'advice',
  ['没有频率限制，可一次取走全部数据', 'there is no limit on how fast it asks, so that it can take all there is'],
  ['设 rate；批量导出用路由的 bulk 加授权', 'set `rate`; for exports `bulk` on the route, and grants'],
)
const faceless = finding(
  'CONSUMER_FACELESS',
  'advice',
  [
    '该调用方可见明文，但不要求说明操作人，记录追不到个人',
    'it may see data clear and need not say who asks: the records lead to no person',
  ],
  ['在 requires 中写 [operator]', 'write [operator] under `requires`'],
)
const alone = finding(
  'ONE_PERSON',
  'wrong',
  [
    '没有 approvers：放宽策略、批量导出、删除旧记录都不必经第二人，或根本无法办理',
    'there are no `approvers`: a policy that shows more is in force without a second person, and grants cannot be given',
  ],
  [
    '用 veilgate keys approver 为两组各一人制作密钥，写入 approvers',
    'make keys for people of two groups by `veilgate keys approver`, and name them',
  ],
)
const unwitnessed = finding(
  'RECORDS_UNWITNESSED',
  'wrong',
  [
    '没有见证：能写记录目录的人可以把整个日志重做而不留痕迹',
    'there is no witness: whoever can write to the records can make the whole log anew, and nothing tells',
  ],
  ['设 witnesses，放在网关管理员写不到的地方', 'set `witnesses`, where those who run the gateway cannot write'],
)
const unreachable = finding(
  'CONTACT_MISSING',
  'advice',
  ['没有 contact：被拒绝的人不知道找谁', 'there is no `contact`: whoever is refused does not learn whom to turn to'],
  ['写明个人信息保护投诉的电话或邮箱', 'write the telephone or mailbox for complaints'],
)
const traceable = finding(
  'TRACE_BY_ANYBODY',
  'advice',
  [
    '没有 trace_authority：拿到密钥目录的人能在全部月份的记录中查找某人',
    'there is no `trace_authority`: whoever has the keys folder can find people in the records of all months',
  ],
  [
    '用 veilgate keys trace-authority 制作密钥对，私钥离线保存',
    'make the pair by `veilgate keys trace-authority`, and keep the secret one offline',
  ],
)

/** `now`: milliseconds since 1970. */
export function findingsOf(config: Config, policy: Policy, now: number): Finding[] {
  const consumers = [...config.consumers.values()]
  return [
    ...(config.approvers.length === 0 ? [alone('approvers')] : []),
    ...(config.witnesses.length === 0 ? [unwitnessed('witnesses')] : []),
    ...ofListeners(config),
    ...[...config.systems.values()].flatMap(system => ofSystem(system, policy, now)),
    ...consumers.flatMap(consumer => ofConsumer(consumer, policy, now)),
    ...(config.traceAuthority === null ? [traceable('trace_authority')] : []),
    ...(config.contact === null ? [unreachable('contact')] : []),
  ]
}

/** As the loader warns: a trusted proxy in front may do the encrypting. */
function ofListeners({ listen, tls, proxies, admin, signIn }: Config): Finding[] {
  const isAdminPlain = signIn.tls === null && signIn.publicUrl?.startsWith('https:') !== true
  return [
    ...(tls === null && proxies.hops === 0 && !isOfThisMachine(listen) ? [listening('listen')] : []),
    ...(admin !== null && isAdminPlain && !isOfThisMachine(admin) ? [listening('admin')] : []),
  ]
}

function ofSystem({ name, upstream, proofHeader, until, shippedPolicy }: SystemSettings, policy: Policy, now: number) {
  const where = `systems.${name}`
  const found: Finding[] = []
  if (upstream.tls === null && !isHere(new URL(upstream.origin).hostname)) found.push(plain(where))
  if (proofHeader === null && !isHere(new URL(upstream.origin).hostname)) found.push(around(where))
  if (until !== null && now >= until) found.push(systemExpired(where))
  if (shippedPolicy) found.push(shipped(where))
  else if (policy.systems.get(name)?.tests.length === 0) found.push(untested(where))
  return found
}

function ofConsumer(
  { name, credentials, addresses, until, rate, requires, audience }: Consumer,
  policy: Policy,
  now: number,
) {
  const where = `consumers.${name}`
  const found: Finding[] = []
  const bearer = credentials.has('api_key') || credentials.has('basic')
  if (bearer && addresses.length === 0) found.push(anywhere(where))
  if (until !== null && now >= until) found.push(expired(where))
  if (rate === null) found.push(unlimited(where))
  const forms = policy.audiences.get(audience)?.forms
  if ((forms?.get(3) === 'clear' || forms?.get(4) === 'clear') && !requires.includes('operator'))
    found.push(faceless(where))
  return found
}

function isHere(host: string): boolean {
  return /^(?:127\.|\[::1\]$|localhost$)/.test(host)
}
