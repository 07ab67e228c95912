/** The words of a report, in both languages. */
import type { Bilingual, Form } from '../../contracts.ts'
import type { Outcome } from '../kinds/exchange.ts'
import type { PeriodName } from './period.ts'

export const periodWords: Readonly<Record<PeriodName, { readonly name: Bilingual; readonly before: Bilingual }>> = {
  day: { name: { zh: '日报', en: 'Day' }, before: { zh: '前一日', en: 'the day before' } },
  week: { name: { zh: '周报', en: 'Week' }, before: { zh: '上一周', en: 'the week before' } },
  month: { name: { zh: '月报', en: 'Month' }, before: { zh: '上月', en: 'the month before' } },
  quarter: { name: { zh: '季报', en: 'Quarter' }, before: { zh: '上一季度', en: 'the quarter before' } },
}

export const outcomeWords: Readonly<Record<Outcome, Bilingual>> = {
  released: { zh: '已放行', en: 'released' },
  withheld: { zh: '已扣留', en: 'withheld' },
  refused: { zh: '已拒绝', en: 'refused' },
  aborted: { zh: '中途切断', en: 'cut off' },
  held: { zh: '等待审核', en: 'waiting for review' },
}

export const formWords: Readonly<Record<Form, Bilingual>> = {
  clear: { zh: '明文', en: 'clear' },
  partial: { zh: '部分遮盖', en: 'partial' },
  generalize: { zh: '概化', en: 'generalised' },
  token: { zh: '令牌', en: 'token' },
  digest: { zh: '摘要', en: 'digest' },
  redact: { zh: '全部遮盖', en: 'redacted' },
  remove: { zh: '删除', en: 'removed' },
}

