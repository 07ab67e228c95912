/** The answers of the system behind: rows of made-up people, 621 bytes each, eight personal values among eighteen. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'

/** By name: bytes wished for. What comes out is whole rows. */
const sizes: Readonly<Record<string, number>> = {
  '1k': 1_000,
  '10k': 10_000,
  '100k': 100_000,
  '50m': 50_000_000,
  '500m': 500_000_000,
}

/** Writes one file for each name into a folder; the same bytes on every machine. */
export async function writeBodies(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await writeBody(join(folder, `${name}.json`), sizes[name]!)
}

async function writeBody(path: string, bytes: number): Promise<void> {
  const rows = Math.max(2, Math.round(bytes / 621))
  const random = generator(777)
  const file = createWriteStream(path, { highWaterMark: 1024 * 1024 })
  file.write(`{"code":0,"msg":"ok","data":{"total":${rows},"rows":[`)
  for (let at = 0; at < rows; at++) {
    const row = JSON.stringify(rowOf(100_000 + at, random))
    if (!file.write(at === 0 ? row : `,${row}`)) await once(file, 'drain')
  }
  file.end(']}}')
  await once(file, 'close')
}

/** A linear congruential generator: what it draws has to look mixed, and to be the same everywhere. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state / 2 ** 32
  }
}

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗']
const given = [...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华红']
const districts = ['北京市朝阳区', '上海市浦东新区', '广东省深圳市南山区', '浙江省杭州市余杭区', '四川省成都市武侯区']
const roads = ['建设', '人民', '中山', '解放', '科技', '文一西', '天府', '软件园', '学院']
const estates = ['阳光', '金色', '紫荆', '翠湖']
const regions = ['110105', '310115', '440305', '330110', '510107', '420111']
const departments = ['研发中心', '财务部', '市场部', '人力资源部', '客户服务中心', '风险管理部']
const text =
  '客户来电咨询账单问题已核实身份信息并完成变更登记后续由专员跟进处理预计三个工作日内回复请保持电话畅通如有疑问可联系在线客服或前往就近网点办理相关业务'
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

function rowOf(id: number, random: () => number) {
  const below = (most: number) => Math.floor(random() * most)
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)]!
  const digits = (count: number) => Array.from({ length: count }, () => below(10)).join('')
  const two = (most: number) => String(1 + below(most)).padStart(2, '0')
  const name = () => pick(surnames) + pick(given) + (below(3) > 0 ? pick(given) : '')
  const mobile = () => pick(['138', '139', '150', '186', '177']) + digits(8)
  const from = below(text.length - 48)
  return {
    id,
    name: name(),
    idCard: residentId(`${pick(regions)}${1960 + below(45)}${two(12)}${two(28)}${digits(3)}`),
    mobile: mobile(),
    email: `user${digits(5)}@${pick(['example.com', 'corp.example.cn', 'mail.example.org'])}`,
    address: `${pick(districts)}${pick(roads)}路${two(999)}号${pick(estates)}花园${two(30)}栋${two(4)}单元${two(32)}0${two(4)}室`,
    bankCard: `622${digits(16)}`,
    department: pick(departments),
    role: pick(['admin', 'operator', 'auditor', 'viewer']),
    createdAt: new Date(1.7e12 + below(5e10)).toISOString(),
    status: pick(['ACTIVE', 'LOCKED', 'PENDING']),
    score: Math.round(random() * 10_000) / 100,
    tags: [pick(['vip', 'new', 'risk']), pick(['east', 'west', 'south']), pick(['a', 'b', 'c']) + below(100)],
    remark: `[${digits(4)}] ${text.slice(from, from + 48)}${pick(['。', '!', '\n', ' "ok"'])}`,
    nested: { emergencyContact: { name: name(), mobile: mobile() } },
  }
}

function residentId(first17: string): string {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(first17[at]), 0)
  return first17 + '10X98765432'[sum % 11]
}
