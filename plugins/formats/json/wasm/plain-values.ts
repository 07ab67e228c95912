/** Values of which nothing has to be asked, where they end; 0 where they are not that plain. */
import { reads } from './names'
import { endOfPlainLiteral, endOfPlainNumber } from './primitives'
import { badEscape } from './progress'
import { worthReading } from './strings'
import { numberIsWorthReading } from './values'
import { closingQuote, scalarLimit } from './window'

/** The closing quote of a string that is whole and has nothing wrong in it. */
// @ts-ignore: decorator
@inline export function endOfPlainText(opening: usize, end: usize): usize {
  const to = closingQuote(opening + 1, end)
  return to - opening > <usize>scalarLimit || badEscape <= to ? 0 : to
}

/** What comes behind a number or literal at a place that is copied or read. */
// @ts-ignore: decorator
@inline export function behindPlainPrimitive(from: usize, end: usize, treatment: u32): usize {
  let to = endOfPlainNumber(from)
  if (to == 0) to = endOfPlainLiteral(from)
  else if (treatment == reads && numberIsWorthReading(from, to)) return 0
  return to < end ? to : 0
}

/** What comes behind any value at such a place. */
// @ts-ignore: decorator
@inline export function behindPlainValue(from: usize, end: usize, treatment: u32): usize {
  if (load<u8>(from) != 0x22) return behindPlainPrimitive(from, end, treatment)
  const to = endOfPlainText(from, end)
  return to == 0 || (treatment == reads && worthReading(from + 1, to)) ? 0 : to + 1
}
