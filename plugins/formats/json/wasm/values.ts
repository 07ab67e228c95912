/** What becomes of a string, number or literal. */
import { askScalar, giveLong } from './host'
import { replacement, toLongText, toRedact, toRemove, toText } from './layout'
import { columnsFlag, keepColumn, keepLabel, keepList } from './labels'
import { dropMember, keepMember } from './members'
import { hasColumns, labelsValues, masks, reads, ruleShift, treatmentMask } from './names'
import { makeWay, putNull, putStars, replace } from './output'
import { logPeople } from './people'
import { hasExponent, isNull, isNumber, isText, isWhole } from './primitives'
import { gone, info, inObject, level, nameFrom, place } from './progress'
import { applyRule, forHost, goes, redactPrimitive, stays } from './rules'
import { holding, mayNumberBeFound, worthReading } from './strings'
import { digitsNeeded } from './window'

// @ts-ignore: decorator
@inline export function settleText(at: usize, to: usize): void {
  const treatment = info & treatmentMask
  if (!gone) {
    if (inObject) {
      if ((info & hasColumns) != 0) keepList(at + 1, to)
      if ((info & labelsValues) != 0) keepLabel(at + 1, to)
    } else if ((load<u32>(level) & columnsFlag) != 0) keepColumn(at + 1, to)
    if (treatment == 0 || (treatment == reads && !worthReading(at + 1, to))) {
      keepMember()
      return
    }
    const rule = (info >> ruleShift) & 0xff
    if (treatment >= masks && nameFrom == 0 && rule != 0) {
      const became = applyRule(rule, at + 1, to)
      if (became == stays) keepMember()
      else if (became == goes) dropMember(at, to + 1)
      if (became != forHost) return
    }
  }
  settleByHost(at, to, isText)
}

export function settlePrimitive(at: usize, to: usize, kind: i32): void {
  if (!inObject) store<u32>(level, load<u32>(level) & ~columnsFlag)
  const treatment = info & treatmentMask
  if (!gone) {
    const plain =
      treatment == 0 ||
      (treatment == reads && (kind != isNumber || !numberIsWorthReading(at, to)))
    if (plain) {
      keepMember()
      return
    }
    const rule = (info >> ruleShift) & 0xff
    if (treatment == masks && nameFrom == 0 && kind != isNull && rule != 0 && redactPrimitive(rule, at, to)) {
      keepMember()
      return
    }
  }
  settleByHost(at, to, kind)
}

/** Whether a detector could find anything in a number, which it sees in plain digits where it is whole. */
// @ts-ignore: decorator
@inline export function numberIsWorthReading(from: usize, to: usize): bool {
  if (to - from < <usize>digitsNeeded) return hasExponent(from, to)
  return !isWhole(from, to) || mayNumberBeFound(from, to)
}

function settleByHost(at: usize, to: usize, kind: i32): void {
  let outcome = toRemove
  if (!gone) {
    logPeople()
    outcome = kind == isText ? askScalar(place, at + 1, to, isText | holding(at + 1, to)) : askScalar(place, at, to, kind)
  }
  const behind = kind == isText ? to + 1 : to
  if ((outcome & 7) == toRemove) {
    dropMember(at, behind)
    return
  }
  keepMember()
  if ((outcome & 7) == toText) replace(at, behind, replacement, <usize>(outcome >> 3))
  else if ((outcome & 7) == toRedact) {
    if (kind == isText) putStars(at, behind)
    else putNull(at, behind)
  } else if ((outcome & 7) == toLongText) {
    makeWay(at, behind)
    giveLong(false)
  }
}
