import type { Bilingual } from './contracts.ts'

/**
 * Every way an exchange can end in a refusal or a withheld answer: code, HTTP status, words. The codes are part of what
 * users and tests meet; a retired code is never used again. DESIGN: the status table of section 6.
 */
export const problems = {
  TARGET_MALFORMED: problem(400, '请求地址写法不被接受', 'The request target is not in an accepted form'),
  TARGET_TOO_LONG: problem(400, '请求地址超过 8192 个字符', 'The request target is longer than 8192 characters'),
  HEADER_MALFORMED: problem(400, '请求头不被接受', 'A request header is not in an accepted form'),
  PARAMETER_UNDECLARED: problem(400, '请求参数未在策略中声明', 'A request parameter is not declared by the policy'),
  CHOICE_REFUSED: problem(
    400,
    '选取字段的参数只能写字段名本身',
    'A parameter that chooses fields may hold their plain names only',
  ),
  GRAPHQL_REFUSED: problem(400, '该 GraphQL 请求不被接受', 'The GraphQL request is not accepted'),
  SIGN_IN: problem(303, '请先登录', 'Sign in first'),
  CREDENTIALS_MISSING: problem(401, '缺少凭据', 'Credentials are missing'),
  CREDENTIALS_WRONG: problem(401, '凭据无效', 'The credentials are not valid'),
  ADDRESS_NOT_ALLOWED: problem(403, '此地址不允许使用该凭据', 'These credentials are not allowed from this address'),
  TIME_NOT_ALLOWED: problem(403, '此时段不允许使用该凭据', 'These credentials are not allowed at this time'),
  PURPOSE_NOT_ALLOWED: problem(403, '用途未获准', 'The purpose is not one this consumer may state'),
  BASIS_MALFORMED: problem(
    403,
    '依据不是该调用方可声明的种类，或写法不对，应如 work_order;ref="WO-2026-12"',
    'The basis is of no kind this consumer may state, or not written as in work_order;ref="WO-2026-12"',
  ),
  BASIS_REFUSED: problem(403, '依据经核实无效', 'The basis was checked and does not count'),
  BASIS_UNAPPROVED: problem(
    403,
    '此类依据须经其专门的批准人批准，请同时出示授权',
    'A basis of this kind counts only with a grant that its own approvers have given',
  ),
  OPERATOR_MALFORMED: problem(403, '操作人写法不被接受', 'The operator is not in an accepted form'),
  STATEMENT_NOT_TRUSTED: problem(
    403,
    '该调用方无权声明操作人、用途或依据',
    'This consumer is not trusted to state operator, purpose or basis',
  ),
  STATEMENT_MISSING: problem(403, '缺少操作人、用途或依据', 'Operator, purpose or basis is missing'),
  PARAMETER_MASKED: problem(403, '不能按已脱敏的字段查询或排序', 'Asking about a masked field is not allowed'),
  ROWS_NEED_GRANT: problem(
    403,
    '行数超过上限，批量导出需要授权',
    'More rows than allowed; a bulk export needs a grant',
  ),
  LOCKED_DOWN: problem(403, '已被封锁，须两人解除', 'This is locked down until two people lift it'),
  GRANT_UNUSABLE: problem(
    403,
    '授权不存在、尚未批准、不在有效期内或已使用',
    'The grant is unknown, not approved, outside its time or used already',
  ),
  GRANT_MISMATCH: problem(403, '该授权不适用于此请求', 'The grant is for another request than this'),
  REVIEW_REFUSED: problem(403, '审核未通过，应答已清除', 'Reviewers have refused the answer; it is erased'),
  OPAQUE_NOT_ALLOWED: problem(
    403,
    '该文件无法脱敏，当前受众不能取得',
    'The file cannot be masked, and this audience may not have it',
  ),
  TOKEN_FORGED: problem(403, '令牌无效，或不是发给该调用方的', 'A token is not valid, or was given to somebody else'),
  PAGE_STATE_UNUSABLE: problem(
    403,
    '页面状态已失效，或属于其他用户；请重新打开该页面再操作',
    'The state of the page is not valid any more, or was given to somebody else; open the page again',
  ),
  SYSTEM_UNKNOWN: problem(404, '没有这个系统', 'There is no such system'),
  ROUTE_UNKNOWN: problem(404, '没有这个接口', 'There is no such route'),
  REVIEW_UNKNOWN: problem(404, '没有这个等待审核的应答', 'There is no such answer waiting for review'),
  METHOD_NOT_ALLOWED: problem(405, '该接口不接受此方法', 'The route does not accept this method'),
  ROUTE_EXPIRED: problem(410, '该接口不在开放期内', 'This route is outside the period in which it is served'),
  SYSTEM_EXPIRED: problem(410, '该系统不在开放期内', 'This system is outside the period in which it is served'),
  CONSUMER_EXPIRED: problem(410, '该调用方不在有效期内', 'This consumer is outside its period of validity'),
  REVIEW_OVER: problem(
    410,
    '该应答已领取、已过期或已作废',
    'This answer was fetched already, or has expired, or is void',
  ),
  REVIEW_OVERTAKEN: problem(
    410,
    '策略已收紧，此前的应答不再放行；请重新请求',
    'The policy is stricter now than when the answer was masked: it is not released; ask again',
  ),
  REQUEST_TOO_LARGE: problem(413, '请求内容过大', 'The request body is too large'),
  HOST_UNKNOWN: problem(421, '主机名不属于本网关', 'The host is not one this gateway serves'),
  REQUEST_MALFORMED: problem(400, '请求内容有语法错误', 'The request body is malformed'),
  REQUEST_UNREADABLE: problem(
    415,
    '请求内容的压缩方式或字符集不被支持',
    'The request body is in an unsupported content encoding or charset',
  ),
  TOKEN_MISPLACED: problem(
    422,
    '令牌只能放在与它同类型的参数或字段中',
    'A token belongs in a parameter or field of its own data type only',
  ),
  MASKED_VALUE: problem(
    422,
    '脱敏后的内容不能写回；请把该字段整个重新填写，或不要改动它',
    'A masked value cannot be written back; fill the field in anew as a whole, or leave it alone',
  ),
  RATE_LIMITED: problem(429, '请求过于频繁', 'Too many requests'),
  SLOWED_DOWN: problem(429, '因告警已被限速', 'Slowed down since an alert'),
  MASKED_HARDER: problem(403, '因告警只提供加强脱敏的内容', 'Since an alert only what is masked harder is given'),
  HEADERS_TOO_LARGE: problem(431, '请求头过大', 'The request headers are too large'),
  UPGRADE_REFUSED: problem(501, '不支持协议升级', 'Protocol upgrades are not supported'),
  GATEWAY_FAULT: problem(500, '网关内部错误', 'The gateway failed'),
  UPSTREAM_UNREACHABLE: problem(502, '无法连接上游系统', 'The upstream system cannot be reached'),
  UPSTREAM_BROKEN: problem(
    502,
    '上游系统的应答不完整或不合协议',
    'The upstream answer was cut short or broke the protocol',
  ),
  FORMAT_UNKNOWN: problem(502, '应答格式无法识别，已扣留', 'The answer is in no format the gateway can read; withheld'),
  FORMAT_MALFORMED: problem(502, '应答内容有语法错误，已扣留', 'The answer is malformed; withheld'),
  CHARSET_UNKNOWN: problem(502, '应答字符集不被支持，已扣留', 'The answer is in an unsupported charset; withheld'),
  CHARSET_MALFORMED: problem(502, '应答字符编码有误，已扣留', 'The answer is not valid in its charset; withheld'),
  ENCODING_UNKNOWN: problem(
    502,
    '应答压缩方式不被支持，已扣留',
    'The answer has an unsupported content encoding; withheld',
  ),
  ENCODING_MALFORMED: problem(502, '应答压缩数据有误，已扣留', 'The answer cannot be decompressed; withheld'),
  ANSWER_TOO_LARGE: problem(
    502,
    '应答超过大小、深度或膨胀上限，已扣留',
    'The answer is over a limit of size, depth or expansion; withheld',
  ),
  ANSWER_PARTIAL: problem(502, '上游返回了部分内容，已扣留', 'The upstream sent partial content; withheld'),
  LOCATION_WITHHELD: problem(
    502,
    '上游重定向指向系统之外或含个人信息，已扣留',
    'The upstream redirects out of the system, or with personal information; withheld',
  ),
  UPSTREAM_ERROR: problem(
    502,
    '上游系统报错，其原文已扣留',
    'The upstream system reported an error; its words are withheld',
  ),
  UPSTREAM_SIGN_IN: problem(
    502,
    '上游系统要求浏览器自身的登录方式（Basic、Digest、NTLM、Kerberos），此类登录不能经过网关',
    'The upstream system asks for a sign-in of the browser itself (Basic, Digest, NTLM, Kerberos); none of these passes the gateway',
  ),
  GRANTS_UNUSABLE: problem(
    503,
    '授权暂时无法核对：各网关共用的数据库不可用',
    'Grants cannot be decided now: the database that the gateways share cannot be used',
  ),
  REVIEW_TOO_LARGE: problem(
    502,
    '应答过长或为持续的流，无法等待审核，已扣留',
    'The answer is too long, or a stream, to wait for review; withheld',
  ),
  REVIEW_UNAVAILABLE: problem(
    503,
    '应答须等待审核，但现在无法保存或无人可审，已扣留',
    'The answer has to wait for review, and cannot be kept now, or nobody is named who reviews; withheld',
  ),
  REVIEW_FULL: problem(503, '等待审核的应答过多，已扣留', 'Too many answers wait for review; withheld'),
  RECORDS_UNUSABLE: problem(503, '访问记录无法写入，已停止服务', 'Access records cannot be written; not serving'),
  IDENTITY_UNAVAILABLE: problem(
    503,
    '暂时无法核实身份：认证服务不可用',
    'Who is asking cannot be established now: the service that vouches for it does not answer',
  ),
  BASIS_UNVERIFIED: problem(
    503,
    '暂时无法核实依据',
    'The basis cannot be checked now: the system that gives it out does not answer',
  ),
  POLICY_UNUSABLE: problem(503, '策略不可用', 'The policy is not usable'),
  OVERLOADED: problem(503, '网关繁忙', 'The gateway is overloaded'),
  STOPPING: problem(503, '网关正在停止', 'The gateway is stopping'),
  UPSTREAM_TIMEOUT: problem(504, '上游系统超时', 'The upstream system did not answer in time'),
} as const satisfies Record<string, Problem>

