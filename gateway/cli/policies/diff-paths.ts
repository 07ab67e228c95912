import type { SystemPolicy } from '../../policy/policy.ts'
import type { Segment, Template } from '../../policy/routes.ts'

/** A segment that nobody has written as a literal. */
const other = 'veilgate-any'

/**
 * Paths that stand for all others: whatever two policies make of a path, they make of one of these. One for each template;
 * and where only one of the policies has a template, one for each of the other's that takes some of the same paths.
 */
export function samplePaths(old: SystemPolicy, system: SystemPolicy): Set<string> {
  const [before, after] = [old, system].map(one => [...one.routes, ...one.assets].map(({ template }) => template)) as [
    Template[],
    Template[],
  ]
  const paths = new Set([...before, ...after].flatMap(({ segments }) => pathsOf(segments)))
  const [shapesBefore, shapesAfter] = [new Set(before.map(one => one.shape)), new Set(after.map(one => one.shape))]
  const changed = [
    ...before.filter(one => !shapesAfter.has(one.shape)),
    ...after.filter(one => !shapesBefore.has(one.shape)),
  ]
  for (const one of changed) {
    for (const another of [...before, ...after]) {
      const both = meet(one.segments, another.segments)
      if (both !== null) for (const path of pathsOf(both)) paths.add(path)
    }
  }
  return paths
}

/** The template of all paths that both take; null: there are none. */
function meet(one: readonly Segment[], another: readonly Segment[]): readonly Segment[] | null {
  const segments: Segment[] = []
  for (let at = 0; ; at++) {
    const [left, right] = [one[at], another[at]]
    if (left === undefined && right === undefined) return segments
    if (left !== undefined && 'rest' in left) return [...segments, ...another.slice(at)]
    if (right !== undefined && 'rest' in right) return [...segments, ...one.slice(at)]
    if (left === undefined || right === undefined) return null
    if ('literal' in left && 'literal' in right && left.literal !== right.literal) return null
    segments.push('literal' in left ? left : right)
  }
}

/** With nothing, one and two segments for the rest. */
function pathsOf(segments: readonly Segment[]): string[] {
  const written = segments.flatMap(one =>
    'literal' in one ? encodeURIComponent(one.literal) : 'rest' in one ? [] : other,
  )
  const bare = `/${written.join('/')}`
  if (!segments.some(one => 'rest' in one)) return [bare]
  const under = bare === '/' ? '' : bare
  return [bare, `${under}/${other}`, `${under}/${other}/${other}`]
}
