/**
 * Synthetic people for the demonstration and the tests: none of them exists. The same seed makes the same people, and
 * their numbers are well-formed: resident IDs (GB 11643) and bank cards (Luhn) carry right check digits. E-mail domains
 * are the reserved ones of RFC 2606.
 */

export type Guardian = {
  readonly relation: string
  readonly name: string
  readonly mobile: string
  readonly residentId: string
  readonly employer: string
}

export type Person = {
  readonly name: string
  /** 男 or 女. */
  readonly sex: string
  /** 18 characters. */
  readonly residentId: string
  /** `2005-06-01`, the one in the resident ID. */
  readonly birthDate: string
  readonly ethnicity: string
  readonly politicalStatus: string
  /** Year of enrolment, college, class and a running number: 10 digits. */
  readonly studentNumber: string
  readonly mobile: string
  readonly email: string
  readonly qq: string
  readonly wechat: string
  readonly address: string
  readonly postcode: string
  /** 19 digits. */
  readonly bankCard: string
  readonly college: string
  readonly major: string
  readonly className: string
  readonly dormitory: string
  readonly guardians: readonly Guardian[]
  /** Free text as counsellors write it, often with a phone or ID number in it. */
  readonly remark: string
}

type Random = { below(limit: number): number; pick<T>(list: readonly T[]): T; digits(count: number): string }
type Region = { readonly code: string; readonly name: string; readonly postcode: string }

const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严'
const doubleSurnames = ['欧阳', '上官', '司马', '诸葛', '慕容']
const givenCharacters =
  '伟芳娜敏静丽强磊洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文军志宇浩轩子涵欣怡梓晨雨泽思远佳慧婷雪琳嘉豪俊峰博文天佑若曦诗瑶一诺梦琪可馨晓东海燕春梅立新振宁'
const regions: readonly Region[] = [
  { code: '330106', name: '浙江省杭州市西湖区', postcode: '310012' },
  { code: '330281', name: '浙江省宁波市余姚市', postcode: '315400' },
  { code: '310110', name: '上海市杨浦区', postcode: '200082' },
  { code: '320583', name: '江苏省苏州市昆山市', postcode: '215300' },
  { code: '340826', name: '安徽省安庆市宿松县', postcode: '246500' },
  { code: '433101', name: '湖南省湘西土家族苗族自治州吉首市', postcode: '416000' },
  { code: '510107', name: '四川省成都市武侯区', postcode: '610041' },
  { code: '620102', name: '甘肃省兰州市城关区', postcode: '730030' },
  { code: '650104', name: '新疆维吾尔自治区乌鲁木齐市新市区', postcode: '830011' },
  { code: '152530', name: '内蒙古自治区锡林郭勒盟正蓝旗', postcode: '027200' },
  { code: '450103', name: '广西壮族自治区南宁市青秀区', postcode: '530022' },
  { code: '110108', name: '北京市海淀区', postcode: '100080' },
]
const streets = ['文三路', '人民路', '解放大道', '建设街', '学院路', '中山北路', '滨江东路', '新华街']
const mobilePrefixes = ['130', '135', '138', '139', '150', '158', '166', '177', '186', '189', '191', '199']
const ethnicities = ['汉族', '汉族', '汉族', '汉族', '汉族', '回族', '土家族', '苗族', '蒙古族', '维吾尔族', '壮族']
const politics = ['共青团员', '共青团员', '共青团员', '群众', '中共预备党员', '中共党员']
const colleges = [
  { college: '计算机学院', majors: ['软件工程', '网络空间安全', '计算机科学与技术'] },
  { college: '人文学院', majors: ['汉语言文学', '历史学'] },
  { college: '医学院', majors: ['临床医学', '护理学'] },
  { college: '经济管理学院', majors: ['会计学', '国际经济与贸易', '信息管理'] },
]
const employers = ['市第一中学', '向阳机械厂', '个体经营', '县人民医院', '供销社', '务农', '宏远物流有限公司']

/**
 * Makes people.
 * @param count how many
 * @param seed any integer; the same seed gives the same people, and a larger count only adds to them
 */
export function people(count: number, seed = 20261121): readonly Person[] {
  return Array.from({ length: count }, (_, index) => person(index, randomFrom(seed + index * 7919)))
}

