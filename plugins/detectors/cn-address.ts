import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { prefectures, provinces } from './chinese/regions.ts'

/** What a part of an address ends in, from the coarse to the fine; the fine ones stand behind a number. */
const regionEnds = '省市区县旗盟州镇乡'
const placeEnds = '路街道巷弄村庄屯寨里苑园庭府湾郡居寓厦城坊墅院馆社营港堡墩圩埭埠桥坡塘岭沟坪组队'
/** Where a village needs no number: `昭觉县火普村`. */
const villageEnds = '村庄屯寨组社'
const numberEnds = '号弄巷栋幢座室单组队户房门铺舱'
/** Of these alone nobody lives anywhere: `图书馆三楼`. */
const floorEnds = '楼层期区'
/** Within an address these end a part too; none begins with them. */
const landmarkEnds = '段场心'
/** Addresses have no part longer than this between two ends. */
const longestPart = 12
const mostParts = 16
const numerals = '0-9０-９A-Za-zＡ-Ｚａ-ｚ一二三四五六七八九十百零〇○甲乙丙丁东南西北上下前后附之'
const separators = ' \u3000-－—~#＃·.,，、()（）'

const flag = { region: 1, place: 2, number: 4, numeral: 8, separator: 16, floor: 32, landmark: 64 } as const
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
for (let code = 0; code < 65_536; code++) {
  if (code === 0x2d || code > 0xff5e) continue
  if ((code < 0x80 || code >= 0x3000) && new RegExp(`^[${numerals}]$`).test(String.fromCharCode(code)))
    flags[code]! |= flag.numeral
}

/** Names of regions by their first character, the longest first. */
const regions = new Map<string, readonly string[]>()
for (const name of [...provinces, ...prefectures].sort((a, b) => b.length - a.length)) {
  regions.set(name[0]!, [...(regions.get(name[0]!) ?? []), name])
}
const regionHeads = new Uint8Array(65_536)
for (const head of regions.keys()) regionHeads[head.charCodeAt(0)] = 1

/** A number with what follows one, or a room behind a building. */
const numbered = `[0-9A-Za-z一二三四五六七八九十百零〇○甲乙丙丁东南西北上下前后附之] ?[-${numberEnds}${floorEnds}]|[号栋幢座元楼层-][0-9A-Za-z]`
const anything = '[\\u0000-\\uffff]*'
const regionNames = [...regions.values()].flat()
const regionAt = (at: number) => `[${regionNames.map(name => name[at]).join('')}]`
/** A building, and what stands behind its number: an entrance and a room, or a room alone. */
const buildings = '栋幢楼座'
const entrance = /^ ?[0-9一二三四五六七八九十]{1,2} ?(?:单元|门|梯) ?[0-9]{3,4}(?:室|房)?/
const room = /^[0-9]{3,4}(?:室|房)?(?![0-9%％.年月日元个人次米号])/

/** A street and a number somewhere behind it; or what begins like a region and either. */
const shape = new RegExp(
  `[${placeEnds}]${anything}(?:${numbered})|${regionAt(0)}${regionAt(1)}${anything}(?:${numbered}|[${placeEnds}])|元[0-9A-Za-z]|[${buildings}] ?[0-9一二三四五六七八九十]{1,2} ?[单门梯]|[栋幢][0-9]{3}`,
)

/** What no name of a place has in it; and what stands before one, and seldom in one. */
const stops = '住在到于是为址寄送往离的了'
const leads = `${stops}距从至自去来经过位和与或请由让把放达`
const notStreets =
  /^(?:网络|销售|退货|付款|铁|公|线|通|高速公|一|半|顺|走|知|道|渠|赛|轨|管|频|报|说|难|味|人行|非机动车|电|短|思|出|生|活)(?:路|道|街)$/
const notNumbers = /^(?:线|文|令|通知|公告|机组|楼梯口|以前|前后|左右|上午|下午|晚|凌晨|会议室|教室|实验室|考场)/

export const cnAddress: DetectorPlugin = {
  kind: 'detector',
  name: 'cn_address',
  summary: {
    zh: '文本中的中文地址：从省市或街道起，到门牌、楼栋、房号；只有区域名的不算',
    en: 'Chinese addresses in text, from a region or street on to a house number, building or room; regions alone are none',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '现住浙江省杭州市西湖区文三路138号2幢301室，请更新', finds: ['浙江省杭州市西湖区文三路138号2幢301室'] },
    { in: '寄到文三路 138 号即可', finds: ['文三路 138 号'] },
    { in: '住在海淀区中关村大街1号院', finds: ['海淀区中关村大街1号院'] },
    { in: '户籍地：四川省凉山州昭觉县解放乡火普村三组', finds: ['四川省凉山州昭觉县解放乡火普村三组'] },
    { in: '搬到幸福里小区3栋2单元501', finds: ['幸福里小区3栋2单元501'] },
    { in: '业主12幢1单元503来电', finds: ['12幢1单元503'] },
    { in: '浙江省杭州市', finds: [], why: 'a region' },
    { in: '行政楼3栋201会议室', finds: [] },
    { in: '地铁2号线延伸', finds: [] },
    { in: '教学楼3号楼', finds: [], why: 'nobody lives there' },
    { in: '国发〔2026〕12号文', finds: [] },
    { in: '网络销售道路1号文件', finds: [] },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { wide: 4, shape },
  checked: false,
  find,
  normalize: value => value.normalize('NFKC').replace(/\s+/gu, '').toLowerCase(),
}

