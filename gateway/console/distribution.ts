/**
 * A histogram that counts in plain numbers and tells prom-client when it asks. What prom-client does with the labels of
 * each value costs more than all other metrics of an exchange, and a gateway sees the same few labels all day.
 */
import type { Histogram, Metric, Registry } from 'prom-client'

/** The values seen under one set of labels. */
export class Series {
  readonly labels: Readonly<Record<string, string>>
  /** By bucket; the last is of what is over every bound. */
  readonly counts: Float64Array
  sum = 0
  readonly #bounds: readonly number[]

  constructor(labels: Readonly<Record<string, string>>, bounds: readonly number[]) {
    this.labels = labels
    this.#bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const bounds = this.#bounds
    let at = 0
    while (at < bounds.length && value > bounds[at]!) at++
    this.counts[at]!++
    this.sum += value
  }
}

/** One histogram of a registry. `bounds`: the upper ones, which belong to their buckets, in ascending order. */
export class Distribution {
  readonly #bounds: readonly number[]
  readonly #series = new Map<string, Series>()

  constructor(name: string, help: string, bounds: readonly number[], registry: Registry) {
    this.#bounds = bounds
    const told = { name, help, type: 'histogram', aggregator: 'sum' } as const
    const metric = { ...told, get: async () => ({ ...told, values: this.#values(name) }) }
    registry.registerMetric(metric as unknown as Metric<string>)
  }

  /** The same for the same labels, in the same order. */
  series(labels: Readonly<Record<string, string>>): Series {
    const key = Object.values(labels).join('|')
    const series = this.#series.get(key) ?? new Series(labels, this.#bounds)
    this.#series.set(key, series)
    return series
  }

  #values(name: string): Awaited<ReturnType<Histogram['get']>>['values'] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum }) => {
      let count = 0
      const buckets = [...this.#bounds, '+Inf' as const].map((le, at) => {
        count += counts[at]!
        return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count }
      })
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels: { ...labels }, value: sum },
        { metricName: `${name}_count`, labels: { ...labels }, value: count },
      ]
    })
  }
}
