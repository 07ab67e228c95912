/** Which duty may call what. The description of the API says so of each call (`x-duty`); this reads it. */
import { type Duty, duties } from '../config/config.ts'
import { openapi } from './openapi.ts'

export type CallRule = {
  /** Whose sessions it takes; `any`: everybody's; null: none, it is open, or knows people in a way of its own. */
  readonly duty: Duty | 'any' | null
  /** Whether it takes a signature or the token in place of a session. */
  readonly otherwise: boolean
}

type Operation = { readonly 'x-duty'?: string; readonly security?: readonly Readonly<Record<string, unknown>>[] }

const none: CallRule = { duty: null, otherwise: true }
const byCall = new Map<string, CallRule>()
for (const [path, operations] of Object.entries(openapi.paths as Record<string, Record<string, Operation>>))
  for (const [method, { 'x-duty': duty = null, security = [] }] of Object.entries(operations)) {
    const known = duty === 'any' ? duty : (duties.find(one => one === duty) ?? null)
    byCall.set(`${method.toUpperCase()} ${path}`, { duty: known, otherwise: !security.every(one => 'session' in one) })
  }

/** `route` as the router has it: `/api/grants/:id`. What is not described takes no session. */
export function ruleOf(method: string, route: string): CallRule {
  const path = route.replace(/:(\w+)/g, '{$1}')
  return byCall.get(`${method === 'HEAD' ? 'GET' : method} ${path}`) ?? none
}
