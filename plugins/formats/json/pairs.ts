/**
 * Lists of pairs, a name and its value in each: `[["xm","张三"],["tel","1"]]`. The first looks like a row that names columns: a look
 * over those that are near tells, for both readers.
 */

/** How far from the beginning of the first, in bytes: what it may have to wait for. */
export const reachOfPairs = 1024

const string = '"(?:[^"\\\\]|\\\\.)*"'
const pair = new RegExp(`\\s*\\[\\s*(${string})\\s*,\\s*(${string}|[\\w.+-]+)\\s*\\]\\s*([,\\]])`, 'y')

/**
 * Whether arrays are pairs of which these bytes begin with the first, by the names of fields that they begin with: at least
 * two different ones, and fewer behind. `waiting`: more has to come to tell.
 */
export function arePairs(near: string, isWhole: boolean, isName: (name: string) => boolean): boolean | 'waiting' {
  const first = new Set<string>()
  let second = 0
  let [at, over] = [0, false]
  while (!over) {
    pair.lastIndex = at
    const found = pair.exec(near)
    if (found === null) break
    const [name, value] = [textOf(found[1]!), found[2]!.startsWith('"') ? textOf(found[2]!) : '']
    if (isName(name)) first.add(name)
    if (isName(value)) second++
    at = pair.lastIndex
    over = found[3] === ']'
  }
  // Behind those that are whole another may be cut by the end of the look, but nothing that is no pair may stand.
  if (!over && !begun.test(near.slice(at))) return false
  if (!over && !isWhole) return 'waiting'
  return first.size > 1 && second < first.size
}

/** What may become a pair. */
const perhaps = '"(?:[^"\\\\]|\\\\.)*(?:"|\\\\?$)'
const begun = new RegExp(`^\\s*(?:\\[\\s*(?:${perhaps}\\s*(?:,\\s*(?:${perhaps}|[\\w.+-]*)\\s*\\]?\\s*)?)?)?$`)

function textOf(written: string): string {
  try {
    return JSON.parse(written)
  } catch {
    return ''
  }
}
