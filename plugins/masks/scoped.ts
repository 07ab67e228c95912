import type { Scope } from '../../gateway/contracts.ts'

/**
 * What sets one scope apart from every other, as text. JSON, so that no two lists of words read the same; the engine
 * hands the same scope for all values of a type in a body, so it is written once for each.
 */
const written = new WeakMap<Scope, string>()

export function scopeText(scope: Scope): string {
  let text = written.get(scope)
  if (text === undefined) {
    text = JSON.stringify([scope.consumer, scope.purpose, scope.dataType])
    written.set(scope, text)
  }
  return text
}
