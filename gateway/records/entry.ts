/**
 * From a draft to lines: a closed list of kinds, each a closed list of keys in a fixed order, each key with its shape.
 * `serialise` is the only way into a record. gateway/records/README.md describes the result.
 */
import { accountActions } from '../account-event.ts'
import { basisKinds, duties } from '../config/config.ts'
import { grantActions } from '../grant-event.ts'
import { lockdownActions } from '../lockdown-event.ts'
import { reviewActions } from '../review-event.ts'
import { type Draft, gapCauses, type Outcome, type OwnDraft, type Subjects } from './drafts.ts'
import * as is from './shapes.ts'
import { EntryFault, type Shape } from './shapes.ts'

export type * from './drafts.ts'

/** `in` the draft, `key` in the line; optional ones are left out of the line where they are null or absent. */
type Column = {
  readonly key: string
  readonly in: string
  readonly shape: Shape
  readonly need: 'always' | 'optional'
  /** What stands before its value. */
  readonly ahead: string
}

const columnOf = (key: string, from: string, shape: Shape, need: Column['need']): Column => {
  return { key, in: from, shape, need, ahead: `,"${key}":` }
}
const column = (key: string, shape: Shape, from = key): Column => columnOf(key, from, shape, 'always')
const optional = (key: string, shape: Shape): Column => columnOf(key, key, shape, 'optional')

const word = is.orNull(is.name)
const ofConfig = is.orNull(is.configured)
const basisParts = {
  kind: is.oneOf(basisKinds),
  ref: is.orNull(is.reference),
}
const basis = is.orNull(is.objectOf({ ...basisParts, verified: is.flag }))
const outcome = is.oneOf(['released', 'withheld', 'refused', 'aborted', 'held'] satisfies Outcome[])

/** So many go into the entry itself; more than these into lines of their own, so many to a line. */
const subjectsInEntry = 64
const subjectsInLine = 768

const subjects: Shape = value => {
  const { count, index, lines, ...others } = value as Subjects & { lines?: readonly [number, number] }
  const [total, list] = [is.count(count), is.subjectList(subjectsInEntry)(index)]
  const span = lines === undefined ? '' : is.pairOf(is.count)(lines)
  if (total === null || list === null || span === null || Object.keys(others).length > 0) return null
  return `{"count":${total},"index":${list}${span === '' ? '' : `,"lines":${span}`}}`
}

const asked = [
  column('consumer', ofConfig),
  column('operator', word),
  column('address', is.orNull(is.address)),
  column('system', ofConfig),
  column('route', is.orNull(is.route)),
  column('method', is.orNull(is.method)),
  column('purpose', ofConfig),
  column('basis', basis),
  column('grant', word),
]
const status = column('status', is.status)
const answer = [status, column('upstream_status', is.orNull(is.status), 'upstreamStatus'), column('format', ofConfig)]
const content = [column('bytes', is.pairOf(is.count)), column('rows', is.count), column('fields', is.fields)]
const searched = column('searched', is.searched)
const people = column('subjects', subjects)
const policy = column('policy', is.orNull(is.digest))
const ending = [optional('code', is.code), optional('of', is.recordId)]
/** Of `asked`; after what was there before it. */
const source: Column = { ...optional('operator_source', is.configured), in: 'operatorSource' }
const ended = [column('of', is.recordId), column('bytes', is.pairOf(is.count)), column('rows', is.count), ending[0]!]
const loaded = [
  column('digest', is.orNull(is.digest)),
  column('previous', is.orNull(is.digest)),
  column('outcome', is.oneOf(['loaded', 'refused', 'held'])),
  column('faults', is.count),
  optional('wider', is.listOf(is.name, 64)),
  optional('approvers', is.listOf(is.name, 8)),
]

const signedBy = [
  column('person', word),
  column('group', word),
  column('signed', is.orNull(is.time)),
  column('signature', is.orNull(is.signature)),
]
/** Where it stands among what several gateways decide. */
const order = optional(
  'order',
  is.orNull(is.objectOf({ epoch: is.randomName, nth: is.count, gateway: is.name, time: is.time, mac: is.batchHash })),
)
const termShapes = (method: Record<string, is.Shape>): Record<string, is.Shape> => ({
  id: is.name,
  requester: is.name,
  operator: is.name,
  consumer: is.name,
  audience: is.name,
  purpose: word,
  basis: is.objectOf(basisParts),
  system: is.name,
  route: is.route,
  ...method,
  query: is.batchHash,
  sees: is.listOf(is.sight, 256),
  rows: is.count,
  format: word,
  terminals: is.listOf(is.terminal, 64),
  from: is.time,
  until: is.time,
  emergency: is.flag,
  made: is.time,
})
const [grantByGet, grantByPost] = [is.objectOf(termShapes({})), is.objectOf(termShapes({ method: is.oneOf(['POST']) }))]
const grantTerms: is.Shape = value => grantByGet(value) ?? grantByPost(value)

