/** Why a request of GraphQL goes no further, in fixed words, with what to do. */
import type { Bilingual } from '../../../contracts.ts'
import { Refusal } from '../../../errors.ts'

export type Reason = keyof typeof reasons

const reasons = {
  syntax: {
    zh: '不是网关能读的 GraphQL 文档；不接受块字符串（"""），长文字请放在变量中',
    en: 'this is no document of GraphQL that the gateway reads; it takes no block strings ("""): put long texts into variables',
  },
  alias: {
    zh: '策略认得此字段的名称，别名会使它不被认出；请不用别名，直接取该字段',
    en: 'the policy knows the field by its name, which an alias hides; ask for it without the alias',
  },
  taken: {
    zh: '此别名是策略所列另一字段的名称；请换一个别名',
    en: 'the alias is the name of another field of the policy; take another',
  },
  directive: {
    zh: '只接受 @include 与 @skip；@defer、@stream 会使应答分段，其他指令可能改变字段名',
    en: 'only @include and @skip are taken: @defer and @stream have the answer come in parts, and others could rename fields',
  },
  schema: {
    zh: '只接受查询、变更与片段，不接受类型定义',
    en: 'only operations and fragments are taken, no definitions of types',
  },
  large: {
    zh: '文档过长、过深或展开后过大',
    en: 'the document is too long, too deep, or too large once its fragments are in place',
  },
  cycle: { zh: '片段不存在，或互相包含', en: 'a fragment is not there, or contains itself' },
  byQuery: { zh: '变更须以 POST 放在请求内容中发送', en: 'a mutation is sent by POST, in the body' },
  missing: {
    zh: '请求中没有文档；只有编号或散列的预存查询不接受，网关须看到文档本身，请连同 query 一起发送',
    en: 'there is no document in the request: stored queries that are sent by number or hash alone are not taken, as the gateway has to see the document; send `query` along',
  },
  hash: { zh: '散列与文档不符', en: 'the hash is not that of the document' },
  member: {
    zh: '只接受 query、variables、operationName 和 extensions（其中只能有 persistedQuery、clientLibrary），且各写一次',
    en: 'only query, variables, operationName and extensions are taken (in these persistedQuery and clientLibrary), each once',
  },
  batch: { zh: '一次发送的文档过多', en: 'too many documents at once' },
  label: {
    zh: '请以 application/json 发送，不能是表单或带文件的请求',
    en: 'send it as application/json; it cannot be a form, or come with files',
  },
} as const satisfies Readonly<Record<string, Bilingual>>

/** What is wrong in a document, and where. */
export class DocumentFault extends Error {
  readonly reason: Reason
  readonly at: number
  /** Names of fields that the policy knows. */
  readonly fields: readonly string[]

  constructor(reason: Reason, at: number, fields: readonly string[] = []) {
    super(reason)
    this.reason = reason
    this.at = at
    this.fields = fields
  }
}

/** GRAPHQL_REFUSED for a stored document that is asked for by its hash: clients send it along then. */
export function refusedHash(): Refusal {
  return new Refusal('GRAPHQL_REFUSED', { detail: reasons.missing, graphqlError: 'PersistedQueryNotSupported' })
}

/** GRAPHQL_REFUSED; with line and column where there is a document. */
export function refusedFor(
  reason: Reason,
  document: string | null = null,
  at = 0,
  fields: readonly string[] = [],
): Refusal {
  const { zh, en } = reasons[reason]
  const lines = document === null ? null : document.slice(0, at).split('\n')
  const place = lines === null ? null : [lines.length, lines.at(-1)!.length + 1]
  const detail =
    place === null
      ? { zh, en }
      : { zh: `第 ${place[0]} 行第 ${place[1]} 个字符：${zh}`, en: `Line ${place[0]}, character ${place[1]}: ${en}` }
  return new Refusal('GRAPHQL_REFUSED', { detail, ...(fields.length > 0 && { fields }) })
}
