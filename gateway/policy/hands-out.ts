/** `hands_out` of a route: where an answer hands its caller the token by which the system knows them from then on. */
import type { Bilingual } from '../contracts.ts'
import { type Known, ownerOf } from './fields.ts'
import { lastName, pathKey, readPath } from './paths.ts'
import type { Binding, FieldPath } from './plan.ts'
import type { ParameterType } from './policy.ts'
import type { Template } from './routes.ts'
import type { ValuePath } from './yaml.ts'

/** What tokens are where nothing says what they are. */
const usual = 'access_token'

/**
 * Two bindings for each field, of one place from the root, where no array is looked through: what stands in a list is not the caller's
 * alone. `fields`: of the route. They go ahead of all others.
 */
export function readHandsOut(
  known: Known,
  at: ValuePath,
  written: readonly string[],
  fields: readonly Binding[],
): Binding[] {
  const { document, faults } = known
  const bindings: Binding[] = []
  const seen = new Set<string>()
  for (const [index, text] of written.entries()) {
    const place = [...at, index]
    const path = pathFrom(known, place, text)
    if (path === null) continue
    if (seen.has(pathKey(path))) {
      const message = { zh: '这一字段写了两次', en: 'this field stands twice' }
      faults.push(document.fault(place, 'POLICY_FIELD_TWICE', message))
    }
    seen.add(pathKey(path))
    const type = typeOf(known, path, fields)
    if (type === null) {
      const message = {
        zh: `目录中没有类型 ${usual}，也没有此名称`,
        en: `the catalogue has no type ${usual}, nor this name`,
      }
      const hint = { zh: '在 fields 中为它写一个类型', en: 'give it a type under `fields`' }
      faults.push(document.fault(place, 'POLICY_UNKNOWN_TYPE', message, { hint }))
      continue
    }
    const source = `${document.file}:${document.line(place)}`
    const binding = { path, type, step: 0, weak: false, source } as const
    bindings.push({ ...binding, handsOut: 'value' }, { ...binding, handsOut: 'inside' })
  }
  return bindings
}

function pathFrom({ document, faults }: Known, place: ValuePath, text: string): FieldPath | null {
  const read = readPath(text)
  if ('wrong' in read) {
    const { message, hint } = read.wrong
    faults.push(document.fault(place, 'POLICY_PATH', message, { hint }))
    return null
  }
  const { steps } = read.path
  if (steps.every(step => 'name' in step && !step.descendant)) return { text, rooted: true, exact: true, steps }
  const message = {
    zh: '这里只写从最外层起的字段名：列表中的令牌不只属于本人',
    en: 'only names from the top can stand here: a token in a list is not the caller’s alone',
  }
  const hint = { zh: '写成 data.token', en: 'write it as data.token' }
  faults.push(document.fault(place, 'POLICY_PATH', message, { hint }))
  return null
}

/** What it is masked as where it cannot be sealed: as the route, else the catalogue calls it. */
function typeOf({ catalogue, table }: Known, path: FieldPath, fields: readonly Binding[]): number | null {
  const isTyped = (type: number | undefined) => type !== undefined && table.types[type]!.kind === 'typed'
  const name = lastName(path)
  const own = fields.find(field => lastName(field.path) === name)?.type
  const named = name === null ? undefined : table.index.get(ownerOf(catalogue, name)?.name ?? '')
  return [own, named, table.index.get(usual)].find(isTyped) ?? null
}

/**
 * Under `**` there may be tokens of others; and where callers say what comes, and what it is called, anybody's token could stand where
 * their own would. `at`: the route.
 */
export function checkHandsOut({ document, faults }: Known, at: ValuePath, { template, query, body }: RouteSaid): void {
  const fault = (message: Bilingual) => faults.push(document.fault([...at, 'hands_out'], 'POLICY_HANDS_OUT', message))
  if (template.segments.some(segment => 'rest' in segment)) fault(words.rest)
  const chosen = [...(query?.values() ?? [])].some(type => type === 'names' || type === 'nested_names')
  if (chosen || body === 'graphql') fault(words.chosen)
}

type RouteSaid = {
  readonly template: Template
  readonly query: ReadonlyMap<string, ParameterType> | null
  readonly body?: string | undefined
}

const words = {
  rest: {
    zh: '写 hands_out 的路由须写明完整路径：** 之下可能还有他人的令牌',
    en: 'a route that hands out tokens names its path as a whole: under ** there could be those of others',
  },
  chosen: {
    zh: '调用方可选取字段的路由（body: graphql、names、nested_names）不能写 hands_out：可以让他人的令牌出现在该字段',
    en: 'where callers choose what comes (`body: graphql`, `names`, `nested_names`) nothing is handed out: they could have the token of another stand there',
  },
}
