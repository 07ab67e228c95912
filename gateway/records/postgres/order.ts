/**
 * The order in which gateways that share a database decide: a chain of items (order-chain.ts), of which each has a number
 * that is given once. Whoever puts the next one has read all before it; where two put it at the same time, one does.
 */
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { PostgresSettings } from '../../config/config.ts'
import { connect, DatabaseFault, faultOf, type Patience } from './connect.ts'
import { after, follows, type Item, type Position, sealed, takenMac, type Unsealed } from './order-chain.ts'
import { openOrder, orderSchema as schema } from './order-tables.ts'

/** Milliseconds. A request waits for it: what takes longer is refused. */
const deciding: Patience = { connect: 2000, statement: 1500, silence: 500 }
/** Items of one reading. */
const atOnce = 500
/** Seconds after which a gateway that has said nothing is taken for stopped. */
const silent = 3

/** `at`: null, it is not that gateway that says so. */
export type Peer = { readonly self: { readonly run: string; readonly name: string }; readonly at: Position | null }

export class SharedOrder {
  readonly #settings: PostgresSettings
  readonly #key: Uint8Array
  readonly #self: { readonly run: string; readonly name: string }
  readonly #onNews: () => void
  readonly #patience: Patience
  #client: pg.Client | null = null
  #beginning: Position | null = null
  #last: Promise<unknown> = Promise.resolve()

  /** `name`: of this gateway. `onNews`: called when another one has put something. */
  constructor(
    settings: PostgresSettings,
    key: Uint8Array,
    name: string,
    onNews: () => void,
    patience: Patience = deciding,
  ) {
    this.#settings = settings
    this.#key = key
    this.#self = { run: randomBytes(16).toString('base64url'), name }
    this.#onNews = onNews
    this.#patience = patience
  }

  /** Connects where that is needed; makes the tables. Nothing else connects: what is asked meanwhile fails at once. @throws DatabaseFault */
  async open(): Promise<void> {
    if (this.#client !== null) return
    const client = await connect(this.#settings, this.#patience)
    try {
      this.#beginning = await openOrder(client, this.#key)
      // what was decided outlives the database's own end, however it is set up otherwise
      await client.query(
        `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')`,
      )
      client.on('notification', () => this.#onNews())
      await client.query(`LISTEN ${schema}`)
      client.on('end', () => this.#drop(client))
      this.#client = client
    } catch (error) {
      client.end().catch(() => {})
      throw faultOf(error)
    }
  }

  /** Where the order begins that the database has now. @throws DatabaseFault */
  get beginning(): Position {
    if (this.#client === null || this.#beginning === null) throw new DatabaseFault('AWAY')
    return this.#beginning
  }

  /** All items after a position, verified. @throws DatabaseFault SET_BACK, FORGED */
  async after(position: Position): Promise<Item[]> {
    const items: Item[] = []
    let at = position
    for (;;) {
      // what is known already is read again: it must still be there
      const found: Item[] = await this.#query<Item>(
        `SELECT nth, gateway, time, event, mac FROM ${schema}.events WHERE nth >= $1 ORDER BY nth LIMIT ${atOnce}`,
        [at.nth],
      )
      const isLast = found.length < atOnce
      const known = at.nth === 0 ? null : found.shift()
      if (known !== null && (known?.nth !== at.nth || known.mac !== at.mac)) throw this.#broken('SET_BACK')
      if (!follows(this.#key, at, found)) throw this.#broken('FORGED')
      items.push(...found)
      if (isLast || found.length === 0) return items
      at = after(at, found.at(-1)!)
    }
  }

  /** Puts an item after a position; durable when it resolves. null: another was first. @throws DatabaseFault; it may be there all the same then. */
  async put(item: Unsealed, position: Position): Promise<Item | null> {
    const next = sealed(this.#key, position, item)
    const put = await this.#query(
      `WITH put AS (INSERT INTO ${schema}.events (nth, gateway, time, event, mac) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING nth) SELECT nth, pg_notify('${schema}', '') FROM put`,
      [next.nth, next.gateway, next.time, next.event, next.mac],
    )
    if (put.length === 0) return null
    return next
  }

  /** Tells the others how far this gateway has taken the order in. @throws DatabaseFault */
  async tellTaken(position: Position): Promise<void> {
    const { epoch, nth, mac } = position
    await this.#query(
      `INSERT INTO ${schema}.gateways (run, name, epoch, nth, chain, mac) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (run) DO UPDATE SET epoch = $3, nth = $4, chain = $5, mac = $6, seen = now()`,
      [this.#self.run, this.#self.name, epoch, nth, mac, takenMac(this.#key, this.#self, position)],
    )
  }

  /** The other gateways that live, and how far each says that it has taken the order in. @throws DatabaseFault */
  async peers(): Promise<Peer[]> {
    const rows = await this.#query<Position & Peer['self'] & { readonly sealed: string }>(
      `SELECT run, name, epoch, nth, chain AS mac, mac AS sealed FROM ${schema}.gateways
WHERE run <> $1 AND seen > now() - interval '${silent} seconds'`,
      [this.#self.run],
    )
    return rows.map(({ run, name, epoch, nth, mac, sealed }) => {
      const [self, at] = [
        { run, name },
        { epoch, nth, mac },
      ]
      return { self, at: takenMac(this.#key, self, at) === sealed ? at : null }
    })
  }

  async close(): Promise<void> {
    // one that has stopped is not waited for by those who lock something down
    const stale = `DELETE FROM ${schema}.gateways WHERE run = $1 OR seen < now() - interval '1 hour'`
    await this.#query(stale, [this.#self.run]).catch(() => {})
    const client = this.#client
    this.#client = null
    await client?.end().catch(() => {})
  }

  /** One after the other, as a connection takes them. */
  #query<Row>(text: string, values: unknown[]): Promise<Row[]> {
    const done = this.#last.then(() => this.#run<Row>(text, values))
    this.#last = done.catch(() => {})
    return done
  }

  async #run<Row>(text: string, values: unknown[]): Promise<Row[]> {
    const client = this.#client
    if (client === null) throw new DatabaseFault('AWAY')
    try {
      return (await client.query(text, values)).rows as Row[]
    } catch (error) {
      // whatever it was: a new connection begins by looking at what is there
      this.#drop(client)
      throw faultOf(error)
    }
  }

  #broken(code: 'SET_BACK' | 'FORGED'): DatabaseFault {
    if (this.#client !== null) this.#drop(this.#client)
    return new DatabaseFault(code, brokenWords[code])
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = null
    client.end().catch(() => {})
  }
}

const brokenWords = {
  SET_BACK: {
    zh: 'PostgreSQL：授权的次序比本网关已知的短或不同：数据库被回退或改动（SET_BACK）',
    en: 'PostgreSQL: the order of grants is shorter than this gateway knows, or another one: the database was set back, or changed (SET_BACK)',
  },
  FORGED: {
    zh: 'PostgreSQL：授权的次序中有并非网关写入的内容（FORGED）',
    en: 'PostgreSQL: in the order of grants stands what no gateway has written (FORGED)',
  },
}
