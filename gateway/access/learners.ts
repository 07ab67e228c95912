import type { Consumer } from '../config/config.ts'
import type { IdentityPlugin, KeyRing, Learner } from '../contracts.ts'

export type LearnersParts = {
  readonly consumers: ReadonlyMap<string, Consumer>
  readonly identities: readonly IdentityPlugin[]
  readonly keys: KeyRing
}

/** Identities that learn who the person is where they sign in to a system: asked once the consumer is known. One for each consumer. */
export function learnersOf({
  consumers,
  identities,
  keys,
}: LearnersParts): (consumer: Consumer) => { readonly source: string; readonly learner: Learner } | null {
  const known = new Map<string, { readonly source: string; readonly learner: Learner }>()
  for (const { name, learn } of identities) {
    const declared = [...consumers.values()].filter(({ learns }) => learns?.has(name))
    if (learn === undefined || declared.length === 0) continue
    const learner = learn(
      { consumers: Object.fromEntries(declared.map(one => [one.name, one.learns!.get(name)])) },
      keys,
    )
    for (const one of declared) known.set(one.name, { source: name, learner })
  }
  return consumer => (consumer.learns === undefined ? null : (known.get(consumer.name) ?? null))
}
