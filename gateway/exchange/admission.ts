/**
 * Steps 1 to 3 of an exchange: what is asked for, by whom, and whether it may be; and what is known of all that, for the steps
 * that follow and for the records. A step throws the Refusal that ends the exchange.
 */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { Identified } from '../access/identify.ts'
import { checkInsisting, insists } from '../access/insisting.ts'
import type { Statement } from '../access/statement.ts'
import type { RequestHead } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import type { Plan, Presentable } from '../policy/plan.ts'
import type { Policy, RoutePolicy, SystemPolicy } from '../policy/policy.ts'
import type { RecordId } from '../records/entry.ts'
import type { ReviewTerms } from '../review-event.ts'
import { Entrance } from './entrance.ts'
import { broughtByHeaders } from './handed-out.ts'
import { numberAskedFor } from './held/notice.ts'
import { namedDetectors, type ServedSystem, type Shared } from './parts.ts'
import { asksByBody } from './request/asking-body.ts'
import { checkReadOtherwise } from './request/check-parameters.ts'
import { checkRequest, type ReadHead } from './request/framing.ts'
import { type Granted, lookUp } from './request/granted.ts'
import { asksForTypes } from './request/graphql/sent.ts'
import { planOfTypes } from './request/graphql/types-plan.ts'
import { mayForward } from './request/headers.ts'
import { findSystem, type Mount } from './request/mounts.ts'
import { checkReading } from './request/one-reading.ts'
import { OwnBody } from './request/own-body.ts'
import { questionOf } from './request/question.ts'
import { pathWrittenIn, writtenIn } from './request/render-target.ts'
import { type WrittenTarget, writeTarget } from './request/restore.ts'
import { mayStateInForm, takeSaidInForm } from './request/said-in-form.ts'
import { takeSaid } from './request/said-in-query.ts'
import type { Searched } from './request/searched.ts'
import { readSentBody } from './request/sent-body.ts'
import type { SignInToSystem } from './request/sign-in-to-system.ts'
import { parseTarget, type Target } from './request/target.ts'
import { type Known, operatorOf } from './response/record-of.ts'
import { Restraint } from './restraint.ts'
import { ExchangeScope } from './scope.ts'
import type { Passage } from './upstream/forward.ts'

/** Whether it is the time for a system or route. */
function isServed({ from, until }: { readonly from: number | null; readonly until: number | null }): boolean {
  if (from === null && until === null) return true
  const now = Date.now()
  return (from === null || now >= from) && (until === null || now < until)
}

const nothingPresented: ReadonlySet<Presentable> = new Set()

type Matched = { readonly system: SystemPolicy; readonly route: RoutePolicy }

/** Gives what it waits for, where it does. */
type Step = (admission: Admission) => Promise<unknown> | undefined

export class Admission {
  readonly system: ServedSystem | null = null
  plan: Plan | null = null
  granted: Granted | null = null
  searched: readonly Searched[] = []
  /** The number of an answer that waited for review and is asked for now; null: the system is asked. */
  readonly fetched: string | null = null

  readonly #entrance: Entrance
  readonly #raw: IncomingMessage
  readonly #head: ReadHead
  readonly #shared: Shared
  /** The one in force when the exchange began. */
  readonly #policy: Policy
  readonly #restraint: Restraint
  #target: Target | null = null
  /** Under the system. */
  readonly #path: string = ''
  /** Why the request itself cannot be served; thrown once it is known who asks. */
  readonly #unservable: unknown = null
  /** The head with what a form says in place of its headers. */
  #said: RequestHead
  #statement: Statement | null = null
  #matched: Matched | null = null
  /** For the records, in which also what is fetched has the route that was asked then. */
  #route: string | null = null
  /** What is sent on in place of what was asked for. */
  #written: WrittenTarget | null = null
  /** Made once the caller and their statement are known, which then stay. */
  #scope: ExchangeScope | null = null
  /** Made once the caller is known and has one. */
  #body: OwnBody | null = null
  /** The body as the system gets it, where that is decided before the grant is used. */
  #sent: Readable | Uint8Array | null = null
  #brought: Readonly<Record<string, string>> | null = null
  /** A grant that there is, whatever became of it: it goes into the records. */
  #grant: string | null = null

