/**
 * The order of steps for one request, numbered as in DESIGN section 6; the only place that knows it. A step throws the
 * Refusal that ends the exchange; `refuse` makes a problem answer of it, on record.
 */
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { Identified } from '../access/identify.ts'
import { checkInsisting, insists } from '../access/insisting.ts'
import type { Statement } from '../access/statement.ts'
import type { Consumer } from '../config/config.ts'
import type { Peer, RequestHead } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import type { Tally } from '../masking/tally.ts'
import type { Plan, Presentable } from '../policy/plan.ts'
import type { Policy, RoutePolicy, SystemPolicy } from '../policy/policy.ts'
import type { Draft, RecordId } from '../records/entry.ts'
import type { ReviewTerms } from '../review-terms.ts'
import { type Answer, type MaskedBody, maskAnswer } from './answer.ts'
import { asksByBody, checkAskedBody } from './asking-body.ts'
import { BulkCount } from './bulk.ts'
import { checkedBody } from './checked-body.ts'
import { Compressor, codingFor, smallest } from './compress.ts'
import { openCookies } from './cookies.ts'
import { answerHeaders, forward, type Passage } from './forward.ts'
import { checkRequest, headOf } from './framing.ts'
import { checkFormat, type Granted, lookUp } from './granted.ts'
import { heldNotice, numberAskedFor } from './held-notice.ts'
import { fetchHeld, holdAnswer, whyItWaits } from './holding.ts'
import { parseMediaType } from './media-type.ts'
import { findSystem } from './mounts.ts'
import { namedDetectors, type ServedSystem, type Shared, type Summary } from './parts.ts'
import { ConnectionPeer } from './peer.ts'
import { questionOf } from './question.ts'
import {
  accessDraft,
  endDraft,
  intentDraft,
  type Known,
  nothing,
  openDraft,
  operatorOf,
  type Result,
  windowDraft,
} from './record-of.ts'
import { recordRefusal } from './refusal.ts'
import { readRequestBody, whole } from './request-body.ts'
import { alsoRestored, type WrittenTarget, writeTarget } from './restore.ts'
import { isForm, mayStateInForm, takeSaidInForm } from './said-in-form.ts'
import { isReserved, takeSaid } from './said-in-query.ts'
import { MaskedQuestion, type Searched } from './searched.ts'
import { SignInToSystem } from './sign-in-to-system.ts'
import { parseTarget, type Target } from './target.ts'
import type { UpstreamAnswer, UpstreamCall } from './upstream.ts'
import { releaseInWindows } from './windows.ts'

const words = {
  fault: {
    zh: '处理请求时出现内部错误，应答已扣留',
    en: 'An exchange failed inside the gateway; its answer is withheld',
  },
}
/** Whether it is the time for a system or route. */
function isServed({ from, until }: { readonly from: number | null; readonly until: number | null }): boolean {
  if (from === null && until === null) return true
  const now = Date.now()
  return (from === null || now >= from) && (until === null || now < until)
}

const nothingPresented: ReadonlySet<Presentable> = new Set()

export class Exchange {
  readonly raw: IncomingMessage
  readonly head: RequestHead
  readonly shared: Shared
  /** The one in force when the exchange began. */
  readonly policy: Policy
  readonly system: ServedSystem | null = null
  /** The first byte of an answer may have left: from here a fault can only cut the connection. */
  released = false
  call: UpstreamCall | null = null
  upstreamStatus: number | null = null
  body: MaskedBody | null = null

  readonly #began = performance.now()
  #target: Target | null = null
  /** Under the system. */
  readonly #path: string = ''
  /** The number of an answer that waited for review and is asked for now; null: the system is asked. */
  readonly #fetched: string | null = null
  /** Why the request itself cannot be served; thrown once it is known who asks. */
  readonly #unservable: unknown = null
  #address: string | null = null
  #caller: Identified | null = null
  #statement: Statement | null = null
  #route: string | null = null
  #plan: Plan | null = null
  /** What is sent on in place of what was asked for. */
  #written: WrittenTarget | null = null
  #rules: RoutePolicy | null = null
  #searched: readonly Searched[] = []
  #intent: RecordId | null = null
  /** The body, where it had to be read before anything was decided; and as the system gets it, where that is decided by then. */
  #ahead: Buffer | null = null
  #sent: Readable | Uint8Array | null = null
  #granted: Granted | null = null
  /** null: nobody learns anything from this system's answers. */
  #signIn: SignInToSystem | null = null
  /** Whether an alert has what is shown to this caller masked one step stricter. */
  #harder = false
  /** A grant that there is, whatever became of it: it goes into the records. */
  #grant: string | null = null
  #left = false
  #upstreamSeconds: number | null = null
  #over = false

