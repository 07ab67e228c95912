/** Asks whoever gives out authorisations (a work-order system, say) whether one is there and counts for this request. */
import type { BasisKind, BasisRule } from '../config/config.ts'
import { Refusal } from '../errors.ts'
import type { Statement } from './statement.ts'

/** Milliseconds: for an answer; for which yes, and no, are remembered. */
const [timeout, rememberedYes, rememberedNo] = [3000, 300_000, 30_000]
const [mostRemembered, longestAnswer] = [10_000, 16 * 1024]
/** Questions under way at one time: of one consumer, and of one operator of it, so that nobody takes the places of others. */
const [mostOfConsumer, mostOfOperator] = [16, 8]

export type BasisVerifier = {
  /**
   * The statement with its basis verified, and `verified_basis` presented; null: nobody is to be asked about it. Throws, or
   * rejects with, Refusal BASIS_REFUSED where the answer is no, BASIS_UNVERIFIED where there is none.
   */
  verify(statement: Statement, consumer: string): Statement | Promise<Statement> | null
}

/** `operator`: null: nobody is named. */
type Asker = { readonly consumer: string; readonly operator: string | null }
type Question = Asker & { readonly answer: Promise<boolean> }
type Verdict = { readonly valid: boolean; readonly until: number }

/** `now`: milliseconds since 1970. */
export function createBasisVerifier(rules: ReadonlyMap<BasisKind, BasisRule>, now: () => number): BasisVerifier {
  const known = new Map<string, Verdict>()
  /** By question. */
  const underWay = new Map<string, Question>()

  const settle = (statement: Statement, valid: boolean): Statement => {
    if (!valid) throw new Refusal('BASIS_REFUSED')
    const presented = new Set([...statement.presented, 'verified_basis' as const])
    return { ...statement, basis: { ...statement.basis!, verified: true }, presented }
  }
  const begin = (hook: NonNullable<BasisRule['verify']>, question: string, by: Asker): Promise<boolean> => {
    const asking = [...underWay.values()].filter(({ consumer }) => consumer === by.consumer)
    const own = asking.filter(({ operator }) => operator === by.operator)
    if (asking.length >= mostOfConsumer || (by.operator !== null && own.length >= mostOfOperator))
      throw new Refusal('BASIS_UNVERIFIED', { retryAfter: 1 })
    const answer = answerOf(hook, question).finally(() => underWay.delete(question))
    underWay.set(question, { ...by, answer })
    return answer
  }
  const ask = async (statement: Statement, hook: NonNullable<BasisRule['verify']>, question: string, by: Asker) => {
    try {
      // who asks the same meanwhile waits for the same answer
      const valid = await (underWay.get(question)?.answer ?? begin(hook, question, by))
      for (const old of known.keys()) if (known.size >= mostRemembered) known.delete(old)
      known.set(question, { valid, until: now() + (valid ? rememberedYes : rememberedNo) })
      return settle(statement, valid)
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal('BASIS_UNVERIFIED', { retryAfter: 5 })
    }
  }
  return {
    verify(statement, consumer) {
      const { basis, operator, purpose } = statement
      const hook = basis === null ? null : (rules.get(basis.kind)?.verify ?? null)
      if (basis === null || hook === null) return null
      // an operator whose login is personal is not told to anybody
      const login = operator?.kind === 'login' ? operator.login : null
      const question = JSON.stringify({ kind: basis.kind, ref: basis.ref, consumer, operator: login, purpose })
      const found = known.get(question)
      return found !== undefined && now() < found.until
        ? settle(statement, found.valid)
        : ask(statement, hook, question, { consumer, operator: whoOf(operator) })
    },
  }
}

/** For counting alone: a personal login stays in this process. */
function whoOf(operator: Statement['operator']): string | null {
  return operator === null ? null : JSON.stringify(operator)
}

/** `{"valid": true}` is yes, `{"valid": false}` is no; anything else is no answer. */
async function answerOf({ url, token }: NonNullable<BasisRule['verify']>, question: string): Promise<boolean> {
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: question,
    signal: AbortSignal.timeout(timeout),
  })
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.length
    if (size > longestAnswer) throw new Error('too long')
    pieces.push(piece)
  }
  const { valid } = JSON.parse(Buffer.concat(pieces).toString('utf8')) as { valid?: unknown }
  if (answer.status !== 200 || typeof valid !== 'boolean') throw new Error('no answer')
  return valid
}
