import { importsOf, type Source } from './imports.ts'

/**
 * The circles of files that import each other, each as its files in order of name: by values or types, by `export … from` and by
 * `import()`. Of two circles that share a file one comes out, as all of either can be reached from all of the other (strongly
 * connected components, Tarjan 1972).
 */
export function circles(sources: readonly Source[]): string[][] {
  const names = new Set(sources.map(({ file }) => file))
  // what is compiled to WebAssembly is imported without its ending
  const nameOf = (target: string) => (names.has(target) ? target : `${target}.ts`)
  const graph = new Map(sources.map(one => [one.file, importsOf(one).map(({ target }) => nameOf(target))]))
  const found: string[][] = []
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const visit = (file: string): void => {
    const at = order.size
    order.set(file, at)
    lowest.set(file, at)
    open.push(file)
    for (const target of graph.get(file)!) {
      if (!graph.has(target)) continue
      if (!order.has(target)) visit(target)
      if (open.includes(target)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(target)!))
    }
    if (lowest.get(file) !== at) return
    const circle = open.splice(open.indexOf(file)).sort()
    if (circle.length > 1 || graph.get(file)!.includes(file)) found.push(circle)
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return found
}
