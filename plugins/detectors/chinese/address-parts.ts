/** What Chinese addresses are made of: names with their endings, numbers with their units. */

/** What a part of an address ends in, from the coarse to the fine; the fine ones stand behind a number. */
const regionEnds = '省市区县旗盟州镇乡'
export const placeEnds = '路街道巷弄村庄屯寨里苑园庭府湾郡居寓厦城坊墅院馆社营港堡墩圩埭埠桥坡塘岭沟坪组队'
/** Where a village needs no number: `昭觉县火普村`. */
const villageEnds = '村庄屯寨组社'
export const numberEnds = '号弄巷栋幢座室单组队户房门铺舱社'
/** Of these alone nobody lives anywhere: `图书馆三楼`. */
export const floorEnds = '楼层期区'
/** Within an address these end a part too; none begins with them. */
const landmarkEnds = '段场心'
/** Addresses have no part longer than this between two ends. */
export const longestPart = 12
const mostParts = 16
const numerals = '0-9０-９A-Za-zＡ-Ｚａ-ｚ一二三四五六七八九十百零〇○甲乙丙丁东南西北上下前后附之'
const separators = ' \u3000-－—~#＃·.,，、()（）'

/** What no name of a place has in it. */
export const stops = '住在到于是为址寄送往离的了'

export const flag = {
  region: 1,
  place: 2,
  number: 4,
  numeral: 8,
  separator: 16,
  floor: 32,
  landmark: 64,
  /** A character of a name: Han, but none that stands around addresses. */
  name: 128,
} as const
const flags = new Uint8Array(65_536)
const mark = (characters: Iterable<string>, bit: number) => {
  for (const character of characters) flags[character.charCodeAt(0)]! |= bit
}
mark(regionEnds, flag.region)
mark(placeEnds, flag.place)
mark(numberEnds, flag.number)
mark(floorEnds, flag.floor)
mark(landmarkEnds, flag.landmark)
mark(separators, flag.separator)
const numeral = new RegExp(`^[${numerals}]$`)
for (let code = 0; code < 65_536; code++) {
  if (code === 0x2d || code > 0xff5e) continue
  if ((code < 0x80 || code >= 0x3000) && numeral.test(String.fromCharCode(code))) flags[code]! |= flag.numeral
  if (code >= 0x4e00 && code <= 0x9fff && !stops.includes(String.fromCharCode(code))) flags[code]! |= flag.name
}

export const notNumbers = /^(?:线|文|令|通知|公告|机组|楼梯口|以前|前后|左右|上午|下午|晚|凌晨|会议室|教室|实验室|考场)/

type Followed = { end: number; regions: number; places: number; villages: number; numbers: number; floors: number }

/** Takes parts of an address as long as they come: names with their endings, numbers with their units. */
export function follow(text: string, from: number): Followed {
  const followed: Followed = { end: from, regions: 0, places: 0, villages: 0, numbers: 0, floors: 0 }
  let at = from
  for (let parts = 0; parts < mostParts; parts++) {
    const next = numberAt(text, at) ?? placeAt(text, at)
    if (next === null) break
    at = next.end
    followed.end = next.end
    followed[next.kind]++
  }
  return followed
}

type Part = { end: number; kind: 'regions' | 'places' | 'villages' | 'numbers' | 'floors' }

/** A number with its unit: `138号`, `2幢`, `501室`; behind one of these `-501` alone. */
function numberAt(text: string, from: number): Part | null {
  let at = from
  while (at - from < 2 && (flagsAt(text, at) & flag.separator) !== 0) at++
  const first = at
  while (at - first < 8 && isNumeral(text, at)) at++
  if (at === first || !/[0-9０-９一二三四五六七八九十]|^[A-Z]$/.test(text.slice(first, at))) return null
  let unit = at
  if (text[unit] === ' ') unit++
  if (/[-－—]/.test(text[unit] ?? '') && isNumeral(text, unit + 1)) return { end: at, kind: 'numbers' }
  const bits = flagsAt(text, unit)
  if ((bits & (flag.number | flag.floor)) === 0) {
    // A room without its unit, behind a building.
    const isRoom =
      /[号栋幢座元楼层\-－—]/.test(text[from - 1] ?? '') && /^[0-9０-９A-Za-z]{1,5}$/.test(text.slice(first, at))
    if (!isRoom || /[0-9A-Za-z%％.年月日元个人次]/.test(text[at] ?? '')) return null
    return { end: text.startsWith('办公室', at) ? at + 3 : at, kind: 'numbers' }
  }
  const two = text.slice(unit, unit + 2)
  // A gate is nobody's home, and 社区 no 社.
  if (two === '号门' && !isNumeral(text, unit + 2)) return { end: unit + 2, kind: 'floors' }
  if (two[0] === '社' && '区会团保交'.includes(text.charAt(unit + 1))) return null
  const width = ['单元', '号楼', '号院', '号房', '号门', '号铺', '楼层'].includes(two) ? 2 : 1
  if ((width === 1 && two[0] === '单') || notNumbers.test(text.slice(unit + width, unit + width + 4))) return null
  return { end: unit + width, kind: (bits & flag.number) === 0 ? 'floors' : 'numbers' }
}

/** A name with an ending of regions or places, not far from here. */
function placeAt(text: string, from: number): Part | null {
  let at = from
  while (at - from < 2 && (flagsAt(text, at) & flag.separator) !== 0 && ' \u3000-，,·'.includes(text[at]!)) at++
  let best: Part | null = null
  for (const first = at; at - first < longestPart; at++) {
    const bits = flagsAt(text, at)
    if ((bits & flag.name) === 0) break
    if ((bits & (flag.region | flag.place | flag.landmark)) === 0) continue
    const isOnlyEnding = at === first && from === first
    if (isOnlyEnding && (bits & flag.region) === 0) continue
    const kind = villageEnds.includes(text[at]!)
      ? 'villages'
      : (bits & (flag.place | flag.landmark)) === 0 || /[区镇]/.test(text[at]!)
        ? 'regions'
        : 'places'
    best = { end: at + 1, kind }
    // 街道, 大道, 小区, 社区: the second of two endings is the end.
    if ((flagsAt(text, at + 1) & (flag.region | flag.place)) === 0) break
  }
  return best
}

export function isNumeral(text: string, at: number): boolean {
  return (flagsAt(text, at) & flag.numeral) !== 0
}

export function isName(text: string, at: number): boolean {
  return (flagsAt(text, at) & flag.name) !== 0
}

/** What the character may be in an address; 0 beyond the ends of the text. */
export function flagsAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? flags[text.charCodeAt(at)]! : 0
}
