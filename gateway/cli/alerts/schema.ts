/** The keys of policies/alerts.yaml: what it is validated with, and what editors read (policies/schema/alerts.json). */
import { plugins } from '../../../plugins/index.ts'
import { watches } from '../../access/alerts/rules.ts'
import { usualRate } from '../../access/lockdown/scope.ts'
import { hoursPattern, timePattern } from '../../config/quantities.ts'
import { effects } from '../../lockdown-event.ts'
import { about, object, text, typeName } from '../../policy/schema-parts.ts'
import type { Schema } from '../../policy/validate.ts'

const count = (en: string, zh: string): Schema => ({ type: 'integer', minimum: 0, maximum: 1e9, ...about(en, zh) })
const times = (en: string, zh: string): Schema => ({ type: 'number', minimum: 1, maximum: 1000, ...about(en, zh) })
const duration = (en: string, zh: string): Schema => ({
  type: 'string',
  pattern: timePattern,
  'x-words': { zh: '写作 10m、24h', en: 'write 10m, 24h' },
  ...about(en, zh),
})
const word = (en: string, zh: string): Schema => ({ type: 'string', minLength: 1, maxLength: 128, ...about(en, zh) })

const rule = object(
  {
    watch: {
      enum: Object.keys(watches),
      ...about(
        `What is counted: ${Object.entries(watches)
          .map(([name, { en }]) => `${name} (${en})`)
          .join(', ')}.`,
        `数什么：${Object.entries(watches)
          .map(([name, { zh }]) => `${name}（${zh}）`)
          .join('，')}。`,
      ),
    },
    per: {
      enum: ['operator', 'consumer', 'address'],
      ...about(
        'Of whom; operator if left out. Consumers that name no operator count as one.',
        '按谁计；不写则按操作人，不说明操作人的调用方按一人计。',
      ),
    },
    within: duration('The time in which it is counted; 1h if left out.', '计数的时间范围；不写则为 1h。'),
    over: count('More than this raises the alert; 0 if left out.', '超过此数即告警；不写则为 0。'),
    times_own: times(
      "And more than so many times the median of one's own last 14 days.",
      '并且超过本人近 14 天中位数的倍数。',
    ),
    times_peers: times('And more than so many times the median of the others.', '并且超过他人中位数的倍数。'),
    hours: {
      type: 'array',
      items: {
        type: 'string',
        pattern: hoursPattern,
        'x-words': { zh: '写作 Mon-Fri 08:00-18:00', en: 'write Mon-Fri 08:00-18:00' },
      },
      minItems: 1,
      maxItems: 14,
      ...about(
        'Working hours, for off_hours; in the timezone of gateway.yaml.',
        '工作时间，用于 off_hours；按 gateway.yaml 的时区。',
      ),
    },
    quiet: duration(
      'For so long it says nothing more of the same one; 24h if left out.',
      '此后多久不再就同一对象告警；不写则为 24h。',
    ),
    actions: {
      type: 'array',
      items: { enum: ['notify', ...effects] },
      minItems: 1,
      uniqueItems: true,
      ...about(
        'notify (if left out), or also what is done to the operator, else to the consumer, until two people lift it: slow_down (so many requests a minute), mask_harder (shown as if nothing was presented, and one form stricter), block (refused).',
        'notify（不写即此）；或再对该操作人（否则该调用方）采取措施，直到两人解除：slow_down（每分钟限次）、mask_harder（视同未出示任何凭据，且脱敏加严一档）、block（拒绝）。',
      ),
    },
    lasts: duration(
      'After so long slow_down and mask_harder end by themselves; 24h if left out. block does not.',
      'slow_down 与 mask_harder 多久后自行结束；不写则为 24h。block 不自行结束。',
    ),
    slow_to: {
      type: 'integer',
      minimum: 1,
      maximum: 6000,
      ...about(
        `Requests a minute under slow_down; ${usualRate} if left out.`,
        `slow_down 时每分钟请求数；不写则为 ${usualRate}。`,
      ),
    },
  },
  ['watch'],
)