  /** 1: the target, once, in one normal form; framing; the system it is for. Does not throw. */
  constructor(raw: IncomingMessage, head: ReadHead, shared: Shared, mounts: readonly Mount<ServedSystem>[]) {
    this.#entrance = new Entrance(raw, head, shared)
    this.#raw = raw
    this.#head = head
    this.#said = head
    this.#shared = shared
    this.#policy = shared.policy
    this.#restraint = new Restraint(shared)
    try {
      const [host] = head.headers['host'] ?? []
      checkRequest(raw, head, shared.config.limits)
      this.#target = parseTarget(raw.url ?? '', host, true)
      const found = findSystem(mounts, host, this.#target.path)
      this.system = found.system
      this.#path = found.path
      this.fetched = numberAskedFor(found.path)
      if (this.#target.session !== undefined && !this.#sessions) throw new Refusal('TARGET_MALFORMED')
    } catch (error) {
      this.#unservable = error
    }
  }

  get caller(): Identified | null {
    return this.#entrance.caller
  }

  /** null: nobody learns anything from this system's answers. */
  get signIn(): SignInToSystem | null {
    return this.#entrance.signIn
  }

  /** Whether the system's paths may end with a session id. */
  get #sessions(): boolean {
    return this.#policy.systems.get(this.system!.settings.name)?.legacyPaths ?? false
  }

  /** Whether the system hands its callers tokens, which they bring back. */
  get #handsOut(): boolean {
    return this.system !== null && (this.#policy.systems.get(this.system.settings.name)?.handsOut ?? false)
  }

  static readonly #toEnter: readonly Step[] = [
    // 2
    one => one.#entrance.open(),
    one => one.#entrance.identify(one.#handsOut),
    one => one.#entrance.limit(),
    one => one.#checkServed(),
    one => one.#entrance.learn(one.system!.settings.name, one.#path),
  ]

