/** A plan made by hand: the bench loads what it measures and no more, so that peaks of memory are the engine's. */
import type { Cell, Detector, Form, Mask } from '../../gateway/contracts.ts'
import type { FormRule, Plan, TypeRule } from '../../gateway/policy/plan.ts'

export type Kind = {
  readonly form: Form
  readonly mask: Mask | null
  readonly detector: Detector | null
  readonly identifies: number | null
}

/** `fields`: by name, normalised, the kind of what stands there at any depth. */
export function makePlan(
  kinds: ReadonlyMap<string, Kind>,
  fields: ReadonlyMap<string, string>,
  unlisted: 'scan' | 'keep',
): Plan {
  const names = [...kinds.keys()]
  const types = names.map(name => typeRule(name, kinds.get(name)!))
  return {
    system: 'bench',
    route: '/bench',
    audience: 'public',
    digest: 'sha256:0',
    bindings: [...fields].map(([name, kind]) => ({
      path: { text: name, rooted: false, exact: false, steps: [{ descendant: true, name }] },
      type: names.indexOf(kind),
      step: 1,
      weak: false,
      source: 'bench:1',
    })),
    types,
    detectors: types.flatMap(({ detector }, type) => (detector === null ? [] : [{ type, detector }])),
    unlisted,
    bulkRows: null,
    bulkPeople: null,
    charset: null,
    opaque: null,
    assets: null,
    errors: 'mask',
  }
}

function typeRule(name: string, { form, mask, detector, identifies }: Kind): TypeRule {
  const cell: Cell = 'A3'
  const strict: FormRule[] = [
    { form: 'redact', mask: null },
    { form: 'remove', mask: null },
  ]
  return {
    name,
    title: { zh: name, en: name },
    cell,
    level: 3,
    kind: 'typed',
    identifies,
    forms: form === 'redact' ? strict : [{ form, mask }, ...strict],
    detector,
  }
}