const sample = object(
  {
    at: word('2026-11-20T09:30, in UTC.', '2026-11-20T09:30，按 UTC。'),
    times: count('How many of it; 1 if left out.', '多少条；不写则为 1。'),
    every: duration('Between them; 1m if left out.', '间隔；不写则为 1m。'),
    days: count('On so many days; 1 if left out.', '连续多少天；不写则为 1。'),
    kind: { enum: ['access', 'refused', 'gap'], ...about('access, if left out.', '不写则为 access。') },
    consumer: word('oa, if left out.', '不写则为 oa。'),
    operator: word('The login; none if left out.', '登录名；不写则没有。'),
    address: word('10.0.0.1, if left out.', '不写则为 10.0.0.1。'),
    people: count('In each; 0 if left out.', '每条涉及的人数；不写则为 0。'),
    same: { type: 'boolean', ...about('The same people each time.', '每次是同样的人。') },
    rows: count('In each; as many as people if left out.', '每条的行数；不写则与人数相同。'),
    clear: count('Values of level 3 and 4 shown clear, in each.', '每条以明文显示的 3、4 级值。'),
    status: {
      type: 'integer',
      minimum: 100,
      maximum: 599,
      ...about('200, or 403 of refused ones.', '200；被拒绝的为 403。'),
    },
    code: word('Why it was refused: PARAMETER_MASKED ...', '被拒绝的原因：PARAMETER_MASKED 等。'),
    searched: { type: 'boolean', ...about('A search by a field of level 3 or 4.', '按 3、4 级字段查询。') },
    grant: word('The id of a grant.', '授权编号。'),
    reference: word('Of its basis.', '依据编号。'),
    canary: { type: 'boolean', ...about('A canary is among the people.', '其中有不应被查看的人。') },
  },
  ['at'],
)

/** One way to tell people, with its own options. */
const notifier: Schema = {
  type: 'object',
  properties: Object.fromEntries(
    plugins.notifiers.map(({ name, summary, options }) => [name, { ...about(summary.en, summary.zh), ...options }]),
  ),
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
}

export const alertsSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Veilgate alerts: what is to be noticed in the records',
  ...object(
    {
      $schema: { type: 'string', ...about('For editors.', '供编辑器使用。') },
      alerts: {
        type: 'object',
        propertyNames: typeName,
        additionalProperties: rule,
        minProperties: 1,
        ...about('Rules by name.', '规则，按名称。'),
      },
      canaries: {
        type: 'array',
        items: {
          type: 'object',
          propertyNames: typeName,
          additionalProperties: text,
          minProperties: 1,
          maxProperties: 1,
        },
        maxItems: 1000,
        ...about(
          'Made-up people in the systems whom nobody should look at, by data type: { cn_resident_id: "…" }.',
          '系统中虚构的、无人应当查看的人，按数据类型：{ cn_resident_id: "…" }。',
        ),
      },
      notifiers: {
        type: 'object',
        propertyNames: typeName,
        additionalProperties: notifier,
        ...about(
          'Who is told of alerts, by a name of your own. Options that end in _file are paths relative to this file.',
          '告警通知谁，名称自取。以 _file 结尾的选项是相对本文件的路径。',
        ),
      },
      tests: {
        type: 'array',
        items: object(
          {
            name: { ...text, ...about('What the test shows, in a sentence.', '一句话说明测试什么。') },
            records: {
              type: 'array',
              items: sample,
              minItems: 1,
              maxItems: 100,
              ...about('Sample records.', '样例记录。'),
            },
            expect: {
              type: 'array',
              items: { type: 'string', maxLength: 200 },
              ...about(
                'What is raised, in order: `rule operator`, or with what is done: `rule operator: notify, block`. Empty: nothing.',
                '依次发出的告警：“规则 操作人”，或连同措施：“规则 操作人: notify, block”。空：没有。',
              ),
            },
          },
          ['name', 'records', 'expect'],
        ),
        ...about('Run by `veilgate test`.', '由 `veilgate test` 运行。'),
      },
    },
    ['alerts'],
  ),
}
