import type { Bilingual } from '../contracts.ts'
import { normalizeName } from './names.ts'
import type { FieldPath, PathStep } from './plan.ts'
import { quotesHint } from './yaml-words.ts'

/** Steps of one path; bodies are not deeper than what people name. */
const maxSteps = 32
const maxLength = 512

export type PathRead =
  | { readonly path: FieldPath }
  | { readonly wrong: { readonly message: Bilingual; readonly hint: Bilingual | null } }

/**
 * Reads the name of a field: a bare name or `parent.child` (at any depth), `/data.rows.remark` (from the root), or JSONPath
 * (RFC 9535) with names, wildcards, descendants and indices: `$.data.rows[0].score`, `$..['first name']`, `$.*.id`.
 */
export function readPath(text: string): PathRead {
  if (text.length > maxLength) return wrong('字段路径过长', 'the path is too long')
  const read = text.startsWith('$') ? readJsonPath(text) : readDotted(text)
  if ('wrong' in read) return read
  const { steps } = read.path
  if (steps.length > maxSteps) return wrong(`路径超过 ${maxSteps} 级`, `the path has more than ${maxSteps} steps`)
  if (steps.some(step => 'name' in step && step.name === ''))
    return wrong('路径中有一级没有名称', 'a step of the path has no name', {
      zh: '名称比较时不计 _ - . 和空格，去掉后不能为空',
      en: 'names compare without `_ - .` and spaces; something must be left',
    })
  return read
}

function readDotted(text: string): PathRead {
  const rooted = text.startsWith('/')
  const body = rooted ? text.slice(1) : text
  if (body === '') return wrong('路径为空', 'the path is empty')
  if (body.includes('/'))
    return wrong('斜杠只能在最前面', 'a slash can only stand in front', {
      zh: `级与级之间用点：/${body.replaceAll('/', '.')}`,
      en: `between steps write a dot: /${body.replaceAll('/', '.')}`,
    })
  if (/[。．]/.test(body))
    return wrong('名称之间的点是全角的，请写半角 .', 'the dot in it is full-width; write a plain one')
  if (quotesHint(body) !== null) return wrong('名称中不能有引号', 'a name has no quotes in it')
  if (/[[\]*?()'"]/.test(body))
    return wrong('普通路径中不能用方括号、星号等符号', 'a plain path takes no brackets, stars or quotes', {
      zh: '需要下标或通配时写 JSONPath，如 $.data.rows[0].score',
      en: 'for an index or a wildcard write JSONPath, as in $.data.rows[0].score',
    })
  const steps = body.split('.').map(name => ({ descendant: false, name: normalizeName(name) }))
  return { path: { text, rooted, exact: false, steps } }
}

/** RFC 9535 segments that say which places, without asking what stands there. */
const segment =
  /(\.\.|\.)(?:(\*)|([\p{L}\p{M}_$@][\p{L}\p{M}\p{N}_$@-]*))|(\.\.)?\[\s*(?:(\*)|(0|[1-9][0-9]{0,8})|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/uy

function readJsonPath(text: string): PathRead {
  const steps: PathStep[] = []
  let at = 1
  while (at < text.length) {
    segment.lastIndex = at
    const match = segment.exec(text)
    if (match === null) return wrong(...unsupported(text.slice(at)))
    const [all, dots, star, name, deep, bracketStar, index, single, double] = match
    const descendant = dots === '..' || deep !== undefined
    const quoted = single ?? double
    if (star !== undefined || bracketStar !== undefined) steps.push({ descendant, wildcard: true })
    else if (index !== undefined) steps.push({ descendant, index: Number(index) })
    else if (name !== undefined) steps.push({ descendant, name: normalizeName(name) })
    else {
      const plain = unescapeName(quoted!)
      if (plain === null) return wrong('引号内的转义写法有误', 'an escape in quotes is not valid')
      steps.push({ descendant, name: normalizeName(plain) })
    }
    at += all.length
  }
  if (steps.length === 0)
    return wrong('$ 指整个内容，不能作为字段', '`$` is the whole body, not a field', {
      zh: '写出其中的字段，如 $.data 或 $.*',
      en: 'name what is in it, as in $.data or $.*',
    })
  return { path: { text, rooted: true, exact: true, steps } }
}

function unsupported(rest: string): [string, string, Bilingual] {
  const shown = rest.slice(0, 20)
  return [
    `JSONPath 中“${shown}”这部分不受支持`,
    `the part '${shown}' of this JSONPath is not supported`,
    {
      zh: "支持：.name、['name']、.*、[*]、..name、[0]；不支持切片、负下标、过滤、并列和函数",
      en: "supported: .name, ['name'], .*, [*], ..name, [0]; not slices, negative indices, filters, unions or functions",
    },
  ]
}

/** The escapes of RFC 9535 2.3.1.1, which are those of JSON and the single quote. */
function unescapeName(quoted: string): string | null {
  try {
    const json = quoted.replace(/\\(.)|"/gs, (all, escaped: string | undefined) =>
      escaped === undefined ? '\\"' : escaped === "'" ? "'" : all,
    )
    return JSON.parse(`"${json}"`) as string
  } catch {
    return null
  }
}

function wrong(zh: string, en: string, hint: Bilingual | null = null): PathRead {
  return { wrong: { message: { zh, en }, hint } }
}

/** Two paths that name the same places have the same key. */
export function pathKey({ rooted, exact, steps }: FieldPath): string {
  const parts = steps.map(step => [step.descendant, 'name' in step ? step.name : 'index' in step ? step.index : true])
  return JSON.stringify([rooted, exact, parts])
}

/** The normalised name a path ends in, or null where it ends in an index or wildcard. */
export function lastName({ steps }: FieldPath): string | null {
  const last = steps.at(-1)
  return last !== undefined && 'name' in last ? last.name : null
}