export type Problem = { readonly status: number; readonly title: Bilingual }
export type ProblemCode = keyof typeof problems

/** What may stand in a problem answer beside its code: names and numbers, never a value from the request or the answer. */
export type ProblemDetails = {
  /** Who was refused for where or when they call: for the records, and told to nobody. */
  readonly consumer?: string
  /** What the caller would have to present. */
  readonly missing?: readonly string[]
  /** Fields that are in the way, as the policy names them. */
  readonly fields?: readonly string[]
  /** What of the request is in the way, and where in it: in fixed words and numbers. */
  readonly detail?: Bilingual
  /** Told in words of GraphQL as well: by this message a client knows to send its document along. */
  readonly graphqlError?: 'PersistedQueryNotSupported'
  /** Seconds. */
  readonly retryAfter?: number
  /** For the Allow header of a 405. */
  readonly allow?: readonly string[]
  /** Where a browser has to go, and values of Set-Cookie with it. */
  readonly location?: string
  readonly cookies?: readonly string[]
  /** For the WWW-Authenticate header of a 401. */
  readonly challenge?: string
}

/** An exchange that ends here. Its message is its code: nothing of the request or answer may get into a log by it. */
export class Refusal extends Error {
  readonly code: ProblemCode
  readonly details: ProblemDetails

  constructor(code: ProblemCode, details: ProblemDetails = {}, options?: ErrorOptions) {
    super(code, options)
    this.name = 'Refusal'
    this.code = code
    this.details = details
  }

  get status(): number {
    return problems[this.code].status
  }
}

function problem(status: number, zh: string, en: string): Problem {
  return { status, title: { zh, en } }
}
