import type { MaskPlugin } from '../../gateway/contracts.ts'

type Options = { readonly keep?: 'province' | 'city' | 'district' }

const longProvinces =
  '河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾'
/** The 34 provincial units of GB/T 2260, with the endings that may follow the short name. */
const provinces =
  `(?:(?:北京|天津|上海|重庆)市?|(?:${longProvinces})省?|` +
  '内蒙古(?:自治区)?|西藏(?:自治区)?|广西(?:壮族自治区)?|宁夏(?:回族自治区)?|新疆(?:维吾尔自治区)?|(?:香港|澳门)(?:特别行政区)?)'
/**
 * Provincial capitals and cities with their own plan, which are written without their province. Any other city needs
 * its province before it: a list of words that end in 市 would let `张三家住杭州市` through as the name of a city.
 */
const knownCities =
  '(?:石家庄|太原|沈阳|长春|哈尔滨|南京|杭州|合肥|福州|南昌|济南|郑州|武汉|长沙|广州|海口|成都|贵阳|昆明|西安|兰州|西宁|南宁|呼和浩特|拉萨|银川|乌鲁木齐|大连|宁波|厦门|青岛|深圳)市'
const gap = '[\\s,，/\\-·]{0,3}'
/** Names of regions with a character in them that otherwise belongs to streets, villages, buildings or other regions. */
const oddNames =
  '鼓楼|钟楼|景德镇|镇江|镇海|镇平|镇安|镇巴|镇坪|镇原|镇雄|镇康|镇沅|镇远|镇宁|镇赉|阿里|道里|道外|巴里坤|道真|道孚|道(?=县)|路桥|路南|路北|' +
  '乡宁|乡城|新乡|萍乡|桐乡|市中|市南|市北|市辖|新市|红旗'
/** With what they begin: most characters of a name need not be held against all of them. */
const oddLetters = '鼓钟景镇阿道巴路乡新萍桐市红'
const oddStarts = `[${oddLetters}]`
/** What belongs to streets, villages and buildings, and to regions' endings. */
const finer = '路街道巷弄胡里号楼栋幢室院村镇乡省市区县旗盟住'
/** A name before its ending: Han characters, and none that belongs to what is finer than a district. */
const nameOf = (most: number) => `(?:(?=${oddStarts})(?:${oddNames})|(?![${finer}])\\p{Script=Han}){1,${most}}?`

const start = new RegExp(`^\\s{0,8}(?:中国|中华人民共和国)?${gap}${provinces}(?![东西南北中]?[路街道])`, 'uy')
const startCity = new RegExp(`^\\s{0,8}(?:中国)?${gap}${knownCities}(?!场)`, 'uy')
const cityEnding = '(?<![超菜夜城])市(?!场)'
const city = new RegExp(`${gap}(?:${nameOf(12)}自治州|${nameOf(4)}(?:地区|盟|${cityEnding}))`, 'uy')
const district = new RegExp(
  `${gap}(?:${nameOf(14)}县|${nameOf(12)}旗(?!区)|${nameOf(8)}(?<![小社园校院厂景库商])区|${nameOf(4)}${cityEnding})`,
  'uy',
)
/** U+4E00 to U+9FA5 without some characters, as a class. */
function hanWithout(characters: string): string {
  const bounds = [0x4dff, ...new Set([...characters].map(one => one.charCodeAt(0))), 0x9fa6].sort((a, b) => a - b)
  const ranges = bounds.slice(1).map((bound, at) => [bounds[at]! + 1, bound - 1] as const)
  return `[${ranges.flatMap(([low, high]) => (low > high ? [] : [`${unit(low)}-${unit(high)}`])).join('')}]`
}

const unit = (code: number) => `\\u${code.toString(16)}`

/**
 * Addresses of which the city ends where its first 市 does, as those of most people do: no character of an odd name or of
 * another ending stands in it, and what follows begins none, nor a name that could go on to 自治州: 深圳市南山区.
 */
