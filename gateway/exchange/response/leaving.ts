import type { Tally } from '../../masking/tally.ts'
import type { Exchange } from '../exchange.ts'
import type { Answer } from './answer.ts'
import type { MaskedBody } from './masked-body.ts'
import type { Result } from './record-of.ts'

/** An answer that is masked, and about to leave or to wait. */
export type Leaving = {
  readonly exchange: Exchange
  readonly headers: Answer['headers']
  readonly body: MaskedBody
  readonly result: Omit<Result, 'bytes'>
  /** Of what is masked by now. */
  readonly tally: Tally
}
