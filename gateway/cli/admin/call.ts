/** Calls of the admin API by a person with a key: what the `grants` and `lockdown` commands have in common. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { zoneHeader } from '../../console/signed-api.ts'
import { signRequest } from '../../console/signed-request.ts'
import type { Bilingual } from '../../contracts.ts'
import { parseSigner, type Signer } from '../../records/proof/note.ts'
import { isTimezone } from '../../timezone.ts'
import { type Io, say, UsageError } from '../command.ts'
import { timezoneOf } from '../records/folder.ts'
import { adminOf } from './address.ts'

/** Options that each of them takes, for parseArgs. */
export const callOptions = {
  key: { type: 'string' },
  as: { type: 'string' },
  admin: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean' },
} as const
export const callUsage = `    --key SECRET     your secret key (veilgate keys approver); or VEILGATE_KEY names its file
    --as NAME        your name in gateway.yaml, where it is not the key's
    --admin URL      the gateway's admin listener; if left out, that of gateway.yaml in this folder or
                     --config FILE, else http://127.0.0.1:8081
    --json           as the gateway answers`

type Values = { readonly key?: string; readonly as?: string; readonly admin?: string; readonly config?: string }

export type Call = {
  readonly person: string
  readonly signer: Signer
  /** The answer's JSON; or why there is none. */
  send<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer | Bilingual>
  /** `--timezone`; or the gateway's, which its answers say; or the machine's, where it does not answer. */
  zone(given: string | undefined): Promise<string>
}

/** Who calls, and whom. Throws UsageError where there is no key, or no admin listener is named. */
export async function openCall(values: Values, io: Io): Promise<Call> {
  const signer = signerOf(values.key ?? io.env['VEILGATE_KEY'], io)
  const person = values.as ?? signer.verifier.name
  const admin = await adminOf(values, io)
  let told: string | null = null
  const call: Call = {
    person,
    signer,
    async zone(given) {
      if (given === undefined && told === null) await call.send('GET', '/api/grants')
      return timezoneOf(given ?? (told !== null && isTimezone(told) ? told : undefined))
    },
    async send(method, path, sent) {
      const body = sent === undefined ? '' : JSON.stringify(sent)
      const authorization = signRequest({ method, path, body }, { person, signer, now: Date.now() })
      const headers = { authorization, ...(body !== '' && { 'content-type': 'application/json' }) }
      let answer: Response
      try {
        const signal = AbortSignal.timeout(15_000)
        answer = await fetch(`${admin}${path}`, { method, headers, signal, ...(body !== '' && { body }) })
      } catch {
        return words.unreachable(admin)
      }
      told = answer.headers.get(zoneHeader) ?? told
      return read(answer)
    },
  }
  return call
}

export function isBilingual(answer: unknown): answer is Bilingual {
  return typeof answer === 'object' && answer !== null && 'zh' in answer && 'en' in answer
}

async function read<Answer>(answer: Response): Promise<Answer | Bilingual> {
  let value: unknown
  try {
    value = await answer.json()
  } catch {
    return words.other
  }
  if (answer.ok) return value as Answer
  const { why, wrong = [] } = value as { why?: string; wrong?: readonly string[] }
  const said = whys.get(why ?? '') ?? words.other
  if (wrong.length === 0) return said
  const terms = (lang: 'zh' | 'en') => wrong.map(term => `\n  ${say(termWords.get(term) ?? words.term(term), lang)}`)
  return { zh: `${said.zh}${terms('zh').join('')}`, en: `${said.en}${terms('en').join('')}` }
}

function signerOf(file: string | undefined, io: Io): Signer {
  const path = file === undefined ? '' : resolve(io.cwd, file)
  const text = existsSync(path) && statSync(path).size <= 4096 ? readFileSync(path, 'utf8').trim() : ''
  const signer = parseSigner(text)
  if (signer?.verifier.type !== 1) throw new UsageError(words.key)
  return signer
}

const words = {
  key: {
    zh: '请用 --key 给出您的私钥文件（由 veilgate keys approver 生成）。',
    en: 'Give your secret key by --key (veilgate keys approver makes one).',
  },
  unreachable: (admin: string): Bilingual => ({
    zh: `无法连接管理地址 ${admin}。网关是否在运行？地址见 gateway.yaml 的 admin。`,
    en: `The admin listener ${admin} cannot be reached. Is the gateway running? Its address is \`admin\` in gateway.yaml.`,
  }),
  other: { zh: '管理接口给出了意料之外的答复。', en: 'The admin listener gave an answer that was not expected.' },
  term: (name: string): Bilingual => ({ zh: name, en: name }),
}