  static readonly #toAsk: readonly Step[] = [
    ...Admission.#toEnter,
    // 3
    one => one.#takeSaidInForm(),
    one => one.#match(),
    one => one.#holdUp(),
    one => one.#verify(),
    one => one.#counted(() => one.#openBrought()),
    one => one.#lookUp(),
    one => one.#counted(() => one.#decide()),
    one => one.#useGrant(),
  ]

  static readonly #toFetch: readonly Step[] = [...Admission.#toEnter, one => one.#matchFetch()]

  /** 2 and 3, in the order of their steps. undefined: they are taken; a promise only where one of them waits, which few do. */
  admit(): Promise<void> | undefined {
    return this.#take(this.fetched === null ? Admission.#toAsk : Admission.#toFetch, 0)
  }

  #take(steps: readonly Step[], from: number): Promise<void> | undefined {
    for (let at = from; at < steps.length; at++) {
      const waits = steps[at]!(this)
      if (waits !== undefined) return waits.then(() => this.#take(steps, at + 1))
    }
    return undefined
  }

  /** A token of the system that is not the caller's own counts as wrong credentials do. */
  #counted(step: () => undefined): Promise<never> | undefined {
    try {
      return step()
    } catch (error) {
      return this.#shared.access.failed(error, this.#entrance.peer!)
    }
  }

  #checkServed(): undefined {
    if (this.#unservable !== null) throw this.#unservable
    if (!isServed(this.system!.settings)) throw new Refusal('SYSTEM_EXPIRED')
  }

  #takeSaidInForm(): Promise<void> | undefined {
    if (!mayStateInForm(this.#head, this.caller!.consumer)) return undefined
    const own = this.#ownBody
    return own.readAhead().then(ahead => {
      const { head, body } = takeSaidInForm(this.#head, ahead)
      this.#said = head
      own.become(body)
    })
  }

  /** What is asked for, and what is said of it. */
  #match(): undefined {
    const system = this.#policy.systems.get(this.system!.settings.name)
    if (system === undefined) throw new Refusal('POLICY_UNUSABLE')
    const match = system.match(this.#head.method, this.#path)
    if ('refused' in match) throw new Refusal(match.refused, 'allow' in match ? { allow: match.allow } : {})
    const { route } = match
    this.#route = route.template.text
    if (route.period !== undefined && !isServed(route.period)) throw new Refusal('ROUTE_EXPIRED')
    this.#hear(system, route)
  }

  /** An answer of this system that waited: for whom it is, the desk knows. */
  #matchFetch(): undefined {
    const system = this.#policy.systems.get(this.system!.settings.name)
    const [route] = system?.routes ?? []
    if (system === undefined || route === undefined) throw new Refusal('POLICY_UNUSABLE')
    if (this.#head.method !== 'GET') throw new Refusal('METHOD_NOT_ALLOWED', { allow: ['GET'] })
    this.#hear(system, route)
    this.check()
  }

  #hear(system: SystemPolicy, route: RoutePolicy): void {
    const caller = this.caller!
    const bare = this.#policy.plan(system, route, caller.consumer.audience, nothingPresented)
    this.plan = bare
    this.#matched = { system, route }
    checkReading(this.#target!, bare, this.#path, route, path => system.match(this.#head.method, path))
    const { head, target } = takeSaid(this.#said, this.#target!, caller.consumer)
    this.#target = target
    this.#statement = this.#shared.access.statement(
      head,
      caller,
      namedDetectors(this.#policy, bare.types),
      this.#entrance.peer!,
    )
  }

  #holdUp(): Promise<unknown> | undefined {
    // a grant is not used up on an answer that it does not open
    const wantsAll = () => this.#statement!.grant !== null || insists(this.#head)
    return this.#restraint.holdUp(() => this.#named(), wantsAll) ?? undefined
  }

  #verify(): Promise<void> | undefined {
    const verified = this.#shared.access.verify(this.#statement!, this.caller!.consumer.name)
    if (verified instanceof Promise) return verified.then(statement => void (this.#statement = statement))
    if (verified !== null) this.#statement = verified
    return undefined
  }

  #openBrought(): undefined {
    if (!this.#handsOut) return
    const { states } = this.scope
    this.#brought = broughtByHeaders(this.#head, mayForward, (name, value) => states.openHeader(name, value))
  }

  #lookUp(): Promise<void> | undefined {
    return this.#statement!.grant === null ? undefined : this.#lookUpGrant()
  }

  async #lookUpGrant(): Promise<void> {
    const { system, route } = this.#matched!
    const asks = this.#head.method === 'POST' && asksByBody('POST', route)
    const label = this.#head.headers['content-type']?.[0] ?? null
    const question = asks ? questionOf(label, await this.#ownBody.readAhead()) : null
    const presenting = {
      ...this.#asked,
      ...(question !== null && { question }),
      consumer: this.caller!.consumer,
      statement: this.#statement!,
      system,
      route,
      peer: this.#entrance.peer!,
    }
    const { grants, index } = this.#shared
    this.granted = await lookUp(grants ?? null, presenting, this.#policy, index, id => {
      this.#grant = id
    })
  }

  get #asked() {
    return { method: this.#head.method, path: this.#path, parameters: this.#target!.parameters }
  }

  /** The plan, and the target under it. */
  #decide(): undefined {
    const { system, route } = this.#matched!
    const { presented } = this
    const { audience } = this.caller!.consumer
    const bare = () =>
      this.#restraint.harder
        ? this.#policy.harderPlan(system, route, audience)
        : this.#policy.plan(system, route, audience, presented)
    const plan = this.granted?.plan ?? bare()
    this.plan = plan
    if (this.granted === null) checkInsisting(this.#head, plan, this.#policy.audiences.get(audience), presented)
    checkReadOtherwise(this.#target!, route, plan)
    this.#written = writeTarget(this.#head.method, this.#asked, { system, route, plan }, this.scope.with())
    this.searched = this.#written.searched
    const { method, parameters } = this.#asked
    if ((method === 'GET' || method === 'HEAD') && asksForTypes(parameters, route, plan)) this.plan = planOfTypes(plan)
  }

  #useGrant(): Promise<void> | undefined {
    return this.granted === null ? undefined : this.#use(this.granted)
  }

  async #use(granted: Granted): Promise<void> {
    // a question that is refused uses nothing up
    if (this.#body !== null) this.#sent = await this.#readBody(this.#body, this.#raw)
    await granted.use()
  }

  /** Whether what it may see has to be on record before the system is asked. */
  get needsIntent(): boolean {
    if (this.fetched !== null) return false
    const { bulkRows, bulkPeople } = this.plan!
    const revealed = this.#policy.revealed(this.caller!.consumer.audience, this.presented)
    return revealed.size > 0 || bulkRows !== null || bulkPeople !== null
  }

  /** What counts of what is presented. */
  get presented(): ReadonlySet<Presentable> {
    return this.#restraint.harder ? nothingPresented : this.#statement!.presented
  }

  /** Throws where something has been ordered about the caller meanwhile, so that nothing may leave any more. */
  check(): void {
    this.#restraint.check(() => this.#named())
  }

  #named() {
    const consumer = this.caller!.consumer.name
    const operator = operatorOf(this.#statement, this.#shared.index)
    return { consumer, operator, system: this.system!.settings.name, route: this.#route }
  }

  get #ownBody(): OwnBody {
    return (this.#body ??= new OwnBody(this.#raw, this.caller!, this.#entrance.peer!.address, this.#shared))
  }

  /** A body that can hold tokens or masked values is read before the system sees anything; any other goes on as it comes. */
  async #readBody(own: OwnBody, body: Readable): Promise<Readable | Uint8Array> {
    const { masking, config } = this.#shared
    const { stream, room } = own.stream(body)
    const { bytes, written, searched, introspects } = await readSentBody(stream, this.#head, {
      masking,
      limits: config.limits,
      policy: this.#policy,
      plan: this.plan!,
      rules: this.#matched!.route,
      parameters: this.#target!.parameters,
      written: this.#written!,
      scope: this.scope.with(),
      signIn: this.signIn,
      held: room,
    }).catch(error => this.#shared.access.failed(error, this.#entrance.peer!))
    this.#written = written
    this.searched = searched
    if (introspects === true) this.plan = planOfTypes(this.plan!)
    return bytes ?? own.ahead ?? stream
  }

  /** The exchange is over. */
  release(): void {
    this.#body?.release()
  }

  /** What the system gets of the body. A promise only where there is one to be read. */
  toSend(body: Readable | null): Promise<Readable | Uint8Array> | Readable | Uint8Array | null {
    if (this.#sent !== null) return this.#sent
    if (body === null && this.#body === null) return null
    return this.#readBody(this.#ownBody, body ?? this.#raw)
  }

  /** Whose tokens and states of pages are in it. */
  get scope(): ExchangeScope {
    return (this.#scope ??= new ExchangeScope(
      this.#shared.seal,
      { system: this.system!.settings.name, page: this.#path },
      { consumer: this.caller!.consumer.name, statement: this.#statement! },
    ))
  }

  passage(): Passage {
    return {
      system: this.system!,
      head: this.#head,
      path: this.#written!.path,
      parameters: this.#written!.parameters,
      askedPath: this.#path,
      tokens: this.#written!.tokens,
      consumer: this.caller!.consumer.name,
      plan: this.plan!,
      seal: this.#shared.seal,
      states: this.scope.states,
      brought: this.#brought,
      secure: this.#shared.secure,
      session: this.#target!.session ?? '',
      charset: writtenIn(this.#target!, this.plan!),
      pathCharset: pathWrittenIn(this.#target!, this.plan!),
      sessions: this.#sessions,
    }
  }

  /** It asks for an answer that waited: what the records say of it is what was asked for then. */
  concerns({ route, grant }: ReviewTerms): void {
    this.#route = route
    this.#grant = grant
  }

  /** For the records. `intent`: the record of what it was about to ask for. */
  known(intent: RecordId | null): Known {
    return {
      address: this.#entrance.peer?.address ?? '::',
      method: this.#head.method,
      consumer: this.caller?.consumer ?? null,
      statement: this.#statement,
      system: this.system?.settings.name ?? null,
      route: this.#route,
      searched: this.searched,
      policy: this.#policy.digest,
      intent,
      grant: this.#grant,
    }
  }
}
