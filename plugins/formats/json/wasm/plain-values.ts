/** Values of which nothing has to be asked, where they end; 0 where they are not that plain. */
import { reads } from './names'
import { endOfPlainLiteral, endOfPlainNumber } from './primitives'
import { badEscape } from './progress'
import { worthReading } from './strings'
import { numberIsWorthReading } from './values'
import { digitsNeeded, input, laterQuote, nearQuotes, quotesFrom, scalarLimit } from './window'

/** The closing quote of a string that is whole and has nothing wrong in it. No limit is less than what is looked at first. */
// @ts-ignore: decorator
@inline export function endOfPlainText(opening: usize, end: usize): usize {
  const at = opening + 1 - input
  const near = quotesFrom(at)
  const to = near != 0 ? opening + 1 + <usize>ctz(near) : endOfLongText(opening, end)
  return badEscape <= to ? 0 : to
}

function endOfLongText(opening: usize, end: usize): usize {
  const to = laterQuote(opening + 1 + nearQuotes - input, end - input)
  return to - opening > <usize>scalarLimit ? 0 : to
}

/** What comes behind a number or literal at a place that is copied or read. */
// @ts-ignore: decorator
@inline export function behindPlainPrimitive(from: usize, end: usize, treatment: u32): usize {
  if (load<u8>(from) >= 0x5b) return endOfPlainLiteral(from)
  const to = endOfPlainNumber(from)
  return to != 0 && treatment == reads && to - from >= <usize>digitsNeeded && numberIsWorthReading(from, to) ? 0 : to
}

/** What comes behind any value at such a place. */
// @ts-ignore: decorator
@inline export function behindPlainValue(from: usize, end: usize, treatment: u32): usize {
  if (load<u8>(from) != 0x22) return behindPlainPrimitive(from, end, treatment)
  const to = endOfPlainText(from, end)
  return to == 0 || (treatment == reads && worthReading(from + 1, to)) ? 0 : to + 1
}
