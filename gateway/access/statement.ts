import { DisplayString, parseItem, Token } from 'structured-headers'
import type { BasisKind, BasisRule, Consumer } from '../config/config.ts'
import type { Detector, RequestHead } from '../contracts.ts'
import { type ProblemCode, Refusal } from '../errors.ts'
import type { Presentable } from '../policy/plan.ts'
import type { Identified } from './identify.ts'

/**
 * Who is behind a request, what for, and by what authority, as its consumer states it. Everything in here may be
 * written down, except the `value` of an operator that is personal.
 */
export type Statement = {
  readonly operator: Operator | null
  /** The identity that names the operator; left out where the consumer does. */
  readonly source?: string
  readonly purpose: string | null
  readonly basis: Basis | null
  /** The id of a grant. Whether there is one is not known here, and nothing of it may be written down before it is. */
  readonly grant: string | null
  /** What counts as presented, for `Policy.plan`. A grant is not among it: it shows what it says, and no whole level. */
  readonly presented: ReadonlySet<Presentable>
}

/**
 * A login as it was stated; or one that is itself personal information (a phone or ID number): that one is recorded as
 * the blind index of its type and normalised value, never as it is.
 */
export type Operator =
  | { readonly kind: 'login'; readonly login: string }
  | { readonly kind: 'personal'; readonly dataType: string; readonly value: string }

/** `verified`: by whoever gives it out, not by the caller. */
export type Basis = { readonly kind: BasisKind; readonly ref: string | null; readonly verified: boolean }

/** A detector with the name of the data type it finds, strongest first. */
export type NamedDetector = { readonly dataType: string; readonly detector: Detector }

/** What references of a kind look like here, where that is declared. */
export type References = ReadonlyMap<BasisKind, RegExp>

const none: References = new Map()

export function referencesOf(bases: ReadonlyMap<BasisKind, BasisRule>): References {
  const patterns = [...bases].flatMap(([kind, { reference }]) =>
    reference === null ? [] : [[kind, new RegExp(`^(?:${reference})$`, 'u')] as const],
  )
  return new Map(patterns)
}

/** Longer ones are not read. */
const maxLength = 256

