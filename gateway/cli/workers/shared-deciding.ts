/**
 * Grants and lockdowns decided by several gateways together: each decision is put into the order that their database
 * keeps, and into the log of every gateway, with its place in it. A gateway knows what it knows from its own log, so
 * that what is taken out of the database later, or set back, is noticed and opens nothing.
 */
import { type Deciding, isEvent, type State } from '../../access/deciding.ts'
import { createTurns } from '../../access/in-turn.ts'
import type { HeldLockdowns } from '../../access/lockdown/held.ts'
import type { ControlSettings } from '../../config/config.ts'
import type { Bilingual } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import type { GrantEvent } from '../../grant-event.ts'
import type { LockdownEvent } from '../../lockdown-event.ts'
import type { OperationalLog } from '../../log.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { DatabaseFault, type Patience } from '../../records/postgres/connect.ts'
import { SharedOrder } from '../../records/postgres/order.ts'
import { after, type Item, type Position } from '../../records/postgres/order-chain.ts'
import { SharingPeers } from './sharing-peers.ts'

type ControlEvent = GrantEvent | LockdownEvent

export type SharedParts = {
  readonly settings: ControlSettings
  /** The same in all gateways. */
  readonly key: Uint8Array
  /** Of this gateway; durable when it resolves. */
  readonly append: RecordLog['append']
  /** How far its log has the order; null: not at all. */
  readonly from: Position | null
  readonly held: HeldLockdowns
  readonly log: OperationalLog
  readonly now: () => number
  /** Of its database, and milliseconds for other gateways to confirm; left out: what a request can wait for. */
  readonly patience?: Patience
  readonly within?: number
}

/** Milliseconds between looks at the database: what another gateway decides is told at once; what was missed is found so. */
const lookEvery = 500
/** How often another gateway may be first. */
const attempts = 50
/** Of one batch of records. */
const atOnce = 100

const words = {
  away: {
    zh: '各网关共用的数据库不可用：授权一律拒绝，封锁只在本机生效；恢复后自动继续',
    en: 'the database that the gateways share cannot be used: grants are refused, lockdowns hold here only; it goes on by itself',
  },
  back: {
    zh: '各网关共用的数据库可用，授权已与各网关一致',
    en: 'the database that the gateways share can be used, and its order is known here',
  },
}

const broken: ReadonlyMap<string, Bilingual> = new Map(
  Object.entries({
    SET_BACK: {
      zh: '各网关共用的数据库被回退或改动：授权一律拒绝。请核对数据库；若确已恢复旧备份，删除其中的 veilgate_control 后，未用的授权全部作废，重新开始',
      en: 'the database that the gateways share was set back or changed: grants are refused. Look into it; if it is an older backup, drop its schema veilgate_control: open grants are void then, and all begins anew',
    },
    FORGED: {
      zh: '各网关共用的数据库中有并非网关写入的内容：授权一律拒绝。请查明何人写入；删除 veilgate_control 后，未用的授权全部作废，重新开始',
      en: 'in the database that the gateways share stands what no gateway has written: grants are refused. Find out who wrote it; after its schema veilgate_control is dropped, open grants are void, and all begins anew',
    },
    UNREADABLE: {
      zh: '其他网关裁定了本版本无法记录的内容：授权一律拒绝。请将各网关升级到同一版本',
      en: 'another gateway has decided what this version cannot put on record: grants are refused. Bring all gateways to one version',
    },
    OTHER_KEYS: {
      zh: '共用数据库的网关持有另一套密钥：授权一律拒绝。各网关须持有同一套密钥（veilgate keys export、import）',
      en: 'the gateways of this database have other keys: grants are refused. They must have the same (veilgate keys export, import)',
    },
  }),
)

export class SharedDeciding {
  readonly #parts: SharedParts
  readonly #order: SharedOrder
  readonly #states = new Map<string, State<ControlEvent>>()
  readonly #inTurn = createTurns()
  #position: Position | null
  readonly #peers: SharingPeers
  /** Why the database cannot be used; null: it can. */
  #said: string | null = null
  #stopped = false
  #hasNews = false
  #wake = (): void => {}
  #ended: Promise<void> = Promise.resolve()

  constructor(parts: SharedParts) {
    const { settings, key, from, patience, within } = parts
    this.#parts = parts
    this.#position = from
    this.#order = new SharedOrder(settings.database, key, settings.name, () => this.#news(), patience)
    this.#peers = new SharingPeers(this.#order, settings, within)
  }