  /** 1: the target, once, in one normal form; framing; the system it is for. Does not throw. */
  constructor(raw: IncomingMessage, shared: Shared, mounts: Parameters<typeof findSystem<ServedSystem>>[0]) {
    this.raw = raw
    this.shared = shared
    this.policy = shared.policy
    this.head = headOf(raw)
    shared.inFlight++
    shared.meter.exchangeBegan()
    try {
      const [host] = this.head.headers['host'] ?? []
      checkRequest(raw, this.head, shared.config.limits)
      this.#target = parseTarget(raw.url ?? '', host, true)
      const found = findSystem(mounts, host, this.#target.path)
      this.system = found.system
      this.#path = found.path
      this.#fetched = numberAskedFor(found.path)
      if (this.#target.session !== undefined && !this.#sessions) throw new Refusal('TARGET_MALFORMED')
    } catch (error) {
      this.#unservable = error
    }
  }

  /** Whether the system's paths may end with a session id. */
  get #sessions(): boolean {
    return this.policy.systems.get(this.system!.settings.name)?.legacyPaths ?? false
  }

  /** 2 to 4: who asks, for what, and whether; then the intent. Throws the Refusal that ends it. */
  async admit(): Promise<void> {
    const { access, records, config, stopping, inFlight, secure } = this.shared
    this.#address = access.addressOf(this.raw.socket.remoteAddress ?? '', this.head)
    if (stopping) throw new Refusal('STOPPING', { retryAfter: 5 })
    if (!records.usable) throw new Refusal('RECORDS_UNUSABLE', { retryAfter: 5 })
    if (inFlight > config.limits.inFlight) throw new Refusal('OVERLOADED', { retryAfter: 1 })
    // 2
    const peer = new ConnectionPeer(this.raw.socket, this.#address, secure, this.shared.revocations)
    // without a list that counts, nobody can tell whose certificate opened this connection
    if (this.shared.revocations !== null && config.tls?.clientCertificates === 'required') peer.certificate()
    const identified = access.identify(this.head, peer)
    const caller = identified instanceof Promise ? await identified : identified
    const { consumer } = caller
    this.#caller = caller
    const limited = access.limit(consumer, this.#address)
    if (limited !== undefined) await limited
    if (this.#unservable !== null) throw this.#unservable
    // 3
    if (!isServed(this.system!.settings)) throw new Refusal('SYSTEM_EXPIRED')
    if (this.#fetched !== null) return this.#admitFetch(this.#learnt(caller), peer)
    const said = mayStateInForm(this.head, consumer) ? await this.#takeSaidInForm() : this.head
    const { system, route } = this.#match(this.#learnt(caller), said, peer)
    const slowed = this.#holdUp()
    if (slowed !== null) await slowed
    const verified = access.verify(this.#statement!, consumer.name)
    if (verified !== null) this.#statement = verified instanceof Promise ? await verified : verified
    if (this.#statement!.grant !== null) await this.#lookUp(caller, system, route, peer)
    this.#decide(system, route, consumer)
    if (this.#granted !== null) {
      // a question that is refused uses nothing up
      if (this.#ahead !== null) this.#sent = await this.#readBody(Readable.from([this.#ahead]))
      await this.#granted.use()
    }
    // 4
    const { bulkRows, bulkPeople } = this.#plan!
    const revealed = this.policy.revealed(consumer.audience, this.#presented)
    if (revealed.size === 0 && bulkRows === null && bulkPeople === null) return
    this.#intent = await this.record(intentDraft(this.known(), this.shared.index))
  }

  /** With the operator that was learnt where they signed in to this system. */
  #learnt(caller: Identified): Identified {
    const { access, seal, secure } = this.shared
    const { name: consumer } = caller.consumer
    const found = access.learner(caller.consumer)
    if (found === null) return caller
    const system = this.system!.settings.name
    const sent = this.head.headers['cookie'] ?? []
    const request = { consumer, system, method: this.head.method, path: this.#path, sent, secure }
    this.#signIn = new SignInToSystem(found, request, openCookies(sent, { system, consumer }, seal))
    this.#caller = this.#signIn.known(caller)
    return this.#caller
  }

  /** What is asked for, and what is said of it. */
  #match(caller: Identified, said: RequestHead, peer: Peer): { system: SystemPolicy; route: RoutePolicy } {
    const system = this.policy.systems.get(this.system!.settings.name)
    if (system === undefined) throw new Refusal('POLICY_UNUSABLE')
    const match = system.match(this.head.method, this.#path)
    if ('refused' in match) throw new Refusal(match.refused, 'allow' in match ? { allow: match.allow } : {})
    const { route } = match
    this.#route = route.template.text
    if (route.period !== undefined && !isServed(route.period)) throw new Refusal('ROUTE_EXPIRED')
    this.#hear(caller, said, peer, system, route)
    return { system, route }
  }

  #hear(caller: Identified, said: RequestHead, peer: Peer, system: SystemPolicy, route: RoutePolicy): void {
    const bare = this.policy.plan(system, route, caller.consumer.audience, nothingPresented)
    this.#plan = bare
    const { head, target } = takeSaid(said, this.#target!, caller.consumer)
    this.#target = target
    this.#statement = this.shared.access.statement(head, caller, namedDetectors(this.policy, bare.types), peer)
  }

  /** An answer of this system that waited: for whom it is, the desk knows. */
  #admitFetch(caller: Identified, peer: Peer): void {
    const system = this.policy.systems.get(this.system!.settings.name)
    const [route] = system?.routes ?? []
    if (system === undefined || route === undefined) throw new Refusal('POLICY_UNUSABLE')
    if (this.head.method !== 'GET') throw new Refusal('METHOD_NOT_ALLOWED', { allow: ['GET'] })
    this.#hear(caller, this.head, peer, system, route)
    this.#checkBarrier()
  }

  /** What counts of what is presented. */
  get #presented(): ReadonlySet<Presentable> {
    return this.#harder ? nothingPresented : this.#statement!.presented
  }

  /** What is locked down goes no further; of what is slowed down one request is counted. null: there is nothing to wait for. */
  #holdUp(): Promise<unknown> | null {
    const { barrier, access } = this.shared
    if (barrier === undefined || barrier.isEmpty) return null
    const named = this.#named()
    if (barrier.stops(named)) throw new Refusal('LOCKED_DOWN')
    this.#harder = barrier.hardens(named)
    // a grant is not used up on an answer that it does not open
    if (this.#harder && (this.#statement!.grant !== null || insists(this.head))) throw new Refusal('MASKED_HARDER')
    const slow = barrier.slows(named)
    return slow.length === 0 ? null : Promise.all(slow.map(({ id, rate }) => access.slowed(id, rate!)))
  }

  /** Asked again before an answer leaves, and before each of its windows: it was masked before what has been ordered since. */
  #checkBarrier(): void {
    const { barrier } = this.shared
    if (barrier === undefined || barrier.isEmpty) return
    const named = this.#named()
    if (barrier.stops(named)) throw new Refusal('LOCKED_DOWN')
    if (!this.#harder && barrier.hardens(named)) throw new Refusal('MASKED_HARDER')
  }

  #named() {
    const consumer = this.#caller!.consumer.name
    const operator = operatorOf(this.#statement, this.shared.index)
    return { consumer, operator, system: this.system!.settings.name, route: this.#route }
  }

  async #lookUp({ consumer }: Identified, system: SystemPolicy, route: RoutePolicy, peer: Peer): Promise<void> {
    const asks = this.head.method === 'POST' && asksByBody('POST', route)
    const question = asks ? questionOf(this.head.headers['content-type']?.[0] ?? null, await this.#readAhead()) : null
    const asked = { method: this.head.method, path: this.#path, parameters: this.#target!.parameters }
    const presenting = {
      ...asked,
      ...(question !== null && { question }),
      consumer,
      statement: this.#statement!,
      system,
      route,
      peer,
    }
    const { grants, index } = this.shared
    this.#granted = await lookUp(grants ?? null, presenting, this.policy, index, id => {
      this.#grant = id
    })
  }

  /** A body that what is decided depends on. */
  async #readAhead(): Promise<Buffer> {
    return (this.#ahead ??= await whole(this.#checked(this.raw), this.shared.config.limits.requestBody))
  }

  /** The head with what a form says in place of its headers. */
  async #takeSaidInForm(): Promise<RequestHead> {
    const { head, body } = takeSaidInForm(this.head, await this.#readAhead())
    this.#ahead = body
    return head
  }

  /** The plan, and the target under it. */
  #decide(system: SystemPolicy, route: RoutePolicy, { audience }: Consumer): void {
    const presented = this.#presented
    const bare = () =>
      this.#harder
        ? this.policy.harderPlan(system, route, audience)
        : this.policy.plan(system, route, audience, presented)
    const plan = this.#granted?.plan ?? bare()
    this.#plan = plan
    if (this.#granted === null) checkInsisting(this.head, plan, this.policy.audiences.get(audience), presented)
    const asked = { path: this.#path, parameters: this.#target!.parameters }
    this.#written = writeTarget(this.head.method, asked, { system, route, plan }, this.#scope())
    this.#searched = this.#written.searched
    this.#rules = route
  }

  /** A body that can hold tokens or masked values is read before the system sees anything; any other goes on as it comes. */
  async #readBody(body: Readable): Promise<Readable | Uint8Array> {
    const { masking, config } = this.shared
    const [plan, rules] = [this.#plan!, this.#rules!]
    const drop = rules.maskedValues === 'drop'
    const read = await readRequestBody(body, this.head, {
      masking,
      plan,
      limits: config.limits,
      drop,
      ...this.#scope(),
    })
    if (read !== null) this.#signIn?.read(read.pairs() ?? [], namedDetectors(this.policy, plan.types))
    if (read !== null) this.#written = alsoRestored(this.#written!, read.findings)
    const { essence } = parseMediaType(this.head.headers['content-type']?.[0] ?? null)
    const asked = { method: this.head.method, mediaType: essence, pairs: read?.pairs ?? (() => null) }
    // of a caller that may not state in forms, or by this method
    if (isForm(this.head) && asked.pairs()?.some(({ name }) => isReserved(name)) === true)
      throw new Refusal('PARAMETER_UNDECLARED')
    const searched = checkAskedBody({ ...asked, restored: read?.findings.restored ?? new Set() }, rules, plan)
    this.#searched = [...this.#written!.searched, ...searched]
    return read?.bytes ?? this.#ahead ?? body
  }

  #checked(body: Readable): Readable {
    const digest = this.#caller!.bodyDigest
    return digest === null ? body : checkedBody(body, digest)
  }

  #scope() {
    const { operator, purpose, presented } = this.#statement!
    const scope = { consumer: this.#caller!.consumer.name, purpose: purpose ?? '', now: Date.now() }
    if (operator === null || !presented.has('signed_operator')) return scope
    return { ...scope, operator: operator.kind === 'login' ? operator.login : operator.value }
  }

  /** 5 to 9: the upstream's answer, masked and on record. null: the caller has left, and there is nobody to answer. */
  async run(body: Readable | null): Promise<Answer | null> {
    try {
      if (this.#left) throw new Refusal('UPSTREAM_BROKEN')
      if (this.#fetched !== null) return await this.#fetch(this.#fetched)
      const { limits } = this.shared.config
      const sent = await this.#toSend(body)
      if (this.#left) throw new Refusal('UPSTREAM_BROKEN')
      const passage = this.#passage()
      // 5
      this.call = forward(passage, sent, limits.requestBody)
      const called = performance.now()
      const upstream = await this.call.answer
      this.#upstreamSeconds = (performance.now() - called) / 1000
      this.upstreamStatus = upstream.status
      // 7, 8
      this.body = await maskAnswer(upstream, this.head.method, {
        masking: this.shared.masking,
        limits,
        plan: passage.plan,
        links: passage.system.links,
        ...(passage.system.pathBase !== null && { pathBase: passage.system.pathBase }),
        scope: { ...this.#scope(), tokens: this.#written!.tokens },
      })
      // 6
      const headers = answerHeaders(upstream.headers, this.body.contentType, passage)
      const ours = this.#signIn?.answered(upstream.status, upstream.headers) ?? []
      if (ours.length > 0) headers['set-cookie'] = [...[headers['set-cookie'] ?? []].flat(), ...ours]
      // 9
      return await this.#release(upstream, headers, this.body)
    } catch (fault) {
      return this.refuse(fault)
    }
  }

  async #toSend(body: Readable | null): Promise<Readable | Uint8Array | null> {
    if (this.#sent !== null) return this.#sent
    if (this.#ahead === null) return body === null ? null : this.#readBody(this.#checked(body))
    return this.#readBody(Readable.from([this.#ahead]))
  }

  async #release(upstream: UpstreamAnswer, headers: Answer['headers'], body: MaskedBody): Promise<Answer | null> {
    const { index, config } = this.shared
    const { status } = upstream
    const most = this.shared.reviews?.limits.answer ?? config.limits.answerWhole
    const reason = await whyItWaits(this.#plan!, body, most)
    const tally = body.masker?.takeTally() ?? nothing
    const count = new BulkCount(this.#plan!)
    count.add(tally)
    if (this.#left) throw new Refusal('UPSTREAM_BROKEN')
    this.#checkBarrier()
    const result = { status, upstreamStatus: status, format: body.masker?.format ?? null }
    if (this.#granted !== null) checkFormat(this.#granted, result.format)
    if (reason !== null) return await this.#hold(reason, result, headers, body, tally)
    const compressor = this.#compressor(body)
    if (compressor !== null) {
      headers['content-encoding'] = compressor.coding
      headers['vary'] = 'accept-encoding'
    }
    if (!body.ended || body.size > config.limits.answerWhole) {
      const opened = await this.record(openDraft(this.known(), result, index))
      this.released = true
      return { status, headers, body: this.#stream(body, tally, count, opened, status, compressor) }
    }
    const pieces = compressor === null ? body.pieces : await compressor.add(body.pieces, true)
    const whole = wholeOf(pieces)
    const bytes: [number, number] = [body.taken, whole.length]
    const ending = { outcome: 'released', code: null } as const
    await this.record(accessDraft(this.known(), { ...result, bytes }, tally, ending, index))
    this.released = true
    this.#end({ outcome: 'released', code: null, status, bytes })
    return { status, headers, body: whole.length === 0 ? undefined : whole }
  }

  /** Kept until people have reviewed it; the caller is told so. */
  async #hold(
    reason: ReviewTerms['reason'],
    result: { readonly status: number; readonly upstreamStatus: number; readonly format: string | null },
    headers: Answer['headers'],
    body: MaskedBody,
    tally: Tally,
  ): Promise<Answer> {
    const { index, reviews } = this.shared
    const bytes: [number, number] = [body.taken, 0]
    const ending = { outcome: 'held', code: null } as const
    const draft = accessDraft(this.known(), { ...result, bytes }, tally, ending, index)
    const terms = await holdAnswer(reviews, {
      ...{ reason, draft, headers, status: result.status },
      audience: this.#caller!.consumer.audience,
      unlisted: body.masker?.unlisted() ?? [],
      body: wholeOf(body.pieces),
    })
    // who is in it stands in the record of its release: until then nobody has seen them
    return await this.#tellHeld(terms, 0, { ...result, status: 202, bytes })
  }

  async #tellHeld(terms: ReviewTerms, steps: number, result: Result): Promise<Answer> {
    const { index, config } = this.shared
    const ending = { outcome: 'held', code: null } as const
    const draft = accessDraft(this.known(), result, nothing, ending, index)
    const record = await this.record({ ...draft, review: terms.id })
    this.released = true
    this.#end({ ...ending, status: result.status, bytes: result.bytes })
    const prefix = this.system!.settings.prefix ?? ''
    return heldNotice({ terms, steps, prefix, record, contact: config.contact }, this.head)
  }

  /** An answer that waited: on record, then handed on as it was masked. */
  async #fetch(id: string): Promise<Answer> {
    const { config, index, reviews } = this.shared
    const { consumer } = this.#caller!
    const who = { consumer: consumer.name, audience: consumer.audience, anonymous: consumer === config.anonymous }
    const where = { address: this.#address!, system: this.system!.settings.name }
    const asked = { id, ...who, ...where, operator: operatorOf(this.#statement, index) }
    const found = await fetchHeld(reviews, asked, terms => {
      this.#route = terms.route
      this.#grant = terms.grant
      this.#checkBarrier()
      if (this.#left) throw new Refusal('UPSTREAM_BROKEN')
    })
    const { terms } = found
    const { status, format, rows } = terms
    if ('steps' in found)
      return await this.#tellHeld(terms, found.steps, { status: 202, upstreamStatus: null, format, bytes: [0, 0] })
    const { answer } = found
    const { headers, fields, subjects, upstreamStatus, body } = answer
    const bytes: [number, number] = [terms.bytes, body.length]
    const ending = { outcome: 'released', code: null } as const
    const draft = accessDraft(this.known(), { status, upstreamStatus, format, bytes }, nothing, ending, index)
    await this.record({ ...draft, rows, fields, subjects, review: id })
    this.released = true
    this.#end({ ...ending, status, bytes })
    return { status, headers: { ...headers } as Answer['headers'], body: body.length === 0 ? undefined : body }
  }

  /** null: the answer leaves as it is. */
  #compressor(body: MaskedBody): Compressor | null {
    if (!this.system!.settings.compress || !body.compressible || body.size < smallest) return null
    const coding = codingFor(this.head.headers['accept-encoding'] ?? [])
    return coding === null ? null : new Compressor(coding)
  }

  #stream(
    body: MaskedBody,
    first: Tally,
    count: BulkCount,
    of: RecordId,
    status: number,
    compressor: Compressor | null,
  ): Readable {
    const { index, config, log } = this.shared
    const { stream, ended } = releaseInWindows(body, first, {
      limits: config.limits,
      compressor,
      append: drafts => this.record(...drafts),
      left: () => this.#left,
      window: (bytes, tally) => windowDraft(of, bytes, tally, index),
      end: (kind, total, code) => endDraft(kind, of, total, code),
      check: tally => {
        count.add(tally)
        this.#checkBarrier()
      },
      onFault: error => log.error(words.fault, { record: of, error }),
    })
    void ended.then(({ bytes, code, whole }) => {
      this.#end({ outcome: whole ? 'released' : 'aborted', code, status, bytes })
    })
    return stream
  }

  /** 10: whatever was thrown becomes a problem answer, on record. null: the caller has left. Never rejects. */
  async refuse(fault: unknown): Promise<Answer | null> {
    const refusal = fault instanceof Refusal ? fault : new Refusal('GATEWAY_FAULT', {}, { cause: fault })
    this.call?.cancel()
    if (refusal instanceof MaskedQuestion) this.#searched = refusal.searched
    const refused = await recordRefusal(this, refusal, this.#left)
    if (refused.code === 'GATEWAY_FAULT') this.shared.log.error(words.fault, { ...refused.names, error: fault })
    this.released = true
    this.#end({ outcome: refused.outcome, code: refused.code, status: refused.status, bytes: refused.bytes })
    return refused.answer
  }

  /** The caller's connection is gone: nothing is read any more on its behalf. */
  leave(): void {
    if (this.#left) return
    this.#left = true
    this.call?.cancel()
  }

  /** Resolves to the last entry's id once all are durable. */
  record(...drafts: Draft[]): Promise<RecordId> {
    const { records, meter } = this.shared
    const began = performance.now()
    return records.append(drafts).then(receipts => {
      meter.recorded((performance.now() - began) / 1000)
      return receipts.at(-1)!.id
    })
  }

  known(): Known {
    return {
      address: this.#address ?? '::',
      method: this.head.method,
      consumer: this.#caller?.consumer ?? null,
      statement: this.#statement,
      system: this.system?.settings.name ?? null,
      route: this.#route,
      searched: this.#searched,
      policy: this.policy.digest,
      intent: this.#intent,
      grant: this.#grant,
    }
  }

  #passage(): Passage {
    return {
      system: this.system!,
      head: this.head,
      path: this.#written!.path,
      parameters: this.#written!.parameters,
      askedPath: this.#path,
      tokens: this.#written!.tokens,
      consumer: this.#caller!.consumer.name,
      plan: this.#plan!,
      seal: this.shared.seal,
      secure: this.shared.secure,
      session: this.#target!.session ?? '',
      sessions: this.#sessions,
    }
  }

  #end(result: Pick<Summary, 'outcome' | 'code' | 'status' | 'bytes'>): void {
    if (this.#over) return
    this.#over = true
    this.shared.inFlight--
    // spread and added to, each of these would be an object of a new shape to V8: 30 000 instructions
    this.shared.meter.exchangeEnded({
      outcome: result.outcome,
      code: result.code,
      status: result.status,
      bytes: result.bytes,
      system: this.system?.settings.name ?? null,
      audience: this.#caller?.consumer.audience ?? null,
      seconds: (performance.now() - this.#began) / 1000,
      upstreamSeconds: this.#upstreamSeconds,
    })
  }
}

/** Most answers are one piece, which is not copied again. */
function wholeOf(pieces: readonly Uint8Array[]): Buffer {
  const [only] = pieces
  return pieces.length === 1 && only instanceof Buffer ? only : Buffer.concat(pieces)
}