const shapes = {
  operator: /^[A-Za-z0-9](?:[A-Za-z0-9._@+-]{0,62}[A-Za-z0-9])?$/,
  purpose: /^[a-z][a-z0-9_-]{0,63}$/,
  grant: /^[A-Za-z0-9_-]{22}$/,
  // A number of an order or document; one with no digit in it could be a name. Display strings bring 浙教办〔2026〕12号.
  ref: /^(?=.*[0-9])[\p{L}0-9](?:[\p{L}0-9._/#()（）〔〕[\]-]{0,62}[\p{L}0-9)）])?$/u,
}

/** Kinds that are given by a paper or ticket, so that they mean nothing without its number. */
const needReference: ReadonlySet<BasisKind> = new Set(['work_order', 'official_doc', 'complaint', 'lawful_request'])

/** Whether a basis of this kind may come with this reference here; null: with none. */
export function mayRefer(kind: BasisKind, ref: string | null, references: References): boolean {
  const pattern = references.get(kind)
  if (ref === null) return pattern === undefined && !needReference.has(kind)
  return shapes.ref.test(ref) && pattern?.test(ref) !== false
}

const nothing: Statement = { operator: null, purpose: null, basis: null, grant: null, presented: new Set() }

/**
 * Reads `Veilgate-Operator`, `-Purpose`, `-Basis` and `-Grant`. Each counts only from a consumer trusted to say it, must
 * have its declared shape, and must hold nothing that a detector finds. `Veilgate-Basis` is an Item of RFC 9651: a
 * token with at most the parameter `ref`. Where whoever vouches for the caller has named the operator, that is the one;
 * the header may repeat it, and say nothing else.
 *
 * Throws Refusal STATEMENT_MISSING (with what the consumer must always state), STATEMENT_NOT_TRUSTED, OPERATOR_MALFORMED, PURPOSE_NOT_ALLOWED, BASIS_MALFORMED, HEADER_MALFORMED.
 */
export function readStatement(
  head: RequestHead,
  { consumer, operator: vouchedFor, source, strong }: Identified,
  detectors: readonly NamedDetector[],
  references: References = none,
): Statement {
  const said = {
    operator: single(head, 'veilgate-operator', 'OPERATOR_MALFORMED'),
    purpose: single(head, 'veilgate-purpose', 'PURPOSE_NOT_ALLOWED'),
    basis: single(head, 'veilgate-basis', 'BASIS_MALFORMED'),
    grant: single(head, 'veilgate-grant', 'HEADER_MALFORMED'),
  }
  const silent = said.operator === null && said.purpose === null && said.basis === null && said.grant === null
  if (silent && vouchedFor === null && !strong) return complete(nothing, consumer)
  requireTrust(said, consumer, vouchedFor)
  const login = vouchedFor ?? said.operator
  const operator = login === null ? null : readOperator(login, detectors)
  const purpose = said.purpose === null ? null : readPurpose(said.purpose, consumer)
  const basis = said.basis === null ? null : readBasis(said.basis, consumer, detectors, references)
  if (said.grant !== null && !shapes.grant.test(said.grant)) throw new Refusal('HEADER_MALFORMED')
  const presented = new Set<Presentable>()
  if (operator !== null) presented.add('operator')
  if (vouchedFor !== null) presented.add('signed_operator')
  if (purpose !== null) presented.add('purpose')
  if (basis !== null) presented.add('basis')
  if (strong) presented.add('strong_identity')
  const named = source === undefined ? {} : { source }
  return complete({ operator, ...named, purpose, basis, grant: said.grant, presented }, consumer)
}

/** Some consumers must state on every request what others may leave out. */
function complete(statement: Statement, consumer: Consumer): Statement {
  const missing = consumer.requires.filter(one => !statement.presented.has(one))
  if (missing.length > 0) throw new Refusal('STATEMENT_MISSING', { missing })
  return statement
}

function single(head: RequestHead, name: string, code: ProblemCode): string | null {
  const values = head.headers[name]
  if (values === undefined || values.length === 0) return null
  if (values.length > 1 || values[0]!.length > maxLength) throw new Refusal(code)
  return values[0]!
}

function requireTrust(
  said: Record<'operator' | 'purpose' | 'basis' | 'grant', string | null>,
  consumer: Consumer,
  vouchedFor: string | null,
): void {
  const trusted =
    (said.operator === null || (vouchedFor === null ? consumer.namesOperators : said.operator === vouchedFor)) &&
    (said.purpose === null || consumer.purposes !== null) &&
    (said.basis === null || consumer.bases.length > 0) &&
    (said.grant === null || consumer.namesOperators)
  if (!trusted) throw new Refusal('STATEMENT_NOT_TRUSTED')
}

/** As records may hold it. Throws OPERATOR_MALFORMED where it has not the shape of a login, or holds something personal beside. */
export function readOperator(text: string, detectors: readonly NamedDetector[]): Operator {
  if (!shapes.operator.test(text)) throw new Refusal('OPERATOR_MALFORMED')
  for (const { dataType, detector } of detectors) {
    const spans = detector.find(text)
    if (spans.length === 0) continue
    const whole = spans.length === 1 && spans[0]!.start === 0 && spans[0]!.end === text.length
    if (!whole) throw new Refusal('OPERATOR_MALFORMED')
    return { kind: 'personal', dataType, value: detector.normalize(text) }
  }
  if (holdsPersonal(text, detectors)) throw new Refusal('OPERATOR_MALFORMED')
  return { kind: 'login', login: text }
}

/** Detectors keep off numbers that letters touch; in a login or reference, `s11010519491231002X` is still an ID number. */
function holdsPersonal(text: string, detectors: readonly NamedDetector[]): boolean {
  const parts = [text, ...(text.match(/[0-9]{8,}[Xx]?/g) ?? [])]
  return detectors.some(({ detector }) => parts.some(part => detector.find(part).length > 0))
}

function readPurpose(text: string, consumer: Consumer): string {
  if (!shapes.purpose.test(text) || !consumer.purposes!.includes(text)) throw new Refusal('PURPOSE_NOT_ALLOWED')
  return text
}

function readBasis(
  text: string,
  consumer: Consumer,
  detectors: readonly NamedDetector[],
  references: References,
): Basis {
  const { word, ref } = parseBasis(text)
  const kind = consumer.bases.find(allowed => allowed === word)
  if (kind === undefined) throw new Refusal('BASIS_MALFORMED')
  if (!mayRefer(kind, ref, references)) throw new Refusal('BASIS_MALFORMED')
  if (ref !== null && holdsPersonal(ref, detectors)) throw new Refusal('BASIS_MALFORMED')
  return { kind, ref, verified: false }
}

/**
 * One basis as RFC 9651 writes it, an Item: a token, and at most the parameter `ref`, a string, token or display string.
 * `work_order;ref="WO-2026-12"`. Throws Refusal BASIS_MALFORMED.
 */
export function parseBasis(text: string): { readonly word: string; readonly ref: string | null } {
  const item = itemOf(text)
  if (item === null || !(item[0] instanceof Token)) throw new Refusal('BASIS_MALFORMED')
  const [word, parameters] = item
  const given = parameters.get('ref')
  if (parameters.size > (given === undefined ? 0 : 1)) throw new Refusal('BASIS_MALFORMED')
  if (given === undefined) return { word: word.toString(), ref: null }
  const ref = typeof given === 'string' || given instanceof Token || given instanceof DisplayString ? `${given}` : ''
  if (!shapes.ref.test(ref)) throw new Refusal('BASIS_MALFORMED')
  return { word: word.toString(), ref }
}

function itemOf(text: string): ReturnType<typeof parseItem> | null {
  try {
    return parseItem(text)
  } catch {
    return null
  }
}
