/** Names in rows of reports: columns parted by blanks, of which one is the sex and another tells of one person: `张三  男  2001-02-03`. */
import type { Span } from '../../../gateway/contracts.ts'
import { isLoneName } from './lone-name.ts'

const blanks = '[ \\t\\u00a0\\u3000]{1,16}'
/** A name, padded to the width of three where it has two characters. */
const name = /[\u3400-\u9fff](?:[ \u3000]{1,2}[\u3400-\u9fff]|[\u3400-\u9fff]{1,3})/y
/** A number that people have, a date, an age or a people of China: statistics have the sex beside other figures. */
const personal =
  '(?:\\d{8,18}[\\dXx]?|1[3-9]\\d-\\d{4}-\\d{4}|(?:19|20)\\d\\d[-/.年]\\d{1,2}|\\d{1,3}岁|[\\u4e00-\\u9fff]{1,4}族)(?![\\u4e00-\\u9fff\\d])'
/** Up to three columns may stand between. */
const sex = new RegExp(`${blanks}[男女]${blanks}(?:[^\\s男女]{1,16}${blanks}){0,3}?${personal}`, 'y')
const ahead = /[\s|,，;；:：、.\d]/

/** The name that begins here in such a row; null where there is none. Bounded, whatever the text. */
export function nameInRow(text: string, start: number): Span | null {
  if (start > 0 && !ahead.test(text[start - 1]!)) return null
  name.lastIndex = start
  const found = name.exec(text)?.[0]
  if (found === undefined) return null
  const end = start + found.length
  sex.lastIndex = end
  return sex.test(text) && isLoneName(found) ? { start, end } : null
}
