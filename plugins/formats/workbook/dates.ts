/** Numbers that show a date: workbooks keep days as numbers, and only a cell's format says so (ECMA-376, 18.8.30). */

/** Whether a format by its number is one of dates; `custom`: those that the workbook defines by such a code. */
export function isDateFormat(id: number, custom: ReadonlySet<number>): boolean {
  return custom.has(id) || isBuiltIn(id)
}

/** Formats of dates that need no definition, among them the Chinese and Japanese ones. */
function isBuiltIn(id: number): boolean {
  return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)
}

/** Whether the code of a format shows years or days, apart from what it quotes, escapes or puts in brackets. */
export function isDateCode(code: string): boolean {
  return /[yd]/i.test(code.replace(/"[^"]*"?|\\.|\[[^\]]*\]?|_.|general/gi, ''))
}

const day = 86_400_000
const lastDay = 2_958_465

/** The date that a number of days stands for, as `1990-05-17`, with the time if it has one; null where it is none. */
export function dateOf(days: number, from1904: boolean): string | null {
  if (!(days >= 1 && days <= lastDay)) return null
  // Excel counts a 29 February 1900 that never was: before March there is one day less.
  const start = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30)
  const [date, time] = new Date(start + Math.round(days * day)).toISOString().slice(0, 19).split('T')
  return time === '00:00:00' ? date! : `${date} ${time}`
}