const reviewTerms = is.objectOf({
  id: is.name,
  reason: is.oneOf(['route', 'unlisted']),
  consumer: is.name,
  audience: is.name,
  operator: word,
  address: is.address,
  purpose: word,
  basis: is.orNull(is.objectOf(basisParts)),
  grant: word,
  system: is.name,
  route: is.route,
  method: is.method,
  status: is.status,
  format: word,
  bytes: is.count,
  rows: is.count,
  unlisted: is.count,
  policy: is.digest,
  sealed: is.digest,
  made: is.time,
  until: is.time,
})

const columns: Readonly<Record<(Draft | OwnDraft)['kind'], readonly Column[]>> = {
  access: [
    ...asked,
    ...answer,
    ...content,
    searched,
    people,
    policy,
    column('outcome', outcome),
    ...ending,
    source,
    optional('review', is.name),
  ],
  open: [...asked, ...answer, searched, policy, ending[1]!, source],
  window: [column('of', is.recordId), ...content, people],
  close: ended,
  aborted: ended,
  intent: [...asked, searched, policy, source],
  refused: [...asked, searched, status, policy, column('code', is.code), optional('count', is.count), source],
  policy: loaded,
  config: loaded,
  alert_rules: loaded,
  key: [
    column('action', is.oneOf(['made', 'rotated', 'retired', 'destroyed', 'exported', 'imported', 'sealed'])),
    column('purpose', is.name),
    column('name', is.name),
    column('operator', word),
  ],
  query: [
    column('operator', word),
    column('command', is.oneOf(['query', 'show', 'prove', 'trace', 'export', 'report', 'reconcile'])),
    column('filters', is.listOf(is.name, 32)),
    column('shown', is.orNull(is.count)),
    ending[1]!,
  ],
  heartbeat: [
    column('every', is.count),
    column('signed', is.orNull(is.count)),
    column('witnessed', is.orNull(is.count)),
  ],
  seal: [
    ...['file', 'first', 'last', 'bytes'].map(key => column(key, is.count)),
    column('sha256', is.digest),
    column('stored', is.count),
    column('stored_sha256', is.digest, 'storedSha256'),
  ],
  roster: [column('logs', is.listOf(is.objectOf({ log: is.logName, next: is.count, head: is.batchHash }), 256))],
  hold: [
    column('action', is.oneOf(['set', 'lifted'])),
    column('name', is.name),
    column('from', is.orNull(is.time)),
    column('until', is.orNull(is.time)),
    column('route', is.orNull(is.route)),
    column('people', is.listOf(is.blindIndex, 128)),
    column('operator', word),
  ],
  prune: [
    column('target', is.logName),
    column('before', is.count),
    column('until', is.time),
    column('files', is.count),
    column('request', is.digest),
    column('approvers', is.listOf(is.name, 8)),
    column('operator', word),
  ],
  grant: [
    column('action', is.oneOf(grantActions)),
    column('grant', is.name),
    ...signedBy,
    optional('terms', grantTerms),
    optional('address', is.orNull(is.address)),
    order,
  ],
  review: [
    column('action', is.oneOf(reviewActions)),
    column('review', is.name),
    ...signedBy,
    optional('terms', reviewTerms),
    optional('address', is.orNull(is.address)),
  ],
  trace: [
    column('case', is.reference, 'caseNumber'),
    column('people', is.count),
    column('known', is.count),
    column('from', is.orNull(is.time)),
    column('until', is.orNull(is.time)),
    column('request', is.digest),
    column('approvers', is.listOf(is.name, 8)),
    column('operator', word),
  ],
  alert: [
    column('rule', is.name),
    column('watch', is.name),
    column('consumer', word),
    column('operator', word),
    column('address', is.orNull(is.address)),
    column('amount', is.count),
    column('limit', is.count),
    column('of', is.recordId),
    column('actions', is.listOf(is.oneOf(['notify', 'block', 'slow_down', 'mask_harder']), 4)),
  ],
  expiry: [
    column('what', is.oneOf(['consumer', 'system', 'route', 'key', 'certificate', 'revocations', 'grant'])),
    column('name', is.name),
    column('route', is.orNull(is.route)),
    column('until', is.time),
    column('state', is.oneOf(['soon', 'over'])),
  ],
  lockdown: [
    column('action', is.oneOf(lockdownActions)),
    column('lockdown', is.name),
    column('scope', is.objectOf({ consumer: word, operator: word, system: word, route: is.orNull(is.route) })),
    column('drill', is.flag),
    optional('effect', is.oneOf(['slow_down', 'mask_harder'])),
    optional('rate', is.count),
    optional('until', is.time),
    ...signedBy,
    order,
  ],
  account: [
    column('action', is.oneOf(accountActions)),
    column('account', word),
    column('duty', is.orNull(is.oneOf(duties))),
    column('address', is.orNull(is.address)),
    column('operator', word),
    optional('step', is.count),
  ],
  resume: [column('file', is.count), column('found', is.count), column('cut', is.count)],
  gap: [
    column('cause', is.oneOf(gapCauses)),
    column('seconds', is.count),
    column('dropped', is.count),
    column('void', is.listOf(is.pairOf(is.count), 256)),
    column('lost', is.orNull(is.pairOf(is.count))),
  ],
  subjects: [column('of', is.count), column('index', is.subjectList(subjectsInLine))],
}

