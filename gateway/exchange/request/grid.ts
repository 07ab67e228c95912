/**
 * What a grid of DataTables asks. It names all its columns in each request, and says by numbers by which of them it sorts
 * and searches: `columns[1][data]=tel`, `order[0][column]=1`; before version 1.10 `mDataProp_1=tel`, `iSortCol_0=1`. To be shown
 * a column, masked, asks for nothing; so only those count by which it sorts or searches.
 */

type Pair = { readonly name: string; readonly value: string | null }

/** What counts its requests, and stands in each. */
const counts = /^(?:draw|sEcho)$/i
/** By name and by what it is bound to, with the name in brackets or behind a dot, as the grid and what sends it on have it. */
const column = /^(?:columns(?:\[(\d+)\]|\.(\d+))[[.](?:data|name)\b.*|mDataProp_(\d+))$/i
const columnList = /^sColumns$/i
const sorts = /^(?:order(?:\[\d+\]|\.\d+)[[.]column\]?|iSortCol_\d+)$/i
const sortsByName = /^order(?:\[\d+\]|\.\d+)[[.]name\]?$/i
const searchesOne = /^(?:columns(?:\[(\d+)\]|\.(\d+))[[.]search\]?[[.]value\]?|sSearch_(\d+))$/i
const searchesEach = /^(?:search[[.]value\]?|sSearch)$/i
/** What else it sends says nothing of what its columns hold. */
const says =
  /^(?:columns(?:\[\d+\]|\.\d+)[[.](?:(?:searchable|orderable|visible|title)\]?|search\]?[[.](?:regex|fixed)\b.*)|order(?:\[\d+\]|\.\d+)[[.]dir\]?|sSortDir_\d+|iSortingCols|iColumns|b(?:Sortable|Searchable|Regex)_\d+)$/i
/** Sought in all columns, a piece of a number tells who has it; words are sought in all of them as by any `q`. */
const looksForNumber = /[\p{Nd}@＠]/u
/** By another such name a number could stand for a column as well. */
const mayCountColumns = /sort|order|group|column|col_|by/i

/**
 * The pairs of a request that ask, where it is one of a grid: the columns it sorts or searches by under names that say so, all
 * others but what says how. Any other request is as it was, and so is one that may ask by a column in a way of its own.
 */
export function gridQuestions<T extends Pair>(pairs: readonly T[]): readonly Pair[] {
  if (!pairs.some(({ name }) => counts.test(name))) return pairs
  const others = pairs.filter(({ name }) => !isOfGrid(name))
  if (others.some(({ name }) => mayCountColumns.test(name))) return pairs
  const asked = askedColumns(pairs)
  const questions = pairs.flatMap(({ name, value }) => {
    const at = numberIn(column, name)
    if (at !== null) return asked === 'all' || asked.has(at) ? [{ name: 'order', value }] : []
    if (columnList.test(name)) return namesAt(asked, value)
    if (sortsByName.test(name)) return [{ name: 'order', value }]
    return searchesEach.test(name) || numberIn(searchesOne, name) !== null ? [{ name: 'search', value }] : []
  })
  return [...others, ...questions]
}

function isOfGrid(name: string): boolean {
  return [column, columnList, sorts, sortsByName, searchesOne, searchesEach, says].some(known => known.test(name))
}

/** The numbers of columns by which rows are sorted or searched; `all`: nobody knows by which, or by each. */
function askedColumns(pairs: readonly Pair[]): ReadonlySet<number> | 'all' {
  const asked = new Set<number>()
  for (const { name, value } of pairs) {
    const searched = numberIn(searchesOne, name)
    if (searched !== null && value !== null && value !== '') asked.add(searched)
    if (searchesEach.test(name) && looksForNumber.test(value ?? '')) return 'all'
    if (!sorts.test(name)) continue
    if (!/^\d{1,4}$/.test(value ?? '')) return 'all'
    asked.add(Number(value))
  }
  return asked
}

function namesAt(asked: ReadonlySet<number> | 'all', list: string | null): Pair[] {
  const names = (list ?? '').split(',')
  return names.filter((_, at) => asked === 'all' || asked.has(at)).map(value => ({ name: 'order', value }))
}

function numberIn(pattern: RegExp, name: string): number | null {
  const number = pattern
    .exec(name)
    ?.slice(1)
    .find(one => one !== undefined)
  return number === undefined ? null : Number(number)
}
