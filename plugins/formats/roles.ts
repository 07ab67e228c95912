/** For readers of bodies that describe themselves: what labels are, whatever the format. */
import type { Role } from '../../gateway/contracts.ts'

/** What `FieldCursor.roles` is made of. */
export const role = { label: 1, value: 2, columns: 4, rows: 8 } as const satisfies Readonly<Record<string, Role>>

/** Characters, or bytes where a format counts those: longer texts name nothing. */
export const longestLabel = 64
/** So many labels tell of one value. */
export const mostLabels = 8