  of<Event extends ControlEvent>(kind: Event['kind']): Deciding<Event> {
    return state => {
      this.#states.set(kind, state as unknown as State<ControlEvent>)
      return {
        take: decide => this.#inTurn(() => refusing(() => this.#take(decide))),
        takeHere: decide => this.#inTurn(() => this.#takeHere(decide, state)),
        refresh: () => this.#inTurn(() => refusing(async () => void (await this.#refresh()))),
        confirmed: () => refusing(() => this.#peers.confirmed(this.#position?.nth ?? 0)),
        elsewhere: () => this.#peers.elsewhere(this.#position?.nth ?? 0),
      }
    }
  }

  /** Follows the order from here on. Resolves once it was tried: a database that is away does not hold up a start. */
  async follow(): Promise<void> {
    await this.#look()
    this.#ended = this.#following()
  }

  async close(): Promise<void> {
    this.#stopped = true
    this.#news()
    await this.#ended
    await this.#inTurn(() => this.#order.close())
  }

  async #take<Event extends ControlEvent, Refused>(decide: () => { readonly event: Event } | Refused) {
    for (let nth = 0; nth < attempts; nth++) {
      const at = await this.#refresh()
      const decided = decide()
      if (!isEvent<Event>(decided) || (await this.#put(decided.event, at))) return decided
    }
    throw new DatabaseFault('CROWDED')
  }

  async #takeHere<Event extends ControlEvent, Refused>(
    decide: () => { readonly event: Event } | Refused,
    state: State<Event>,
  ) {
    const decided = decide()
    if (!isEvent<Event>(decided)) return decided
    const { event } = decided
    await this.#parts.append([event])
    if (event.kind === 'lockdown') this.#parts.held.take(event, null)
    await state.apply(event, this.#parts.now())
    this.#news()
    return decided
  }

  /** Brings in what the order has by now; returns how far that is. */
  async #refresh(): Promise<Position> {
    const { beginning } = this.#order
    if (this.#position?.epoch !== beginning.epoch) {
      for (const state of this.#states.values()) state.lost?.()
      this.#position = beginning
    }
    const at = this.#position!
    await this.#takeIn(at, await this.#order.after(at))
    return this.#position!
  }

  /** false: another gateway was first. */
  async #put(event: ControlEvent, at: Position): Promise<boolean> {
    const time = new Date(this.#parts.now()).toISOString()
    const item = await this.#order.put({ gateway: this.#parts.settings.name, time, event: JSON.stringify(event) }, at)
    // it counts from now on, also where this gateway's own log fails: it is read from the order then
    if (item !== null) await this.#takeIn(at, [item])
    return item !== null
  }

  /** What stands in the order, onto the record of this gateway, and then into force. */
  async #takeIn(at: Position, items: readonly Item[]): Promise<void> {
    for (let from = 0; from < items.length; from += atOnce) {
      const some = items.slice(from, from + atOnce).map(({ event, nth, gateway, time, mac }) => ({
        event: JSON.parse(event) as ControlEvent,
        order: { epoch: at.epoch, nth, gateway, time, mac },
      }))
      await this.#parts.append(some.map(({ event, order }) => ({ ...event, order })))
      for (const { event, order } of some) {
        if (event.kind === 'lockdown') this.#parts.held.take(event, at.epoch)
        await this.#states.get(event.kind)?.apply(event, Date.parse(order.time))
        this.#position = after(at, order)
        this.#peers.passed(this.#position)
      }
    }
  }

  /** What was locked down here while the others could not be told. */
  async #publish(): Promise<Position> {
    const at = await this.#refresh()
    for (const event of this.#parts.held.lacking(at.epoch)) if (!(await this.#put(event, this.#position!))) break
    return this.#position!
  }

  async #following(): Promise<void> {
    while (!this.#stopped) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, this.#hasNews ? 0 : lookEvery)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.#hasNews = false
      if (!this.#stopped) await this.#look()
    }
  }

  #news(): void {
    this.#hasNews = true
    this.#wake()
  }

  async #look(): Promise<void> {
    try {
      // outside of the turns: who asks meanwhile is refused at once
      await this.#order.open()
      await this.#inTurn(async () => this.#order.tellTaken(await this.#publish()))
      this.#say(null)
    } catch (error) {
      // that records cannot be written is said elsewhere
      if (error instanceof DatabaseFault) this.#say(error.code)
      else if (!(error instanceof Refusal)) this.#say('UNREADABLE')
    }
  }

  #say(code: string | null): void {
    if (code === this.#said) return
    const { log } = this.#parts
    const known = broken.get(code ?? '')
    if (code === null) log.info(words.back)
    else if (known !== undefined) log.error(known, { code })
    else log.warn(words.away, { code: /^\d/.test(code) ? `SQLSTATE_${code}` : code })
    this.#said = code
  }
}

async function refusing<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    throw error instanceof DatabaseFault ? new Refusal('GRANTS_UNUSABLE', { retryAfter: 1 }) : error
  }
}