function person(index: number, random: Random): Person {
  const male = random.below(2) === 0
  const region = random.pick(regions)
  const enrolled = 2021 + random.below(4)
  const born = birthDate(random, enrolled - 19, 2)
  const school = random.below(colleges.length)
  const { college, majors } = colleges[school]!
  const name = fullName(random)
  const studentNumber = `${enrolled}0${school + 1}${String(index % 10_000).padStart(4, '0')}`
  const mobile = mobileNumber(random)
  const guardians = Array.from({ length: 1 + random.below(2) }, (_, nth) => guardian(random, name, nth, region))
  return {
    name,
    sex: male ? '男' : '女',
    residentId: residentId(region.code, born, sequenceCode(index, male)),
    birthDate: born,
    ethnicity: random.pick(ethnicities),
    politicalStatus: random.pick(politics),
    studentNumber,
    mobile,
    email: `${studentNumber}@stu.example.${random.pick(['com', 'org', 'net'])}`,
    qq: String(10_000_000 + random.below(900_000_000)),
    wechat: `wx_${random.digits(8)}`,
    address: `${region.name}${random.pick(streets)}${1 + random.below(400)}号${1 + random.below(20)}幢${1 + random.below(30)}0${1 + random.below(4)}室`,
    postcode: region.postcode,
    bankCard: bankCard(random),
    college,
    major: random.pick(majors),
    className: `${String(enrolled).slice(2)}级${1 + random.below(6)}班`,
    dormitory: `${random.pick(['东', '南', '西', '北'])}${1 + random.below(18)}-${1 + random.below(6)}${random.digits(2)}`,
    guardians,
    remark: remark(random, mobile, guardians[0]!),
  }
}

function guardian(random: Random, child: string, nth: number, region: Region): Guardian {
  const surname = doubleSurnames.includes(child.slice(0, 2)) ? child.slice(0, 2) : child.slice(0, 1)
  const born = birthDate(random, 1968, 12)
  return {
    relation: nth === 0 ? '父亲' : '母亲',
    name: nth === 0 ? surname + given(random) : fullName(random),
    mobile: mobileNumber(random),
    residentId: residentId(region.code, born, sequenceCode(random.below(500), nth === 0)),
    employer: random.pick(employers),
  }
}

function remark(random: Random, own: string, { relation, name, mobile, residentId: id }: Guardian): string {
  const spaced = `${mobile.slice(0, 3)} ${mobile.slice(3, 7)} ${mobile.slice(7)}`
  return random.pick([
    '',
    '在校表现良好，无异常。',
    `本人手机${own}已停机，请联系${relation}${mobile}。`,
    `家访：${relation}${name}，电话 +86 ${spaced}，约周五下午。`,
    `助学贷款共同借款人身份证${id}，材料已收。`,
    `${relation}来电（${mobile.slice(0, 3)}-${mobile.slice(3, 7)}-${mobile.slice(7)}），咨询休学手续。`,
  ])
}

function fullName(random: Random): string {
  return (random.below(40) === 0 ? random.pick(doubleSurnames) : random.pick([...surnames])) + given(random)
}

function given(random: Random): string {
  const characters = [...givenCharacters]
  return random.pick(characters) + (random.below(4) === 0 ? '' : random.pick(characters))
}

function birthDate(random: Random, firstYear: number, years: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${firstYear + random.below(years)}-${two(1 + random.below(12))}-${two(1 + random.below(28))}`
}

function mobileNumber(random: Random): string {
  return random.pick(mobilePrefixes) + random.digits(8)
}

/** Odd for men; counts on with the people, so that people rarely share an ID. */
function sequenceCode(index: number, male: boolean): string {
  return String(((index % 500) * 2 + (male ? 1 : 0)) % 1000).padStart(3, '0')
}

/** GB 11643: region, date of birth, sequence code (odd for men), and the check character of ISO 7064 MOD 11-2. */
function residentId(region: string, born: string, sequence: string): string {
  const digits = region + born.replaceAll('-', '') + sequence
  // Weight i is 2^(17-i) mod 11.
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (2 ** (17 - index) % 11), 0)
  return digits + '10X98765432'[sum % 11]
}

/** A UnionPay number of 19 digits with its Luhn check digit (ISO/IEC 7812-1). */
function bankCard(random: Random): string {
  const digits = random.pick(['622202', '621700', '622848', '621661']) + random.digits(12)
  const sum = [...digits].reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return digits + ((10 - (sum % 10)) % 10)
}

/** mulberry32: small, and good enough to scatter names. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number) => Math.floor((next() / 2 ** 32) * limit)
  return {
    below,
    pick: list => list[below(list.length)]!,
    digits: count => Array.from({ length: count }, () => below(10)).join(''),
  }
}
