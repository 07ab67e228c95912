/** Made-up running text with one personal value in it, in the ways people write, and text that only looks as if it had one. */
import { people } from '../../../gateway/demo/people.ts'
import type { Chance } from './chance.ts'
import * as numbers from './numbers.ts'

/** A text, and where in it the value stands that was put there. */
export type Labelled = { readonly text: string; readonly start: number; readonly end: number; readonly type: string }

type Kind = {
  readonly make: (chance: Chance) => string
  /** With `@` where the value goes. */
  readonly around: readonly string[]
  readonly write?: readonly ((value: string, chance: Chance) => string)[]
}

const plain = (value: string) => value
const fullWidth = (value: string) => value.replace(/[!-~]/g, one => String.fromCharCode(one.charCodeAt(0) + 0xfee0))
const inFours = (sign: string) => (value: string) => value.replace(/(.{4})(?=.)/g, `$1${sign}`)
const grouped =
  (sign: string, ...lengths: number[]) =>
  (value: string) => {
    const parts: string[] = []
    let at = 0
    for (const length of lengths) {
      parts.push(value.slice(at, at + length))
      at += length
    }
    return [...parts, value.slice(at)].filter(part => part !== '').join(sign)
  }
/** As text copied from a page has them. */
const widthless = (value: string, { below }: Chance) => {
  const at = 1 + below(value.length - 1)
  return `${value.slice(0, at)}\u200b${value.slice(at)}`
}

const crowd = people(4000, 77)
const person = ({ pick }: Chance) => pick(crowd)

