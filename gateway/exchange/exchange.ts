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
import type { Plan, Presentable } from '../policy/plan.ts'
import type { Policy, RoutePolicy, SystemPolicy } from '../policy/policy.ts'
import type { Draft, RecordId } from '../records/entry.ts'
import type { ReviewTerms } from '../review-event.ts'
import { numberAskedFor } from './held/notice.ts'
import { fetchReviewed } from './held/waiting.ts'
import { faultWords, namedDetectors, type ServedSystem, type Shared, type Summary } from './parts.ts'
import { ConnectionPeer } from './peer.ts'
import { recordRefusal } from './refusal/refusal.ts'
import { asksByBody, checkAskedBody } from './request/asking-body.ts'
import { readRequestBody, whole } from './request/body.ts'
import { checkedBody } from './request/checked-body.ts'
import { checkRequest, headOf, type ReadHead } from './request/framing.ts'
import { type Granted, lookUp } from './request/granted.ts'
import { findSystem } from './request/mounts.ts'
import { checkReading, checkReadOtherwise } from './request/one-reading.ts'
import { questionOf } from './request/question.ts'
import { pathWrittenIn, writtenIn } from './request/render-target.ts'
import { alsoRestored, type WrittenTarget, writeTarget } from './request/restore.ts'
import { isForm, mayStateInForm, takeSaidInForm } from './request/said-in-form.ts'
import { isReserved, takeSaid } from './request/said-in-query.ts'
import { MaskedQuestion, type Searched } from './request/searched.ts'
import { SignInToSystem } from './request/sign-in-to-system.ts'
import { parseTarget, type Target } from './request/target.ts'
import { type Answer, type MaskedBody, type MaskingParts, maskAnswer } from './response/answer.ts'
import { openCookies } from './response/cookies.ts'
import type { AnswerHeaders } from './response/headers.ts'
import { parseMediaType } from './response/media-type.ts'
import { intentDraft, type Known, operatorOf } from './response/record-of.ts'
import { release } from './response/release.ts'
import { Restraint } from './restraint.ts'
import { answerHeaders, forward, type Passage } from './upstream/forward.ts'
import type { UpstreamAnswer, UpstreamCall } from './upstream/upstream.ts'

/** Whether it is the time for a system or route. */
function isServed({ from, until }: { readonly from: number | null; readonly until: number | null }): boolean {
  if (from === null && until === null) return true
  const now = Date.now()
  return (from === null || now >= from) && (until === null || now < until)
}

const nothingPresented: ReadonlySet<Presentable> = new Set()
const noTokens: ReadonlyMap<string, string> = new Map()

export class Exchange {
  readonly raw: IncomingMessage
  readonly head: ReadHead
  readonly shared: Shared
  /** The one in force when the exchange began. */
  readonly policy: Policy
  readonly system: ServedSystem | null = null
  /** The first byte of an answer may have left: from here a fault can only cut the connection. */
  released = false
  call: UpstreamCall | null = null
  upstreamStatus: number | null = null
  body: MaskedBody | null = null
  caller: Identified | null = null
  plan: Plan | null = null
  granted: Granted | null = null
  /** Whether the caller's connection is gone. */
  left = false

  readonly #began = performance.now()
  #target: Target | null = null
  /** Under the system. */
  readonly #path: string = ''
  /** The number of an answer that waited for review and is asked for now; null: the system is asked. */
  readonly #fetched: string | null = null
  /** Why the request itself cannot be served; thrown once it is known who asks. */
  readonly #unservable: unknown = null
  #address: string | null = null
  #statement: Statement | null = null
  #route: string | null = null
  /** What is sent on in place of what was asked for. */
  #written: WrittenTarget | null = null
  #rules: RoutePolicy | null = null
  readonly #restraint: Restraint
  #searched: readonly Searched[] = []
  #intent: RecordId | null = null
  /** The body, where it had to be read before anything was decided; and as the system gets it, where that is decided by then. */
  #ahead: Buffer | null = null
  #sent: Readable | Uint8Array | null = null
  /** null: nobody learns anything from this system's answers. */
  #signIn: SignInToSystem | null = null
  /** A grant that there is, whatever became of it: it goes into the records. */
  #grant: string | null = null
  #upstreamSeconds: number | null = null
  #over = false

