/** How far what follows the records is behind them: their index, and their copy elsewhere. */
import { Gauge, Registry } from 'prom-client'
import type { Metrics } from './metrics.ts'

export type Lag = {
  /** Records that it does not have yet; null: nobody knows. */
  readonly records: number | null
  /** Of what it has, how old the newest is, where there is newer; 0: it has all. */
  readonly seconds: number
}

export type Follower = 'index' | 'copy'

/** Asked when metrics are; who follows puts itself here when it starts. */
export class LagBoard {
  readonly #registry = new Registry()
  #isEmpty = true

  put(follower: Follower, lag: () => Lag): void {
    this.#isEmpty = false
    const gauge = (unit: string, help: string, read: (lag: Lag) => number): void => {
      new Gauge({
        name: `veilgate_records_${follower}_behind_${unit}`,
        help,
        registers: [this.#registry],
        collect() {
          this.set(read(lag()))
        },
      })
    }
    gauge('seconds', `How far the ${follower} of the access records is behind them.`, ({ seconds }) => seconds)
    if (follower === 'copy')
      gauge('records', 'Access records that are not in the copy yet.', ({ records }) => records ?? Number.NaN)
  }

  /** The same metrics, and these. */
  beside(metrics: Pick<Metrics, 'render' | 'contentType'>): Pick<Metrics, 'render' | 'contentType'> {
    const render = async () => (await metrics.render()) + (this.#isEmpty ? '' : await this.#registry.metrics())
    return { contentType: metrics.contentType, render }
  }
}
