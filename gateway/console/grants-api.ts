/**
 * Grants over the admin listener. Whoever calls has signed the call (signed-request.ts); what counts for a grant is signed
 * once more, for itself, and is put on record with that signature.
 */
import type { FastifyInstance } from 'fastify'
import type { GrantDesk, Refused, Signatory } from '../access/grants/desk.ts'
import { approvalsNeeded, type Grant } from '../access/grants/ledger.ts'
import { type Terms, termsText, type Verdict, verdicts } from '../access/grants/terms.ts'
import { type DraftParts, draftGrant, type PostedBody, type Wanted } from './grant-draft.ts'
import { ApiFault, addSignedApi, bodyLimit, readObject, readStrings } from './signed-api.ts'

export type GrantsApi = {
  readonly desk: GrantDesk
  readonly people: ReadonlyMap<string, Signatory>
  readonly drafts: DraftParts
  readonly now: () => number
}

/** Drafts of one person that wait for their signature, and for how many milliseconds. */
const [mostDrafts, draftAge] = [50, 600_000]

/** A grant as callers get it. */
export type GrantView = {
  readonly id: string
  readonly status: Grant['status']
  readonly terms: Terms
  /** What an approver signs the hash of. */
  readonly text: string
  readonly approvals: readonly { readonly person: string; readonly group: string }[]
  readonly needed: number
  /** UTC; null: no review is due. */
  readonly review_due: string | null
}

function viewOf({ terms, status, approvals: given, reviewDue }: Grant): GrantView {
  const approvals = given.map(({ person, group }) => ({ person, group }))
  const review_due = reviewDue === null ? null : new Date(reviewDue).toISOString()
  const needed = approvalsNeeded(terms)
  return { id: terms.id, status, terms, text: termsText(terms), approvals, needed, review_due }
}

/** Adds `/api/grants` to the admin listener. */
export function addGrantsApi(app: FastifyInstance, { desk, people, drafts, now }: GrantsApi): void {
  /** By person and id, so that nobody's drafts push out those of others. */
  const waiting = new Map<string, Map<string, Terms>>()
  const draftsOf = (name: string): Map<string, Terms> => {
    const own = waiting.get(name) ?? new Map<string, Terms>()
    for (const [id, { made }] of own) if (now() - Date.parse(made) > draftAge) own.delete(id)
    waiting.set(name, own)
    return own
  }
  const seenBy = (person: Signatory, { terms }: Grant) => person.group !== null || terms.requester === person.name
  const found = (person: Signatory, id: string): Grant => {
    const grant = desk.get(id)
    if (grant === undefined || !seenBy(person, grant)) throw new ApiFault(404, 'unknown')
    return grant
  }

  addSignedApi(app, { people, now }, (api, caller) => {
    api.post('/api/grants/drafts', { bodyLimit }, request => {
      const person = caller(request)
      const made = draftGrant(readWanted(request.body), person.name, drafts)
      if ('wrong' in made) throw new ApiFault(422, 'terms', made.wrong)
      const own = draftsOf(person.name)
      for (const id of own.keys()) if (own.size >= mostDrafts) own.delete(id)
      own.set(made.terms.id, made.terms)
      return { terms: made.terms, text: termsText(made.terms) }
    })

    api.post('/api/grants', { bodyLimit }, async (request, reply) => {
      const person = caller(request)
      const { id, signature } = readStrings(request.body, ['id', 'signature'])
      const own = draftsOf(person.name)
      const terms = own.get(id)
      if (terms === undefined) throw new ApiFault(404, 'unknown')
      const asked = decided(await desk.ask(terms, person.name, signature))
      own.delete(id)
      return reply.code(201).send(viewOf(asked))
    })

    api.get('/api/grants', async request => {
      const person = caller(request)
      await desk.refresh()
      return {
        grants: desk
          .list()
          .filter(grant => seenBy(person, grant))
          .map(viewOf),
      }
    })

    api.get<{ Params: { id: string } }>('/api/grants/:id', async request => {
      const person = caller(request)
      await desk.refresh()
      return viewOf(found(person, request.params.id))
    })

    api.post<{ Params: { id: string } }>('/api/grants/:id/verdicts', { bodyLimit }, async request => {
      const person = caller(request)
      const { verdict, signed, signature } = readStrings(request.body, ['verdict', 'signed', 'signature'])
      if (!verdicts.includes(verdict as Verdict)) throw new ApiFault(400, 'malformed')
      await desk.refresh()
      const { id } = found(person, request.params.id).terms
      return viewOf(decided(await desk.judge(verdict as Verdict, id, person.name, { signed, signature })))
    })

    api.post<{ Params: { id: string } }>('/api/grants/:id/target', { bodyLimit }, async request => {
      const person = caller(request)
      await desk.refresh()
      const { terms } = found(person, request.params.id)
      const { target, body } = readObject(request.body)
      if (typeof target !== 'string' || !(body === undefined || isPosted(body))) throw new ApiFault(400, 'malformed')
      decided(await desk.compare(terms.id, person))
      return { same: drafts.queryOf(terms.id, target, body ?? null)?.index === terms.query }
    })
  })
}

function decided(answer: { readonly grant: Grant } | Refused): Grant {
  if ('grant' in answer) return answer.grant
  if ('why' in answer && answer.why === 'too_often') throw new ApiFault(429, answer.why)
  throw new ApiFault(409, 'why' in answer ? answer.why : 'differs')
}

const optionalTexts = ['audience', 'purpose', 'format', 'from'] as const

function isPosted(body: unknown): body is PostedBody {
  if (typeof body !== 'object' || body === null || Object.keys(body).length !== 2) return false
  const { type, base64 } = body as Partial<Record<keyof PostedBody, unknown>>
  return typeof type === 'string' && typeof base64 === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(base64)
}

function readWanted(body: unknown): Wanted {
  const value = readObject(body)
  const { basis, sees, terminals, rows, emergency, body: posted, ...texts } = value
  const isText = (one: unknown): one is string => typeof one === 'string' && one.length <= 8192
  const isList = (one: unknown): one is string[] => Array.isArray(one) && one.length <= 1024 && one.every(isText)
  const required = ['operator', 'consumer', 'system', 'target', 'until']
  const known: readonly string[] = [...required, ...optionalTexts]
  const { kind, ref } = (basis ?? {}) as Record<string, unknown>
  const fits =
    Object.keys(texts).every(key => known.includes(key)) &&
    required.every(key => isText(texts[key])) &&
    optionalTexts.every(key => texts[key] === undefined || texts[key] === null || isText(texts[key])) &&
    isText(kind) &&
    (ref === undefined || ref === null || isText(ref)) &&
    isList(sees) &&
    isList(terminals) &&
    typeof rows === 'number' &&
    (emergency === undefined || typeof emergency === 'boolean') &&
    (posted === undefined || isPosted(posted))
  if (!fits) throw new ApiFault(400, 'malformed')
  return value as Wanted
}
