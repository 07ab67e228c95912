import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import {
  flag,
  flagsAt,
  floorEnds,
  follow,
  isName,
  isNumeral,
  longestPart,
  notNumbers,
  numberEnds,
  placeEnds,
  stops,
} from './chinese/address-parts.ts'
import { prefectures, provinces } from './chinese/regions.ts'
import { plainSpelling } from './spelling.ts'

const townships = '乡镇'
/** Names of regions by their first character, the longest first. */
const regions = new Map<string, readonly string[]>()
for (const name of [...provinces, ...prefectures].sort((a, b) => b.length - a.length)) {
  regions.set(name[0]!, [...(regions.get(name[0]!) ?? []), name])
}

/** By code unit, what may begin an address there, or end the name that begins it; or stands before names of places. */
const begins = new Uint8Array(65_536)
const beginning = { region: 1, township: 2, street: 4, building: 8, lead: 16 } as const

/** A number with what follows one, or a room behind a building. */
const numbered = `[0-9A-Za-z一二三四五六七八九十百零〇○甲乙丙丁东南西北上下前后附之] ?[-${numberEnds}${floorEnds}]|[号栋幢座元楼层-][0-9A-Za-z]`
const anything = '[\\u0000-\\uffff]*'
const regionNames = [...regions.values()].flat()
const regionAt = (at: number) => `[${regionNames.map(name => name[at]).join('')}]`
/** A building, and what stands behind its number: an entrance and a room, or a room alone. */
const buildings = '栋幢楼座'
const mark = (characters: Iterable<string>, bit: number) => {
  for (const character of characters) begins[character.charCodeAt(0)]! |= bit
}
mark(regions.keys(), beginning.region)
mark(townships, beginning.township)
mark(placeEnds, beginning.street)
mark(buildings, beginning.building)

const entrance = /^ ?[0-9一二三四五六七八九十]{1,2} ?(?:单元|门|梯|层) ?[0-9]{3,4}(?:室|房)?/
const room = /^[0-9]{3,4}(?:室|房)?(?![0-9%％.年月日元个人次米号])/

/** A street and a number somewhere behind it; or what begins like a region, or a township, and either. */
const shape = new RegExp(
  `[${placeEnds}]${anything}(?:${numbered})|(?:${regionAt(0)}${regionAt(1)}|[${townships}])${anything}(?:${numbered}|[${placeEnds}])|元[0-9A-Za-z]|[${buildings}] ?[0-9一二三四五六七八九十]{1,2} ?[单门梯层]|[栋幢][0-9]{3}`,
)

/** What stands before the name of a place, and seldom in one. */
const leads = `${stops}距从至自去来经过位和与或请由让把放达`
mark(leads, beginning.lead)
/** Words in names of places that hold one of these. */
const leading: ReadonlySet<string> = new Set(
  '解放 和平 和睦 和谐 和顺 祥和 人和 太和 泰和 永和 中和 仁和 平和 万达 宏达 通达 腾达 顺达 四达 来安 来福 自由 自强 自立 由义 经开 经济 经贸 经十 经一 经二 经三 经四 经七 过街 达道 位育 让胡 至善'.split(
    ' ',
  ),
)
/** Of one character only where a building and a room come next: 竹园2栋316. */
const dormitory = /^.[苑园院区]\d{1,2}(?:号楼|栋|幢|座) ?\d{3,4}/
const notStreets =
  /^(?:网络|销售|退货|付款|铁|公|线|通|高速公|一|半|顺|走|知|道|渠|赛|轨|管|频|报|说|难|味|人行|非机动车|电|短|思|出|生|活)(?:路|道|街)$/

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
    { in: '到解放大道1277号找人', finds: ['解放大道1277号'] },
    { in: '家住龙潭乡下寨村岩脚组', finds: ['龙潭乡下寨村岩脚组'] },
    { in: '搬到竹园2栋316室', finds: ['竹园2栋316室'] },
    { in: '从渝中区中山四路81号出发', finds: ['渝中区中山四路81号'] },
    { in: '浙江省杭州市', finds: [], why: 'a region' },
    { in: '体育馆2号门进场，本镇和各村社区', finds: [] },
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
  normalize: plainSpelling,
}

