/** What the host calls; compiled to json.wasm by `npm run build:wasm`. */
import { copyWindow } from './move'
import { forgetPeople, restoreValues } from './known-values'
import { lengthAt, rulesIn } from './layout'
import { forgetLast } from './names'
import { logPeople } from './people'
import { scan } from './scan'
import { writeSettled } from './settling'
import { mayMatter } from './strings'
import { walk } from './walk'
import { input, inputEnd, setReader, setWindow, slot } from './window'

export { setWindow, copyWindow, forgetPeople, logPeople, restoreValues, writeSettled }

/** To be called before a reader goes on whose plan, limits or slot may not be those of the one before. */
export function use(slot: u32, scalar: u32, depth: i32, texts: u32): void {
  setReader(slot, scalar, depth, texts)
  forgetLast()
}

/** Reads `more` bytes that were put behind the window; `last`: the body ends there. Returns a fault or 0. */
export function push(more: u32, last: bool): i32 {
  store<u32>(lengthAt, load<u32>(lengthAt) + more)
  // The zero that every loop over the input stops at; the block is scanned as a whole.
  memory.fill(inputEnd(), 0, 64)
  const fault = scan(inputEnd())
  return fault != 0 ? fault : walk(last)
}

/** Of a text that stands as strings of JSON do, not empty: `mayMatter` by the rule of that number; 0: as what no rule is for. */
export function mayTextMatter(rule: u32, from: usize, to: usize): bool {
  return mayMatter(slot + rulesIn + (<usize>rule << 6), from, to)
}