function find(text: string): readonly Span[] {
  let spans: Span[] | null = null
  let last = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x4e00) continue
    const found =
      regionHeads[code] === 1
        ? fromRegion(text, at)
        : (flags[code]! & flag.place) !== 0
          ? fromStreet(text, at, last)
          : buildings.includes(text[at]!)
            ? fromBuilding(text, at, last)
            : null
    if (found === null) continue
    spans ??= []
    spans.push(found)
    last = found.end
    at = last - 1
  }
  return spans ?? []
}

/** An address that begins with the name of a region, goes on with places, and gets down to a number or village. */
function fromRegion(text: string, start: number): Span | null {
  const name = regions.get(text[start]!)!.find(one => text.startsWith(one, start))
  if (name === undefined) return null
  const { end, places, villages, numbers, regions: passed } = follow(text, start + name.length)
  const isFine = (places + villages + passed > 0 && numbers > 0) || (passed >= 2 && villages > 0)
  return isFine ? { start, end } : null
}

/** An address that begins with a street or estate: its name stands before `at`, a number behind it. */
function fromStreet(text: string, at: number, least: number): Span | null {
  if (!hasNumberNear(text, at + 1)) return null
  const { end, numbers } = follow(text, at + 1)
  if (numbers === 0) return null
  let start = at
  while (start > least && at - start < longestPart && isName(text, start - 1) && !leads.includes(text[start - 1]!))
    start--
  if (at - start < 2 || notStreets.test(text.slice(start, at + 1))) return null
  return { start, end }
}

/** A flat that only its building, entrance and room tell: `12幢1单元503`. The estate before it belongs to it where a phase ends it. */
function fromBuilding(text: string, at: number, least: number): Span | null {
  const number = /[0-9A-Za-z一二三四五六七八九十]{1,3}号?$/.exec(text.slice(Math.max(least, at - 4), at))?.[0]
  if (number === undefined) return null
  const behind = text.slice(at + 1, at + 13)
  const found = entrance.exec(behind) ?? (text[at] === '栋' || text[at] === '幢' ? room.exec(behind) : null)
  if (found === null || notNumbers.test(text.slice(at + 1 + found[0].length, at + 5 + found[0].length))) return null
  let start = at - number.length
  if (start > least && (text[start - 1] === '期' || text[start - 1] === '区')) {
    const first = start
    while (start > least && first - start < longestPart && isOfEstate(text, start - 1)) start--
  }
  return { start, end: at + 1 + found[0].length }
}

function isOfEstate(text: string, at: number): boolean {
  return isNumeral(text, at) || (isName(text, at) && !leads.includes(text[at]!))
}

/** Whether a numeral comes soon, with only names and separators before it. */
function hasNumberNear(text: string, from: number): boolean {
  for (let at = from; at - from < longestPart && at < text.length; at++) {
    if (isNumeral(text, at)) return true
    if (!isName(text, at) && (flags[text.charCodeAt(at)]! & flag.separator) === 0) return false
  }
  return false
}

type Followed = { end: number; regions: number; places: number; villages: number; numbers: number; floors: number }

/** Takes parts of an address as long as they come: names with their endings, numbers with their units. */
function follow(text: string, from: number): Followed {
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
  while (at - from < 2 && (flags[text.charCodeAt(at)]! & flag.separator) !== 0) at++
  const first = at
  while (at < text.length && at - first < 8 && isNumeral(text, at)) at++
  if (at === first || !/[0-9０-９一二三四五六七八九十]|^[A-Z]$/.test(text.slice(first, at))) return null
  let unit = at
  if (text[unit] === ' ') unit++
  if (/[-－—]/.test(text[unit] ?? '') && isNumeral(text, unit + 1)) return { end: at, kind: 'numbers' }
  const bits = flags[text.charCodeAt(unit)]!
  if ((bits & (flag.number | flag.floor)) === 0) {
    // A room without its unit, behind a building.
    const isRoom =
      /[号栋幢座元楼层\-－—]/.test(text[from - 1] ?? '') && /^[0-9０-９A-Za-z]{1,5}$/.test(text.slice(first, at))
    return isRoom && !/[0-9A-Za-z%％.年月日元个人次]/.test(text[at] ?? '') ? { end: at, kind: 'numbers' } : null
  }
  const two = text.slice(unit, unit + 2)
  const width = ['单元', '号楼', '号院', '号房', '号门', '号铺', '楼层'].includes(two) ? 2 : 1
  if ((width === 1 && two[0] === '单') || notNumbers.test(text.slice(unit + width, unit + width + 4))) return null
  return { end: unit + width, kind: (bits & flag.number) === 0 ? 'floors' : 'numbers' }
}

/** A name with an ending of regions or places, not far from here. */
function placeAt(text: string, from: number): Part | null {
  let at = from
  while (at - from < 2 && ' \u3000-，,·'.includes(text[at] ?? '') && text[at] !== undefined) at++
  let best: Part | null = null
  for (const first = at; at < text.length && at - first < longestPart && isName(text, at); at++) {
    const bits = flags[text.charCodeAt(at)]!
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
    if ((flags[text.charCodeAt(at + 1)]! & (flag.region | flag.place)) === 0) break
  }
  return best
}

function isNumeral(text: string, at: number): boolean {
  return at < text.length && (flags[text.charCodeAt(at)]! & flag.numeral) !== 0
}

/** A character of a name: Han, but none that stands around addresses. */
function isName(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x4e00 && code <= 0x9fff && !stops.includes(text[at]!)
}
