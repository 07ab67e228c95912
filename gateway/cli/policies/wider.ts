import type { Presentable } from '../../policy/plan.ts'

/** One thing that is more visible than it was. Names from the policies only. */
export type Wider = {
  /** null: for everybody. */
  readonly audience: string | null
  /** What has to be presented for it. */
  readonly with: readonly Presentable[]
  readonly system: string | null
  /** Method and template; null: wherever it occurs. */
  readonly route: string | null
  readonly field: string | null
  /** A data type, or what of a route it is: `route`, `unlisted`, `bulk`, `review`, `query`. */
  readonly subject: string
  readonly from: string
  readonly to: string
}

/** Takes one that was found; what is left out is null. */
export type Add = (given: Partial<Wider> & Pick<Wider, 'subject' | 'from' | 'to'>) => void
