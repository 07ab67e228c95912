/** Tokens that callers send back: which texts are, and what they stand for. No store of tokens: a token carries its value. */
import type { Scope } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import type { TypeRule } from '../policy/plan.ts'

/** `vg1`, the key's name, and what is sealed under it, in base64url. The plugin `token` makes them. */
const shape = /vg1\.[\w-]{8}\.[\w-]{43,}/
const whole = /^\s*(vg1\.[\w-]{8}\.[\w-]{43,})\s*$/

export type TokenScope = Pick<Scope, 'consumer' | 'purpose'>

/** Whether there is a token anywhere in a text. Linear. */
export function holdsToken(text: string): boolean {
  return text.includes('vg1.') && shape.test(text)
}

/**
 * The value that a token stands for, where the text is one, made for this consumer and purpose and for one of the types
 * that its place has. Throws Refusal TOKEN_MISPLACED where the text is more than a token, the place has no type, or the
 * token is one of another type; TOKEN_FORGED where it is nobody's or somebody else's. `all`: the types of the plan.
 */
export function restoreToken(
  text: string,
  types: readonly TypeRule[],
  all: readonly TypeRule[],
  scope: TokenScope,
): string {
  const token = whole.exec(text)?.[1]
  const typed = types.filter(({ kind }) => kind === 'typed')
  if (token === undefined || typed.length === 0) throw new Refusal('TOKEN_MISPLACED')
  for (const type of typed) {
    const value = opened(token, type, scope)
    if (value !== null) return value
  }
  const elsewhere = all.some(type => type.kind === 'typed' && opened(token, type, scope) !== null)
  throw new Refusal(elsewhere ? 'TOKEN_MISPLACED' : 'TOKEN_FORGED')
}

/** A plan whose audience sees a type in a stricter form has no mask for its tokens: there, none was ever given. */
function opened(token: string, { name, forms }: TypeRule, { consumer, purpose }: TokenScope): string | null {
  for (const { mask } of forms) {
    if (mask?.restore === undefined) continue
    try {
      return mask.restore(token, { consumer, purpose, dataType: name })
    } catch {
      // forged, or of another scope: what it says of that is for nobody
    }
  }
  return null
}