export const words = {
  title: { zh: '个人信息访问报告', en: 'Access to personal information' },
  running: {
    zh: '本期尚未结束，数字截至生成时。',
    en: 'The period is not over: figures are up to when this was made.',
  },
  made: { zh: '生成于', en: 'made' },
  times: { zh: '时间均为', en: 'times are in' },
  exchanges: { zh: '访问次数', en: 'Requests' },
  people: { zh: '涉及人数', en: 'People in answers' },
  hidden: { zh: '敏感值被遮盖', en: 'Sensitive values hidden' },
  hiddenNote: { zh: '四级、三级个人信息', en: 'of levels 4 and 3' },
  reveals: { zh: '明文查看', en: 'Reveals' },
  revealsNote: { zh: '含四级或三级明文的应答', en: 'answers with level 4 or 3 in clear' },
  exports: { zh: '导出', en: 'Exports' },
  exportsNote: { zh: 'CSV、Excel 或 500 行以上', en: 'CSV, Excel, or 500 rows and more' },
  refused: { zh: '拒绝', en: 'Refused' },
  refusedNote: { zh: '请求未转发', en: 'requests not forwarded' },
  withheld: { zh: '扣留', en: 'Withheld' },
  withheldNote: { zh: '应答无法安全脱敏', en: 'answers that could not be masked safely' },
  outage: { zh: '停止服务', en: 'Not serving' },
  outageNote: { zh: '因记录无法写入', en: 'as records could not be written' },
  attention: { zh: '需要关注', en: 'What needs attention' },
  noBefore: { zh: '上期没有记录，无从比较', en: 'nothing is on record of the period before' },
  nothing: { zh: '本期没有需要特别关注的事项。', en: 'Nothing in this period needs attention.' },
  overTime: { zh: '访问随时间的变化', en: 'Requests over time' },
  revealsOverTime: { zh: '明文查看随时间的变化', en: 'Reveals over time' },
  levels: { zh: '各级个人信息以何种形式给出', en: 'How each level was shown' },
  level: { zh: '级', en: 'level' },
  values: { zh: '值', en: 'values' },
  types: { zh: '最常出现的数据类型', en: 'Data types seen most' },
  type: { zh: '数据类型', en: 'data type' },
  clearShare: { zh: '明文占比', en: 'in clear' },
  systems: { zh: '各系统', en: 'By system' },
  system: { zh: '系统', en: 'system' },
  consumers: { zh: '各调用方', en: 'By consumer' },
  consumer: { zh: '调用方', en: 'consumer' },
  operators: { zh: '看到明文最多的操作人', en: 'Operators who were shown most in clear' },
  clearValues: { zh: '明文个数', en: 'values' },
  operator: { zh: '操作人', en: 'operator' },
  unknownSystem: { zh: '（未匹配系统）', en: '(no system)' },
  unknownConsumer: { zh: '（未表明身份）', en: '(unidentified)' },
  change: { zh: '变化', en: 'change' },
  peopleTimes: { zh: '人次', en: 'people, times' },
  reasons: { zh: '明文查看的用途与依据', en: 'Why it was shown in clear' },
  purpose: { zh: '用途', en: 'purpose' },
  basis: { zh: '依据', en: 'basis' },
  noPurpose: { zh: '（未说明）', en: '(not stated)' },
  noBasis: { zh: '（无依据）', en: '(none)' },
  hours: { zh: '明文查看发生的时段', en: 'When it was shown in clear' },
  hoursNote: {
    zh: '深色表示次数多；框内为工作日 7 时至 21 时。',
    en: 'Darker is more; the frame is Monday to Friday, 7:00 to 21:00.',
  },
  biggest: { zh: '最大的导出', en: 'Largest exports' },
  noExports: { zh: '本期没有导出。', en: 'There were no exports.' },
  noReveals: { zh: '本期没有四级、三级明文查看。', en: 'Nothing of levels 4 and 3 was shown in clear.' },
  time: { zh: '时间', en: 'time' },
  route: { zh: '接口', en: 'route' },
  rows: { zh: '行数', en: 'rows' },
  format: { zh: '格式', en: 'format' },
  record: { zh: '记录', en: 'record' },
  codes: { zh: '拒绝与扣留的原因', en: 'Why requests were refused and answers withheld' },
  reason: { zh: '原因', en: 'reason' },
  times_: { zh: '次数', en: 'times' },
  noCodes: { zh: '没有被拒绝的请求，也没有被扣留的应答。', en: 'No request was refused and no answer withheld.' },
  changes: { zh: '策略、配置与密钥的变更', en: 'Changes of policy, configuration and keys' },
  noChanges: { zh: '本期没有变更。', en: 'There were none.' },
  what: { zh: '事项', en: 'what' },
  alerts: { zh: '告警', en: 'Alerts' },
  noAlerts: { zh: '本期没有告警。', en: 'There were none.' },
  rule: { zh: '规则', en: 'rule' },
  integrity: { zh: '记录是否可信', en: 'Whether the records can be relied on' },
  readings: { zh: '谁查阅过记录', en: 'Who read the records' },
  grants: { zh: '授权', en: 'Grants' },
  reviews: { zh: '应答审核', en: 'Reviewed answers' },
  openReviews: { zh: '期末仍在等待', en: 'waiting at the end' },
  oldestReview: { zh: '其中最早', en: 'of them the oldest' },
  noReadings: { zh: '没有人查阅过记录。', en: 'Nobody did.' },
  someone: { zh: '（某系统用户）', en: '(a system user)' },
  notes: { zh: '口径说明', en: 'How this is counted' },
  new: { zh: '新增', en: 'new' },
  earlier: { zh: '上期', en: 'before' },
  same: { zh: '持平', en: 'same' },
  seconds: { zh: '秒', en: 's' },
} as const satisfies Readonly<Record<string, Bilingual>>

export const weekdays: readonly Bilingual[] = [
  { zh: '周一', en: 'Mon' },
  { zh: '周二', en: 'Tue' },
  { zh: '周三', en: 'Wed' },
  { zh: '周四', en: 'Thu' },
  { zh: '周五', en: 'Fri' },
  { zh: '周六', en: 'Sat' },
  { zh: '周日', en: 'Sun' },
]

export const noteLines: readonly Bilingual[] = [
  {
    zh: '访问次数：完整应答、分段应答（按结束计一次）与被拒绝的请求；短时间内的同类匿名拒绝按其次数计。',
    en: 'Requests: whole answers, long ones counted once by their end, and refusals; a refusal that stands for several counts as many.',
  },
  {
    zh: '涉及人数：按盲索引去重；盲索引每月更换密钥，跨月的同一人会重复计数。',
    en: 'People: different blind indexes; their key changes each month, so that somebody seen in two months counts twice.',
  },
  {
    zh: '明文查看：至少一个四级或三级的值以明文给出的应答。',
    en: 'Reveals: answers in which at least one value of level 4 or 3 was clear.',
  },
  {
    zh: '导出：CSV 或 Excel 文件，以及 500 行以上的应答。',
    en: 'Exports: CSV and Excel files, and answers of 500 rows and more.',
  },
  {
    zh: '报告只含计数、名称与记录编号，不含任何个人信息的值。',
    en: 'This report holds counts, names and numbers of records; no value of personal information.',
  },
]
