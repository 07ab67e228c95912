/** Attributes that say what their element holds: `<field name="xm">`, `<Col id="xm">`. */
import type { Role } from '../../../gateway/contracts.ts'
import { role } from '../roles.ts'

/** In markup these do so too, which in JSON stand for a row itself: where they name a field, they hardly number anything. */
const inMarkup: ReadonlySet<string> = new Set(['id', 'ID', 'Id', 'n', 'N'])

/** Whether an attribute of this name, with these roles by the plan's words, may say so. */
export function mayLabel(local: string, roles: Role): boolean {
  return (roles & role.label) !== 0 || inMarkup.has(local)
}
