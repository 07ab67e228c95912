/** Values of which nothing has to be asked, where they end; 0 where they are not that plain. */
import { reads } from './names'
import { endOfPlainLiteral, endOfPlainNumber } from './primitives'
import { badEscape } from './progress'
import { worthReading } from './strings'
import { numberIsWorthReading } from './values'
import { digitsNeeded, input, laterQuote, nearQuotes, quotesFrom, scalarLimit } from './window'

/** The closing quote of a string that is whole. No limit is less than what is looked at first. */
// @ts-ignore: decorator
@inline export function endOfText(opening: usize, end: usize): usize {
  const near = quotesFrom(opening + 1 - input)
  return near != 0 ? opening + 1 + <usize>ctz(near) : endOfLongText(opening, end)
}

function endOfLongText(opening: usize, end: usize): usize {
  const to = laterQuote(opening + 1 + nearQuotes - input, end - input)
  return to - opening > <usize>scalarLimit ? 0 : to
}

/** What comes behind a number at a place that is copied or read. */
// @ts-ignore: decorator
@inline export function behindPlainNumber(from: usize, treatment: u32): usize {
  const to = endOfPlainNumber(from)
  if (to == 0) return 0
  if (treatment == reads) {
    if (to - from >= <usize>digitsNeeded) {
      if (numberIsWorthReading(from, to)) return 0
    }
  }
  return to
}

/** What comes behind any value at such a place. */
// @ts-ignore: decorator
@inline export function behindPlainValue(from: usize, end: usize, treatment: u32): usize {
  const byte = load<u8>(from)
  if (byte != 0x22) return byte < 0x5b ? behindPlainNumber(from, treatment) : endOfPlainLiteral(from)
  const to = endOfText(from, end)
  return to == 0 || to >= badEscape || (treatment == reads && worthReading(from + 1, to)) ? 0 : to + 1
}
