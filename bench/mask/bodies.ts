/** Bodies as student affairs systems answer: made up, the same each time, every number with its right check digit. */

const shapes = ['compact', 'pretty', 'chinese'] as const
export type Shape = (typeof shapes)[number]

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗']
const givenNames = [...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华红']
const districts = ['北京市朝阳区', '上海市浦东新区', '广东省深圳市南山区', '浙江省杭州市余杭区', '四川省成都市武侯区']
const regions = ['110105', '310115', '440305', '330110', '510107']
const roads = ['建设', '人民', '中山', '解放', '科技', '文一西', '天府', '学院']
const remark =
  '学生来电咨询奖学金发放问题已核实身份信息并完成变更登记后续由辅导员跟进处理预计三个工作日内回复请保持电话畅通如有疑问可联系在线客服或前往学生事务中心办理相关业务'
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** About so many bytes: rows of some 620 bytes (`chinese`: 1,500), 18 scalars each. */
export function makeBody(bytes: number, shape: Shape): Buffer {
  const rows = makeRows(bytes, shape)
  const whole = { code: 0, msg: 'ok', data: { total: rows.length, rows } }
  return Buffer.from(JSON.stringify(whole, null, shape === 'pretty' ? 2 : 0))
}

/** The rows alone, as many as such a body has. */
export function makeRows(bytes: number, shape: Shape): readonly Row[] {
  const chance = generator()
  const rows: Row[] = []
  let length = 60
  while (length < bytes || rows.length === 0) {
    const one = row(chance, rows.length, shape === 'chinese')
    rows.push(one)
    length +=
      Buffer.byteLength(JSON.stringify(one, null, shape === 'pretty' ? 2 : 0)) * (shape === 'pretty' ? 1.15 : 1) + 1
  }
  return rows
}

/** The same in pieces for bodies that nobody should have to hold: the rows of about 128 KB again and again. */
export function* makeLongBody(bytes: number, shape: Shape): Generator<Buffer> {
  const body = makeBody(Math.min(bytes, 1 << 17), shape)
  const [from, to] = [body.indexOf('[') + 1, body.lastIndexOf(']')]
  const rows = Buffer.concat([body.subarray(from, to), Buffer.from(',')])
  yield body.subarray(0, from)
  for (let sent = 0; sent < bytes; sent += rows.length) yield* cut(rows)
  yield body.subarray(from)
}

/** As a socket gives it. */
export function cut(body: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(body.length / piece) }, (_, at) => body.subarray(at * piece, (at + 1) * piece))
}

const piece = 1 << 16

type Chance = { below(limit: number): number; of<T>(list: readonly T[]): T; digits(count: number): string }

/** A linear congruential generator: figures are compared between runs, so that bodies must not differ. */
function generator(): Chance {
  let seed = 12345
  const below = (limit: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return Math.floor((seed / 4294967296) * limit)
  }
  return {
    below,
    of: list => list[below(list.length)]!,
    digits: count => Array.from({ length: count }, () => below(10)).join(''),
  }
}

export type Row = ReturnType<typeof row>

function row({ below, of, digits }: Chance, nth: number, chinese: boolean) {
  const name = () => of(surnames) + of(givenNames) + (below(3) > 0 ? of(givenNames) : '')
  const mobile = () => of(['138', '139', '150', '186', '177']) + digits(8)
  const from = below(remark.length - 48)
  return {
    id: 100000 + nth,
    name: name(),
    idCard: residentId(of(regions) + (1960 + below(45)) + two(1 + below(12)) + two(1 + below(28)) + digits(3)),
    mobile: mobile(),
    email: `user${digits(5)}@${of(['example.com', 'stu.example.edu.cn', 'mail.example.org'])}`,
    address: `${of(districts)}${of(roads)}路${1 + below(999)}号${1 + below(30)}栋${1 + below(4)}单元${1 + below(32)}0${1 + below(4)}室`,
    bankCard: bankCard(`622202${digits(12)}`),
    department: of(['计算机学院', '外国语学院', '学生工作部', '教务处', '后勤服务中心']),
    role: of(['admin', 'operator', 'auditor', 'viewer']),
    createdAt: new Date(1.7e12 + below(5e10)).toISOString(),
    status: of(['ACTIVE', 'LOCKED', 'PENDING']),
    score: below(10000) / 100,
    tags: [of(['vip', 'new', 'risk']), of(['east', 'west', 'south']), `a${below(100)}`],
    remark: `[${digits(4)}] ${chinese ? remark.repeat(4) : remark.slice(from, from + 48)}${of(['。', '!', '\n', ' "ok"'])}`,
    nested: { emergencyContact: { name: name(), mobile: mobile() } },
  }
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

function residentId(first: string): string {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(first[at]), 0)
  return first + '10X98765432'[sum % 11]
}

function bankCard(first: string): string {
  const sum = [...first].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return first + ((10 - (sum % 10)) % 10)
}
