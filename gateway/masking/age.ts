import type { AgeWord } from '../policy/plan.ts'

/**
 * The least age, in completed years, that whom a value is about can have at a time: of a year or a month alone the person
 * counts as born on its last day, so that nobody counts as older than they may be. null: the value tells no age.
 */
export function youngestAge(text: string, word: AgeWord, now: number): number | null {
  const plain = text.normalize('NFKC').trim()
  if (word === 'years') return /^\d{1,3}(?:\.\d+)?\s*岁?$/.test(plain) ? Number.parseInt(plain, 10) : null
  const birth = word === 'birth_date' ? dateIn(plain) : dateInResidentId(plain)
  return birth === null ? null : completedYears(birth, now)
}

type Day = { readonly year: number; readonly month: number; readonly day: number }

/** As people and systems write it: 2014-05-17, 20140517, 2014/5/17, 2014年5月, with a time or without, or a year alone. */
function dateIn(text: string): Day | null {
  const match =
    /^(\d{4})(\d{2})(\d{2})(?!\d)/.exec(text) ?? /^(\d{4})(?:\D{1,2}(\d{1,2})(?:\D{1,2}(\d{1,2})(?!\d))?)?/.exec(text)
  return match === null ? null : lastDay(match[1]!, match[2], match[3])
}

/** GB 11643-1999: eight digits of birth from the seventh; in the fifteen-digit numbers before it six, of the last century. */
function dateInResidentId(text: string): Day | null {
  const match = /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dXx]$/.exec(text) ?? /^\d{6}(\d{2})(\d{2})(\d{2})\d{3}$/.exec(text)
  if (match === null) return null
  return lastDay(match[1]!.padStart(4, '19'), match[2], match[3])
}

function lastDay(year: string, month = '12', day = '31'): Day | null {
  const born = { year: Number(year), month: Number(month), day: Number(day) }
  return born.month >= 1 && born.month <= 12 && born.day >= 1 && born.day <= 31 ? born : null
}

/** By the calendar of UTC; at most a day early or late, which falls out younger west of Greenwich. */
function completedYears({ year, month, day }: Day, now: number): number | null {
  const today = new Date(now)
  const thisYear = today.getUTCFullYear()
  const had = today.getUTCMonth() + 1 > month || (today.getUTCMonth() + 1 === month && today.getUTCDate() >= day)
  const years = thisYear - year - (had ? 0 : 1)
  return years >= 0 && years <= 150 ? years : null
}
