/** Columns of a table as members of JSON, for rows that are read as objects (../rows-as-json.ts). */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { Word } from '../bytes.ts'
import { canReadFast } from '../json/fast/reader.ts'

/** Bytes of a row: longer ones are few, and their cells are offered one by one; as are those of columns with names that cost more than cells do. */
export const longestRow = 16 << 10
const longestName = 128
const mostColumns = 256

/** Whether rows of a table that stands at a place can be read so, for what the plan says or for how they are read here and now. */
export function canBeJson(fields: FieldCursor, table: Place): boolean {
  if (fields.waits || !canReadFast(fields) || fields.limits.depth < 2) return false
  // Else it would count which row it is, or no row would leave.
  return fields.looksThrough(table) && fields.treatment(table) !== 'remove'
}

/** By column, `"name":`; null where cells under them cannot be said in JSON. */
export function membersOf(columns: readonly string[], fields: FieldCursor, table: Place): readonly Word[] | null {
  const names = columns.map(name => new Word(`${JSON.stringify(name)}:`))
  const areFew = names.length <= mostColumns && names.every(({ length }) => length <= longestName)
  // Which of two cells of one name is gone could not be told.
  const arePlain = new Set(columns).size === names.length && columns.every(name => isPlain(name, fields, table))
  return areFew && arePlain ? names : null
}

/** Whether a name says nothing but what stands in its column, and may stand in the open. */
function isPlain(name: string, fields: FieldCursor, table: Place): boolean {
  fields.memberNamed(table, name)
  return !fields.keyIsPersonal && fields.roles === 0
}