export const kinds: Readonly<Record<string, Kind>> = {
  cn_resident_id: {
    make: numbers.residentId,
    around: [
      '身份证号码：@，请核对',
      '证件号@已登记',
      '本人（@）申请',
      'ID @ checked',
      '@',
      '身份证@',
      '共同借款人身份证号为@。',
      '"idno=@"',
      '参保人@于三月参保',
      '身份证@不符，退回',
    ],
    write: [
      plain,
      plain,
      plain,
      fullWidth,
      (value: string) => (value.length === 18 ? grouped(' ', 6, 8, 4)(value) : value),
      (value: string) => value.toLowerCase(),
      widthless,
    ],
  },
  cn_mobile: {
    make: numbers.mobile,
    around: [
      '电话@，周五下午',
      '请拨打@联系',
      '手机：@',
      '本人手机@已停机',
      'tel:@',
      '@',
      '微信同号@哦',
      '来电@咨询休学',
      '加我@备注来意',
      '@（家长）',
    ],
    write: [
      plain,
      plain,
      grouped(' ', 3, 4),
      grouped('-', 3, 4),
      value => `+86 ${value}`,
      value => `+86${value}`,
      value => `86-${value}`,
      fullWidth,
      widthless,
    ],
  },
  bank_card: {
    make: numbers.bankCard,
    around: [
      '卡号@，工行',
      '请汇至@',
      '工资卡@已变更',
      '尾号不对，完整卡号为@',
      '@',
      'card @ expired',
      '银行卡：@；开户行',
      '奖学金打入@',
    ],
    write: [
      plain,
      plain,
      value => (value.length === 15 ? value : inFours(' ')(value)),
      value => (value.length === 15 ? value : inFours('-')(value)),
      fullWidth,
    ],
  },
  email: {
    make: numbers.email,
    around: ['邮箱@，请查收', '发到@即可', 'mailto:@', '@', '联系人邮箱：@；', '<@> wrote:'],
  },
  landline_number: {
    make: numbers.landline,
    around: ['办公室电话：@', '请致电@咨询', '传真@', '@转8001', '座机@，工作日', '咨询热线：@。'],
    write: [plain, value => value.replace('-', ' '), value => value.replace(/-(\d{4})/, '-$1 ')],
  },
  intl_phone: { make: numbers.intlPhone, around: ['call @ today', '境外电话@', '香港联系人@，晚上', 'Phone: @', '@'] },
  iban: {
    make: numbers.iban,
    around: ['IBAN: @.', '收款账号@', 'pay to @ please', '@', '境外账户（@）'],
    write: [plain, plain, inFours(' ')],
  },
  cn_credit_code: {
    make: numbers.creditCode,
    around: ['统一社会信用代码：@', '税号@，开票', '个体户@变更', '@', '执照@已注销'],
  },
  vin: { make: numbers.vin, around: ['车架号：@', 'VIN @ 已登记', '@', '车辆识别代号@，蓝色'] },
  imei: {
    make: numbers.imei,
    around: ['IMEI：@', '手机串号@', '设备串号：@，已挂失', 'imei=@', 'IMEI1: @'],
  },
  uk_nhs_number: {
    make: numbers.nhsNumber,
    around: ['NHS number: @', 'NHS No. @', '英国医保号@', 'NHS @ on file'],
    write: [plain, grouped(' ', 3, 3)],
  },
  us_ssn: { make: numbers.ssn, around: ['SSN: @', 'his SSN is @,', '@', '美国社会安全号@'] },
  in_aadhaar: {
    make: numbers.aadhaar,
    around: ['Aadhaar: @', 'Aadhaar number @ linked', 'Aadhaar No. @'],
    write: [plain, inFours(' ')],
  },
  hk_mo_tw_id: { make: numbers.hongKongId, around: ['香港身份证@', '港生@已报到', '香港居民身份证号码：@。'] },
  vehicle_plate: { make: numbers.plate, around: ['@停在北门', '车牌：@', '请@车主挪车', '登记车辆@，白色', '@'] },
  ip_address: {
    make: numbers.ipAddress,
    around: ['登录IP：@', '来自@的请求', 'from @ port 52111', '账号在@登录', 'client=@'],
  },
  mac_address: { make: numbers.macAddress, around: ['MAC地址@', '终端@上线', 'dhcp lease @ renewed', '@'] },
  coordinates: { make: numbers.coordinates, around: ['签到坐标：@', '定位@，误差十米', '位置（@）', '最后经纬度：@'] },
  passport_number: { make: numbers.passport, around: ['护照号：@', '持护照@入境', '护照号码为@', '护照：@，有效期'] },
  qq_number: {
    make: ({ below, digits }) => `${1 + below(9)}${digits(7 + below(3))}`,
    around: ['QQ：@', '加QQ@', 'QQ号：@，晚上在线', 'qq号是@'],
  },
  wechat_id: { make: ({ digits }) => `wx_${digits(6)}ab`, around: ['微信：@', '加微信@', '微信号：@，备注班级'] },
  student_number: {
    make: ({ below, digits }) => `20${18 + below(8)}${digits(6)}`,
    around: ['学号：@', '学号@同学', '（学号@）'],
  },
  credential: {
    make: ({ digits, letters }) => `${letters(3).toLowerCase()}${digits(4)}!`,
    around: ['初始密码：@', '密码是@ 请修改', '登录密码为@ ，勿外传'],
  },
  verification_code: {
    make: ({ digits }) => digits(6),
    around: ['验证码：@，五分钟内有效', '您的验证码是@', '【平台】验证码@，请勿泄露'],
  },
  medical_record_number: { make: ({ digits }) => digits(8), around: ['住院号：@', '病历号@', '门诊号：@，复诊'] },
  person_name: {
    make: chance => person(chance).name,
    around: [
      '联系人：@，已通知',
      '父亲@来电',
      '请@老师确认',
      '患者@，男，45岁',
      '学生@请假两天',
      '辅导员@已知悉',
      '原告@诉称',
      '尊敬的@女士：',
      '经办人：@',
      '@同学获得一等奖',
      '配偶@在外地务工',
      '审批人@同意',
    ],
  },
  address: {
    make: chance => person(chance).address,
    around: ['现住@。', '家庭住址：@', '寄到@即可', '户籍地@，已核', '请送至@，谢谢', '住在@，离校较远', '@'],
  },
  spoken_number: {
    make: chance =>
      numbers.spoken(
        chance.pick([numbers.mobile, numbers.mobile, numbers.landline, numbers.residentId, numbers.bankCard])(chance),
        chance,
      ),
    around: ['电话是@，请记一下', '打@找我', '您报的是@，对吗', '@', '念一下：@。', '家长口述@', '录音转写：@，谢谢'],
    write: [
      plain,
      plain,
      value => value.replace(/(.{3})(?=.)/g, '$1 '),
      value => value.replace(/(.{4})(?=.)/g, '$1，'),
    ],
  },
}

/** A text with a value of this type. */
export function textWith(type: string, chance: Chance): Labelled {
  const { make, around, write = [plain] } = kinds[type]!
  const value = chance.pick(write)(make(chance), chance)
  const [before, after] = chance.pick(around).split('@') as [string, string]
  const lead = chance.below(3) === 0 ? chance.pick(fillers) : ''
  const start = lead.length + before.length
  return { text: lead + before + value + after, start, end: start + value.length, type }
}

const fillers = [
  '在校表现良好。',
  '经核实，',
  '备注：',
  '[3021] ',
  '2026-11-21 ',
  'Note: ',
  '高等数学已补考；',
  '请尽快处理，',
]