const whys: ReadonlyMap<string, Bilingual> = new Map([
  [
    'signature',
    {
      zh: '签名不被接受：gateway.yaml 的 approvers 或 requesters 中没有此人，或密钥、时钟不符。',
      en: 'The signature is not accepted: this person is not among approvers or requesters in gateway.yaml, or key or clock differ.',
    },
  ],
  [
    'replayed',
    {
      zh: '此签名已用过一次，或网关在签名之后才启动；请重新执行。若仍如此，请校准时钟。',
      en: "What was signed was shown before, or is older than the gateway's start: try again. If that does not help, set the clock.",
    },
  ],
  [
    'too_often',
    {
      zh: '问得太多；请稍后再试，或请他人处理。',
      en: 'Asked too often: try again later, or leave it to somebody else.',
    },
  ],
  [
    'stale',
    {
      zh: '签名的时间与网关相差过大；请校准时钟。',
      en: 'What was signed is too old or from the future; set the clock.',
    },
  ],
  ['unknown', { zh: '没有此编号，或您无权查看。', en: 'There is none of that id, or it is not yours to see.' }],
  ['over', { zh: '已经结束。', en: 'It has come to its end.' }],
  [
    'requester',
    {
      zh: '申请人和授权所指的操作人不能批准或复核该授权。',
      en: 'Nobody approves or reviews what they asked for, or what they are the operator of.',
    },
  ],
  ['no_approver', { zh: '您不是批准人。', en: 'You are no approver.' }],
  [
    'again',
    {
      zh: '您或同组的人已经批准过；须由另一人（批准授权须另一组）。',
      en: 'You, or for grants somebody of your group, have said so already; it takes another person.',
    },
  ],
  [
    'own_approvers',
    {
      zh: '此类依据只能由其专门的批准人批准（gateway.yaml 的 bases），您的批准不算数，已记录在案。',
      en: 'This kind of basis has approvers of its own (`bases` in gateway.yaml): your approval does not count, and is on record.',
    },
  ],
  [
    'scope',
    {
      zh: '请只指明一个对象：调用方、操作人、系统（及其接口）或全部。',
      en: 'Name one thing: a consumer, an operator, a system (and its route), or all.',
    },
  ],
  [
    'effect',
    {
      zh: '限速须写每分钟请求数（1 到 6000），结束时间须在将来。',
      en: 'Slowing down takes requests a minute, 1 to 6000; and an end lies in the future.',
    },
  ],
  ['nothing_due', { zh: '没有待办的复核。', en: 'No review is due.' }],
  ['no_reviewer', { zh: '您不在可做此步的审核组中。', en: 'You are in no group that may take this step.' }],
  [
    'not_next',
    {
      zh: '次序不对：先初审，再复核，后签发，各由一人。',
      en: 'It is not its turn: first pass, then check, then release, each by another person.',
    },
  ],
  ['full', { zh: '未结束的授权过多。', en: 'There are too many open grants.' }],
  ['time', { zh: '草稿已过期，请重新申请。', en: 'The draft is over; ask again.' }],
  ['RECORDS_UNUSABLE', { zh: '记录无法写入，未生效。', en: 'Records cannot be written: it does not count.' }],
  [
    'GRANTS_UNUSABLE',
    {
      zh: '各网关共用的数据库（control.postgres）不可用，未生效；原因见网关日志。',
      en: 'The database that the gateways share (control.postgres) cannot be used: it does not count. The log of the gateway says why.',
    },
  ],
  ['terms', { zh: '申请有误：', en: 'It cannot be asked for as it stands:' }],
])

const termWords: ReadonlyMap<string, Bilingual> = new Map([
  ['operator', { zh: '--operator：登录名写法不对，或本身是个人信息', en: '--operator: no login, or personal itself' }],
  ['consumer', { zh: '--consumer：gateway.yaml 中没有此调用方', en: '--consumer: not in gateway.yaml' }],
  ['audience', { zh: '--audience：此调用方不会属于该受众', en: '--audience: this consumer is never in it' }],
  ['purpose', { zh: '--purpose：此调用方不得声明该用途', en: '--purpose: not one that this consumer may state' }],
  [
    'basis',
    {
      zh: '--basis：此调用方不得声明，或编号写法不对',
      en: '--basis: not one that this consumer may state, or its reference has not its shape',
    },
  ],
  ['system', { zh: '--system：没有此系统的策略', en: '--system: there is no policy of that name' }],
  [
    'target',
    {
      zh: '--target：策略中没有匹配的接口（GET；有 --body 时 POST）',
      en: '--target: no route of the policy takes it by GET, or by POST with --body',
    },
  ],
  [
    'body',
    {
      zh: '--body：该接口的正文用于存储而非查询，或正文无法比较（如含文件）',
      en: '--body: what is posted there is stored and asks nothing, or cannot be compared, as with files in it',
    },
  ],
  [
    'sees',
    {
      zh: '--sees：没有此类型，或该受众的此级信息不能凭授权显示（clear_with 中须有 grant）',
      en: '--sees: no such type, or one of a level that this audience sees clear by no grant (`clear_with` with grant)',
    },
  ],
  ['rows', { zh: '--rows：1 到 1000000 的整数', en: '--rows: a whole number from 1 to 1000000' }],
  ['format', { zh: '--format：没有此格式', en: '--format: there is no such format' }],
  [
    'terminals',
    {
      zh: '--from-terminal：地址、网段（CIDR）或 cert:SHA256',
      en: '--from-terminal: an address, a network in CIDR, or cert:SHA256',
    },
  ],
  [
    'until',
    {
      zh: '--until：须晚于 --from，最长 30 天（紧急 24 小时）',
      en: '--until: after --from, within 30 days (24 hours in an emergency)',
    },
  ],
])
