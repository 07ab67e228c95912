/** Plans made by hand, so that masking is tested apart from the policy language. */
import type { Cell, Detector, Form, Level, Mask } from '../../gateway/contracts.ts'
import { normalizeName } from '../../gateway/policy/names.ts'
import type { Binding, FieldPath, FormRule, PathStep, Plan, TypeRule, Unlisted } from '../../gateway/policy/plan.ts'
import { plugins } from '../../plugins/index.ts'

export const keys = { secret: (purpose: string) => Buffer.alloc(32, purpose) }

export type TypeSketch = {
  readonly cell?: Cell
  readonly kind?: TypeRule['kind']
  readonly form?: Form
  readonly mask?: Mask | null
  readonly identifies?: number | null
  readonly detector?: string | null
}

export type PlanSketch = {
  /** Paths as a policy writes them: `name`, `parent.child`, `/rooted.path`, or steps of a JSONPath. */
  readonly fields?: Readonly<Record<string, string>>
  readonly weak?: Readonly<Record<string, string>>
  readonly types: Readonly<Record<string, TypeSketch>>
  readonly unlisted?: Unlisted
}

/** A mask plugin's mask with its options. */
export function mask(name: string, options: object = {}): Mask {
  return plugins.masks.find(plugin => plugin.name === name)!.create(options, keys)
}

function detector(name: string): Detector {
  return plugins.detectors.find(plugin => plugin.name === name)!.create({}, keys)
}

export function planOf({ fields = {}, weak = {}, types, unlisted = 'scan' }: PlanSketch): Plan {
  const names = Object.keys(types)
  const rules = names.map(name => typeRule(name, types[name]!))
  const bind = (paths: Readonly<Record<string, string>>, isWeak: boolean): Binding[] =>
    Object.entries(paths).map(([path, type], line) => ({
      path: pathOf(path),
      type: names.indexOf(type),
      step: 1,
      weak: isWeak,
      source: `sketch:${line + 1}`,
    }))
  return {
    system: 'sketch',
    route: '/sketch',
    audience: 'public',
    digest: 'sha256:0',
    bindings: [...bind(fields, false), ...bind(weak, true)],
    types: rules,
    detectors: rules.flatMap((rule, type) => (rule.detector === null ? [] : [{ type, detector: rule.detector }])),
    unlisted,
    bulkRows: null,
    bulkPeople: null,
    errors: 'mask',
    charset: null,
    opaque: null,
    assets: null,
  }
}

function typeRule(name: string, sketch: TypeSketch): TypeRule {
  const { cell = 'A3', kind = 'typed', form = 'redact', mask = null, identifies = null } = sketch
  const own = sketch.detector === undefined || sketch.detector === null ? null : detector(sketch.detector)
  return {
    name,
    title: { zh: name, en: name },
    cell,
    level: Number(cell[1]) as Level,
    kind,
    identifies,
    forms: chain(form, mask),
    detector: own,
  }
}

function chain(form: Form, mask: Mask | null): FormRule[] {
  const rest: FormRule[] = [
    { form: 'redact', mask: null },
    { form: 'remove', mask: null },
  ]
  return form === 'redact' ? rest : form === 'remove' ? rest.slice(1) : [{ form, mask }, ...rest]
}

function pathOf(text: string): FieldPath {
  if (text.startsWith('$')) return { text, rooted: true, exact: true, steps: jsonPathSteps(text) }
  const rooted = text.startsWith('/')
  const names = (rooted ? text.slice(1) : text).split('.')
  const steps = names.map((name, at) => ({ descendant: !rooted && at === 0, name: normalizeName(name) }))
  return { text, rooted, exact: false, steps }
}

function jsonPathSteps(text: string): PathStep[] {
  return [...text.slice(1).matchAll(/(\.\.|\.)?(?:\[(\d+|\*)\]|(\*|[^.[]+))/g)].map(([, dots, index, name]) => {
    const descendant = dots === '..'
    if (index === '*' || name === '*') return { descendant, wildcard: true as const }
    if (index !== undefined) return { descendant, index: Number(index) }
    return { descendant, name: normalizeName(name!) }
  })
}