/** A refusal can come before anything of this is known. */
const unasked = {
  consumer: null,
  operator: null,
  system: null,
  route: null,
  method: null,
  purpose: null,
  basis: null,
  grant: null,
  searched: [],
  policy: null,
}

/** The kinds a record of version 1 can have. */
export const kinds: ReadonlySet<string> = new Set(Object.keys(columns))

/** Bytes of one line, without its line feed. */
export const maxLineBytes = 65_536

/** Where a line goes. `time` is UTC as `Date.prototype.toISOString` writes it. */
export type LineHead = { readonly log: string; readonly seq: number; readonly time: string }

/**
 * The lines of one draft, without line feeds: the entry is the last; before it, where it names more than 64 people,
 * `subjects` lines. The first gets `head.seq`, the others the numbers after it.
 *
 * @throws EntryFault where the draft has an undeclared key, or a value without its declared shape.
 */
export function serialise(draft: Draft | OwnDraft, head: LineHead): string[] {
  if (draft.kind === 'refused') return [line({ ...unasked, ...draft }, head)]
  if (draft.kind !== 'access' && draft.kind !== 'window') return [line(draft, head)]
  const { index } = draft.subjects
  if (!Array.isArray(index) || index.length <= subjectsInEntry) return [line(draft, head)]
  const many = Math.ceil(index.length / subjectsInLine)
  const of = head.seq + many
  const lines: string[] = []
  for (let nth = 0; nth < many; nth++) {
    const part = index.slice(nth * subjectsInLine, (nth + 1) * subjectsInLine)
    lines.push(line({ kind: 'subjects', of, index: part }, { ...head, seq: head.seq + nth }))
  }
  const inLines = { ...draft.subjects, index: [], lines: [head.seq, of - 1] }
  lines.push(line({ ...draft, subjects: inLines }, { ...head, seq: of }))
  return lines
}

function line(draft: Draft | OwnDraft, { log, seq, time }: LineHead): string {
  const { kind } = draft
  if (!kinds.has(kind)) throw new EntryFault('undeclared', 'kind', 'is not one of the declared')
  let text = `{"v":1,"log":"${log}","seq":${seq},"time":"${time}","kind":"${kind}"`
  let seen = 1
  for (const { key, in: from, shape, need, ahead } of columns[kind]) {
    const value = (draft as unknown as Record<string, unknown>)[from]
    if (value !== undefined || from in draft) seen++
    if (need === 'optional' && (value === undefined || value === null)) continue
    const json = value === undefined ? null : shape(value)
    if (json === null) throw new EntryFault(kind, key, value === undefined ? 'is missing' : 'has not its shape')
    text += ahead + json
  }
  if (seen !== Object.keys(draft).length) throw new EntryFault(kind, 'a key', 'is not declared')
  text += '}'
  if (text.length > maxLineBytes / 3 && Buffer.byteLength(text) > maxLineBytes)
    throw new EntryFault(kind, 'the line', 'is over 64 KiB')
  return text
}
