import type { Fault } from './fault.ts'
import type { Known } from './fields.ts'
import type { SystemPolicy } from './policy.ts'
import { covers } from './routes.ts'
import type { SystemEntry } from './system.ts'

/** What is wrong between the routes of a system, and between them and its assets. */
export function checkRoutes(known: Known, system: SystemPolicy, faults: Fault[]): void {
  checkTwice(known, system, faults)
  checkAssets(known, system, faults)
}

/** Two routes that would both take a request: nobody could say which rules apply. */
function checkTwice(known: Known, system: SystemPolicy, faults: Fault[]): void {
  const taken = new Map<string, string>()
  const entries = (known.document.value as SystemEntry).routes
  for (const [index, { path }] of entries.entries()) {
    const place = `${known.document.file}:${known.document.line(['routes', index, 'path'])}`
    const route = system.routes.find(one => one.source === place && one.template.text === path)
    for (const method of route?.methods ?? []) {
      const key = `${method} ${route!.template.shape}`
      const other = taken.get(key)
      if (other === undefined) taken.set(key, place)
      else {
        const message = {
          zh: `${method} 与 ${other} 的路由匹配相同的路径`,
          en: `${method} matches the same paths as the route at ${other}`,
        }
        const hint = { zh: '请合并为一条，或以 methods 分开', en: 'make one of them, or part them by `methods`' }
        faults.push(known.document.fault(['routes', index, 'path'], 'POLICY_ROUTE_TWICE', message, { hint }))
        break
      }
    }
  }
}

/** A route goes before assets: where one takes all paths of a line, the line does nothing, and the files are withheld. */
function checkAssets(known: Known, system: SystemPolicy, faults: Fault[]): void {
  const paths = (known.document.value as SystemEntry).assets?.paths ?? []
  for (const { template } of system.assets) {
    const taker = system.routes.find(one => covers(one.template, template))
    if (taker === undefined) continue
    const { text } = taker.template
    const at = ['assets', 'paths', paths.indexOf(template.text)]
    const message = {
      zh: `路由 ${text} 先匹配这些路径，此行不起作用`,
      en: `the route ${text} takes these paths first, so that this does nothing`,
    }
    const hint = {
      zh: '路由优先于 assets；请把该路由改为列出所需路径',
      en: 'a route goes before assets; in place of it list what may be asked',
    }
    faults.push(known.document.fault(at, 'POLICY_ASSETS_TAKEN', message, { hint, severity: 'warning' }))
  }
}
