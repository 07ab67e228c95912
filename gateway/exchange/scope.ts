import type { Seal } from '../access/seal.ts'
import type { Statement } from '../access/statement.ts'
import { PageStates } from './page-states.ts'

const noTokens: ReadonlyMap<string, string> = new Map()

/** Whose tokens and states of pages come back with a request, and leave with its answer. */
export class ExchangeScope {
  readonly states: PageStates
  readonly #consumer: string
  readonly #purpose: string
  readonly #operator: string | null

  /** `page`: where it is, under the system. */
  constructor(seal: Seal, page: { readonly system: string; readonly page: string }, who: Who) {
    this.#consumer = who.consumer
    this.#purpose = who.statement.purpose ?? ''
    this.#operator = signedOperator(who.statement)
    this.states = new PageStates(seal, { ...page, consumer: this.#consumer, operator: this.#operator })
  }

  /** `tokens`: those that were restored, by the value they stand for. */
  with(tokens: ReadonlyMap<string, string> = noTokens) {
    const [consumer, purpose] = [this.#consumer, this.#purpose]
    const scope = { consumer, purpose, now: Date.now(), tokens, states: this.states }
    return this.#operator === null ? scope : { ...scope, operator: this.#operator }
  }
}

type Who = { readonly consumer: string; readonly statement: Statement }

/** The operator, where whoever vouches for the caller names them. */
function signedOperator({ operator, presented }: Statement): string | null {
  if (operator === null || !presented.has('signed_operator')) return null
  return operator.kind === 'login' ? operator.login : operator.value
}