  /** 1: the target, once, in one normal form; framing; the system it is for. Does not throw. */
  constructor(raw: IncomingMessage, shared: Shared, mounts: Parameters<typeof findSystem<ServedSystem>>[0]) {
    this.raw = raw
    this.shared = shared
    this.policy = shared.policy
    this.head = headOf(raw)
    this.#restraint = new Restraint(shared)
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
    this.caller = caller
    const limited = access.limit(consumer, this.#address)
    if (limited !== undefined) await limited
    if (this.#unservable !== null) throw this.#unservable
    // 3
    if (!isServed(this.system!.settings)) throw new Refusal('SYSTEM_EXPIRED')
    if (this.#fetched !== null) return this.#admitFetch(this.#learnt(caller), peer)
    const said = mayStateInForm(this.head, consumer) ? await this.#takeSaidInForm() : this.head
    const { system, route } = this.#match(this.#learnt(caller), said, peer)
    // a grant is not used up on an answer that it does not open
    const wantsAll = () => this.#statement!.grant !== null || insists(this.head)
    const slowed = this.#restraint.holdUp(() => this.#named(), wantsAll)
    if (slowed !== null) await slowed
    const verified = access.verify(this.#statement!, consumer.name)
    if (verified !== null) this.#statement = verified instanceof Promise ? await verified : verified
    if (this.#statement!.grant !== null) await this.#lookUp(caller, system, route, peer)
    this.#decide(system, route, consumer)
    if (this.granted !== null) {
      // a question that is refused uses nothing up
      if (this.#ahead !== null) this.#sent = await this.#readBody(Readable.from([this.#ahead]))
      await this.granted.use()
    }
    // 4
    const { bulkRows, bulkPeople } = this.plan!
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
    this.caller = this.#signIn.known(caller)
    return this.caller
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
    this.plan = bare
    checkReading(this.#target!, bare, this.#path, route, path => system.match(this.head.method, path))
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
    this.check()
  }

  /** What counts of what is presented. */
  get #presented(): ReadonlySet<Presentable> {
    return this.#restraint.harder ? nothingPresented : this.#statement!.presented
  }

  /** Throws where nothing may leave any more: the caller has gone, or something has been ordered about it meanwhile. */
  check(): void {
    if (this.left) throw new Refusal('UPSTREAM_BROKEN')
    this.#restraint.check(() => this.#named())
  }

  #named() {
    const consumer = this.caller!.consumer.name
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
    this.granted = await lookUp(grants ?? null, presenting, this.policy, index, id => {
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
      this.#restraint.harder
        ? this.policy.harderPlan(system, route, audience)
        : this.policy.plan(system, route, audience, presented)
    const plan = this.granted?.plan ?? bare()
    this.plan = plan
    if (this.granted === null) checkInsisting(this.head, plan, this.policy.audiences.get(audience), presented)
    checkReadOtherwise(this.#target!, route, plan)
    const asked = { path: this.#path, parameters: this.#target!.parameters }
    this.#written = writeTarget(this.head.method, asked, { system, route, plan }, this.#scope())
    this.#searched = this.#written.searched
    this.#rules = route
  }

  /** A body that can hold tokens or masked values is read before the system sees anything; any other goes on as it comes. */
  async #readBody(body: Readable): Promise<Readable | Uint8Array> {
    const { masking, config } = this.shared
    const [plan, rules] = [this.plan!, this.#rules!]
    const drop = rules.maskedValues === 'drop'
    const read = await readRequestBody(body, this.head, {
      masking,
      plan,
      limits: config.limits,
      drop,
      ...this.#scope(),
    })
    const { parameters } = this.#target!
    if (read !== null) this.#signIn?.read(read.pairs() ?? [], parameters, namedDetectors(this.policy, plan.types))
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
    const digest = this.caller!.bodyDigest
    return digest === null ? body : checkedBody(body, digest)
  }

  /** `tokens`: those that were restored, by the value they stand for. */
  #scope(tokens: ReadonlyMap<string, string> = noTokens) {
    const { operator, purpose, presented } = this.#statement!
    const scope = { consumer: this.caller!.consumer.name, purpose: purpose ?? '', now: Date.now(), tokens }
    if (operator === null || !presented.has('signed_operator')) return scope
    return { ...scope, operator: operator.kind === 'login' ? operator.login : operator.value }
  }

  /** 5 to 9: the upstream's answer, masked and on record. null: the caller has left, and there is nobody to answer. */
  async run(body: Readable | null): Promise<Answer | null> {
    try {
      if (this.left) throw new Refusal('UPSTREAM_BROKEN')
      if (this.#fetched !== null) return await fetchReviewed(this, this.#fetched)
      const sending = this.#toSend(body)
      const sent = sending instanceof Promise ? await sending : sending
      if (this.left) throw new Refusal('UPSTREAM_BROKEN')
      const passage = this.#passage()
      // 5
      this.call = forward(passage, sent, this.shared.config.limits.requestBody)
      const called = performance.now()
      const upstream = await this.call.answer
      this.#upstreamSeconds = (performance.now() - called) / 1000
      this.upstreamStatus = upstream.status
      // 7, 8
      this.body = await maskAnswer(upstream, this.head.method, this.#maskingOf(passage))
      // 6, 9
      return await release(this, this.#headersOf(upstream, passage), this.body, upstream.status)
    } catch (fault) {
      return this.refuse(fault)
    }
  }

  #maskingOf(passage: Passage): MaskingParts {
    return {
      masking: this.shared.masking,
      limits: this.shared.config.limits,
      plan: passage.plan,
      links: passage.system.links,
      pathBase: passage.system.pathBase ?? undefined,
      scope: this.#scope(passage.tokens),
    }
  }

  #headersOf({ status, headers: given }: UpstreamAnswer, passage: Passage): AnswerHeaders {
    const headers = answerHeaders(given, this.body!.contentType, passage)
    const ours = this.#signIn?.answered(status, given)
    if (ours !== undefined && ours.length > 0)
      headers['set-cookie'] = [...[headers['set-cookie'] ?? []].flat(), ...ours]
    return headers
  }

  /** A promise only where there is a body to be read. */
  #toSend(body: Readable | null): Promise<Readable | Uint8Array> | Readable | Uint8Array | null {
    if (this.#sent !== null) return this.#sent
    if (this.#ahead === null) return body === null ? null : this.#readBody(this.#checked(body))
    return this.#readBody(Readable.from([this.#ahead]))
  }

  /** 10: whatever was thrown becomes a problem answer, on record. null: the caller has left. Never rejects. */
  async refuse(fault: unknown): Promise<Answer | null> {
    const refusal = fault instanceof Refusal ? fault : new Refusal('GATEWAY_FAULT', {}, { cause: fault })
    this.call?.cancel()
    if (refusal instanceof MaskedQuestion) this.#searched = refusal.searched
    const refused = await recordRefusal(this, refusal, this.left)
    if (refused.code === 'GATEWAY_FAULT') this.shared.log.error(faultWords, { ...refused.names, error: fault })
    if (refused.outcome === 'withheld') this.shared.faults.tell(refusal, refused.names)
    this.end({ outcome: refused.outcome, code: refused.code, status: refused.status, bytes: refused.bytes })
    return refused.answer
  }

  /** The caller's connection is gone: nothing is read any more on its behalf. */
  leave(): void {
    if (this.left) return
    this.left = true
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

  /** It asks for an answer that waited: what the records say of it is what was asked for then. */
  concerns({ route, grant }: ReviewTerms): void {
    this.#route = route
    this.#grant = grant
  }

  known(): Known {
    return {
      address: this.#address ?? '::',
      method: this.head.method,
      consumer: this.caller?.consumer ?? null,
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
      consumer: this.caller!.consumer.name,
      plan: this.plan!,
      seal: this.shared.seal,
      secure: this.shared.secure,
      session: this.#target!.session ?? '',
      charset: writtenIn(this.#target!, this.plan!),
      pathCharset: pathWrittenIn(this.#target!, this.plan!),
      sessions: this.#sessions,
    }
  }

  /** Its answer is decided, and on record. Counts once. */
  end(result: Pick<Summary, 'outcome' | 'code' | 'status' | 'bytes'>): void {
    this.released = true
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
      audience: this.caller?.consumer.audience ?? null,
      seconds: (performance.now() - this.#began) / 1000,
      upstreamSeconds: this.#upstreamSeconds,
    })
  }
}