const { stringify } = JSON
/** Numbers and words that are nobody's, in the text they stand in. */
const negatives: readonly ((chance: Chance) => string)[] = [
  ({ digits }) => `订单号20261121${digits(10)}已发货`,
  ({ digits }) => `order ${digits(12)} shipped`,
  ({ below }) => `at ${1_700_000_000_000 + below(90_000_000_000)}`,
  ({ below }) => `unix ${1_700_000_000 + below(90_000_000)}`,
  ({ below }) =>
    `2026-${two(1 + below(12))}-${two(1 + below(28))} ${two(below(24))}:${two(below(60))}:${two(below(60))}`,
  ({ below }) => `2026${two(1 + below(12))}${two(1 + below(28))}${two(below(24))}${two(below(60))}${two(below(60))}`,
  ({ digits, letters }) => `货号${letters(2)}-${digits(6)}-${digits(2)}`,
  ({ digits, letters }) => `SKU ${letters(3)}${digits(9)}`,
  ({ below }) => `v${below(9)}.${below(40)}.${below(400)}.${below(20)}`,
  ({ digits }) => `运费合计${digits(3)}.${digits(2)}元，共${digits(2)}件`,
  ({ below }) => stringify({ sha: Array.from({ length: 40 }, () => '0123456789abcdef'[below(16)]).join('') }),
  ({ below }) => hex(below, 8, 4, 4, 4, 12),
  ({ digits }) => `批次号${digits(11)}`.replace(/号1/, '号2'),
  ({ digits }) => `ISBN 978-7-${digits(3)}-${digits(5)}-${digits(1)}`,
  ({ digits }) => `发票代码0${digits(11)}，发票号码${digits(8)}`,
  ({ digits }) => `流水号${digits(20)}`,
  ({ digits }) => `0.${digits(15)}`,
  ({ digits }) => `温度记录 ${digits(2)}.${digits(1)} ${digits(2)}.${digits(1)} ${digits(2)}.${digits(1)}`,
  ({ digits }) => `会议室${digits(3)}，投影仪编号${digits(6)}`,
  ({ below }) => `第${1 + below(30)}章第${1 + below(9)}节，共${below(400)}页`,
  ({ digits }) => `国发〔2026〕${digits(2)}号文件第三条`,
  ({ digits }) => `地铁${digits(1)}号线换乘${digits(2)}路公交`,
  ({ pick }) =>
    `${pick(['高强度训练', '黄金时段', '江山如画', '马上处理', '周末安排', '方正字体', '白云机场', '金融学院', '石英砂采购', '文明班级', '安静自习', '成功提交', '程序异常', '余额不足', '任意一门', '万一下雨', '常见问题', '龙舟比赛'])}${pick(['，请知悉', '已完成', '通知', '。'])}`,
  ({ pick }) =>
    `${pick(['浙江省', '杭州市', '四川省成都市', '广东省', '西湖区'])}${pick(['教育厅印发通知', '气象台发布预警', '高考报名开始', '新增三所中学', '图书馆周一闭馆'])}`,
  ({ pick }) =>
    `${pick(['学生', '患者', '客户', '家长', '负责人', '联系人'])}${pick(['人数统计', '方便时请回复', '高度重视', '满意度调查', '李经理已离职', '信息待补充', '周五前反馈', '全部到齐', '于三月入学'])}`,
  ({ digits }) => `护照办理须知共${digits(1)}页，证件照规格33x48`,
  ({ digits }) => `QQ音乐会员${digits(2)}元，微信支付立减${digits(1)}元`,
  ({ digits }) => `密码长度不少于${digits(1)}位，验证码5分钟内有效`,
  ({ digits }) => `快递柜${digits(2)}号格口，凭取件通知领取`,
  ({ digits }) => `学号规则：入学年份加院系代码，共${digits(2)}位`,
  ({ letters, digits }) => `${letters(1)}座${digits(3)}教室，新${letters(1)}版教材`,
  ({ digits }) => `坐标系采用CGCS2000，比例尺1:${digits(1)}000`,
  ({ below }) => `IP白名单功能上线，子网掩码255.255.${below(255)}.0`,
  ({ digits }) => `${digits(3)}-${digits(2)}-${digits(3)}-${digits(2)}`,
  ({ letters, digits }) => `合同编号HT${letters(2)}${digits(13)}`,
  ({ digits }) => `+${digits(2)} points, ${digits(3)} -${digits(2)}`,
  chance => `文号二零二六${numbers.spoken(chance.digits(9), chance)}`,
  ({ pick }) => `人民币${pick([...'壹贰叁肆'])}拾${pick([...'陆柒捌玖'])}万${pick([...'壹贰叁肆'])}仟元整`,
  ({ pick }) => `二〇二六年${pick([...'一二三五'])}月十${pick([...'一二三四'])}日第${pick([...'二三四'])}百十一次会议`,
]

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function hex(below: Chance['below'], ...lengths: number[]): string {
  return lengths.map(length => Array.from({ length }, () => '0123456789abcdef'[below(16)]).join('')).join('-')
}

/** A text with nothing personal in it that is hard to tell from one that has. */
export function harmlessText(chance: Chance): string {
  return chance.pick(negatives)(chance)
}