function find(text: string): readonly Span[] {
  let spans: Span[] | null = null
  let last = 0
  for (let at = 0; at < text.length; at++) {
    const may = begins[text.charCodeAt(at)]!
    if ((may & ~beginning.lead) === 0) continue
    const found = addressAt(text, at, last, may)
    if (found === null) continue
    spans ??= []
    spans.push(found)
    last = found.end
    at = last - 1
  }
  return spans ?? []
}

/** The address that what stands here begins, in one of the ways in which it may; of these the first counts that is possible at all. */
function addressAt(text: string, at: number, least: number, may: number): Span | null {
  const found = (may & beginning.region) === 0 ? null : fromRegion(text, at, least)
  if (found !== null) return found
  if ((may & beginning.township) !== 0) return fromTownship(text, at, least)
  if ((may & beginning.region) !== 0) return null
  return (may & beginning.street) === 0 ? fromBuilding(text, at, least) : fromStreet(text, at, least)
}

/** An address that begins with the name of a region, goes on with places, and gets down to a number or village. */
function fromRegion(text: string, start: number, least: number): Span | null {
  const name = regions.get(text[start]!)!.find(one => text.startsWith(one, start))
  if (name === undefined) return null
  const { end, places, villages, numbers, regions: passed } = follow(text, start + name.length)
  const isFine = (places + villages + passed > 0 && numbers > 0) || (passed >= 2 && villages > 0)
  return isFine ? { start: beforeDistrict(text, start, least), end } : null
}

/** Where what ends in a district right before begins: the road of 渝中区中山四路 is named like a city. */
function beforeDistrict(text: string, start: number, least: number): number {
  if (!'区县市镇乡'.includes(text.charAt(start - 1))) return start
  let first = start - 1
  while (first > least && start - first < longestPart && isOfName(text, first - 1)) first--
  return start - first > 2 ? first : start
}

/** A hamlet that a township, a village and a group tell, without a number: 龙潭乡下寨村岩脚组. */
function fromTownship(text: string, at: number, least: number): Span | null {
  const { end, villages, numbers } = follow(text, at + 1)
  if (villages + numbers < 2 || villages === 0) return null
  let start = at
  while (start > least && at - start < longestPart && isOfName(text, start - 1)) start--
  return at - start < 2 ? null : { start, end }
}

/** An address that begins with a street or estate: its name stands before `at`, a number behind it. */
function fromStreet(text: string, at: number, least: number): Span | null {
  if (!hasNumberNear(text, at + 1)) return null
  const { end, numbers } = follow(text, at + 1)
  if (numbers === 0) return null
  let start = at
  while (start > least && at - start < longestPart && isOfName(text, start - 1)) start--
  const shortest = dormitory.test(text.slice(start, end)) ? 1 : 2
  if (at - start < shortest || notStreets.test(text.slice(start, at + 1))) return null
  return { start, end }
}

/** A character of a name that does not stand before it. */
function isOfName(text: string, at: number): boolean {
  return isName(text, at) && (!isLead(text, at) || holdsLead(text, at))
}

function isLead(text: string, at: number): boolean {
  return (begins[text.charCodeAt(at)]! & beginning.lead) !== 0
}

/** Whether what stands before names is part of one here: 解放路. */
function holdsLead(text: string, at: number): boolean {
  return leading.has(text.slice(at, at + 2)) || leading.has(text.slice(at - 1, at + 1))
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
  return isNumeral(text, at) || (isName(text, at) && !isLead(text, at))
}

/** Whether a numeral comes soon, with only names and separators before it. */
function hasNumberNear(text: string, from: number): boolean {
  for (let at = from; at - from < longestPart && at < text.length; at++) {
    if (isNumeral(text, at)) return true
    if (!isName(text, at) && (flagsAt(text, at) & flag.separator) === 0) return false
  }
  return false
}