const plainName = hanWithout(`${finer}${oddLetters}自地超菜夜城`)
const plainCity =
  `^(?:(?:北京|天津|上海|重庆)市(?:${hanWithout('东西南北中路街道')}|[东西南北中]${hanWithout('路街道')})|` +
  `(?:(?:${longProvinces})省?|(?:内蒙古|西藏|广西壮族|宁夏回族|新疆维吾尔)自治区)` +
  `${plainName}{1,4}市(?:${hanWithout('场中南北辖')}|[中南北辖]${plainName}{0,3}(?:[区县街巷村]|路${hanWithout('桥南北')}))|` +
  `${knownCities}${hanWithout('场')})`

const municipalities = ['北京', '天津', '上海', '重庆']
const nothing = /^[\s\p{P}\p{C}]*$/u

export const cnAddressRegion: MaskPlugin<Options> = {
  kind: 'mask',
  name: 'cn_address_region',
  summary: {
    zh: '地址只保留到省、市或区县；认不出的地址改用更严的形式',
    en: 'Keeps an address down to province, city or district; what is not recognised takes the stricter form',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keep: {
        enum: ['province', 'city', 'district'],
        default: 'city',
        description: 'The finest part that is still shown. Less is shown where the address does not name it.',
      },
    },
  },
  examples: [
    { options: {}, in: '浙江省杭州市西湖区文三路 138 号', out: '浙江省杭州市' },
    { options: { keep: 'province' }, in: '浙江省杭州市西湖区文三路 138 号', out: '浙江省' },
    { options: { keep: 'district' }, in: '浙江省杭州市西湖区文三路 138 号', out: '浙江省杭州市西湖区' },
    { options: {}, in: '北京市海淀区中关村大街 1 号', out: '北京市', why: 'the municipality is the city' },
    { options: { keep: 'district' }, in: '北京市海淀区中关村大街 1 号', out: '北京市海淀区' },
    { options: {}, in: '湖南省湘西土家族苗族自治州吉首市人民路', out: '湖南省湘西土家族苗族自治州' },
    { options: { keep: 'district' }, in: '内蒙古自治区锡林郭勒盟正蓝旗上都镇', out: '内蒙古自治区锡林郭勒盟正蓝旗' },
    { options: {}, in: '杭州市西湖区文三路 138 号', out: '杭州市', why: 'a capital needs no province before it' },
    {
      options: { keep: 'district' },
      in: '浙江省杭州市文三路翠苑小区',
      out: '浙江省杭州市',
      why: '小区 is no district',
    },
    { options: {}, in: '浙江省杭州市', out: null, why: 'nothing would be hidden' },
    { options: {}, in: '张三家住杭州市', out: null, why: 'only what stands at the start is sure to be a region' },
    { options: {}, in: '北京路 12 号', out: null, why: 'a street' },
    { options: {}, in: '534 Erewhon St', out: null },
  ],
  create({ keep = 'city' }) {
    return {
      ...(keep === 'city' && { head: { match: new RegExp(plainCity), last: '市' } }),
      isMasked: text => text.trim() !== '' && regionEnd(text, keep) === text.length,
      mask(value) {
        const end = regionEnd(value, keep)
        return end === null || hidesNothing(value, end) ? null : value.slice(0, end).trim()
      },
    }
  },
}

/** Whether behind a region there is nothing but blanks and punctuation. */
function hidesNothing(value: string, from: number): boolean {
  const next = value.charCodeAt(from)
  if (next >= 0x4e00 && next <= 0x9fa5) return false
  return nothing.test(value.slice(from))
}

function regionEnd(value: string, keep: 'province' | 'city' | 'district'): number | null {
  let end = endOf(start, value, 0)
  if (end === 0) {
    end = keep === 'province' ? 0 : endOf(startCity, value, 0)
    if (end === 0) return null
  } else {
    if (keep === 'province') return end
    if (!endsMunicipality(value, end)) {
      const after = endOf(city, value, end)
      if (after === end) return end
      end = after
    }
  }
  return keep === 'district' ? endOf(district, value, end) : end
}

/** Of the names of provinces only those of municipalities end in 市, where they have an ending. */
function endsMunicipality(value: string, end: number): boolean {
  return value[end - 1] === '市' || municipalities.some(name => value.startsWith(name, end - 2))
}

function endOf(pattern: RegExp, value: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(value) ? pattern.lastIndex : from
}
