/** What systems and routes in systems/*.yaml have in common. */
import { about } from './schema-parts.ts'
import type { Schema } from './validate.ts'

/** Somebody answers for it: the … that `rehearse` proposes is to be filled in. */
export const reason = {
  type: 'string',
  pattern: '\\p{L}',
  maxLength: 400,
  'x-words': { zh: '在此写明理由，日后有人会问', en: 'write the reason here; somebody will ask for it' },
}

export const fields = (en: string, zh: string) => ({
  type: 'object',
  ...about(en, zh),
  additionalProperties: {
    type: ['string', 'object'],
    properties: {
      not_personal: { ...reason, ...about('Why this is not personal information.', '为什么这不是个人信息。') },
    },
    required: ['not_personal'],
    additionalProperties: false,
    'x-words': {
      zh: '写数据类型（如 cn_mobile）或类别与级别（如 B2）；不是个人信息的写 { not_personal: 理由 }；里层的字段写作 外层.里层',
      en: 'write a data type, as cn_mobile, or a class and level, as B2; what is not personal { not_personal: reason }; what is inside outer.inner',
    },
  },
})

const told = { type: ['string', 'number', 'boolean'], maxLength: 400 }
export const when = {
  type: 'array',
  maxItems: 200,
  items: {
    type: 'object',
    properties: {
      subject_age: {
        type: 'string',
        pattern: '^(under|from) [0-9]{1,3}$',
        'x-words': { zh: '写作 under 14 或 from 18', en: 'as in `under 14` or `from 18`' },
        ...about(
          'The age of whom the object is about, in completed years, by its date of birth, age or ID number.',
          '该对象所指之人的周岁，由其出生日期、年龄或身份证号得出。',
        ),
      },
      own: {
        type: 'string',
        minLength: 1,
        maxLength: 128,
        ...about(
          'The field with the login of whom the object is about. Where it is the operator, and whoever vouches for the caller says so, the fields of the object are shown clear.',
          '写有本人登录名的字段。若它就是操作员，且由担保调用方身份者所说，该对象的字段显示原文。',
        ),
      },
      raise: {
        enum: [1, 2, 3],
        ...about(
          'By how many levels everything typed in the object counts as higher.',
          '该对象中所有字段按提高几级处理。',
        ),
      },
      fields: fields('What fields in the object are.', '该对象中各字段是什么。'),
    },
    additionalProperties: {
      type: ['string', 'number', 'boolean', 'array'],
      items: told,
      minItems: 1,
      maxItems: 500,
      'x-words': {
        zh: '此处是条件：字段名，后面是一个或多个取值；结果写在 fields 或 raise',
        en: 'this is a condition, the name of a field with a value or a list of values; what follows from it stands under `fields` or `raise`',
      },
    },
  },
  ...about(
    'Rules that look at the row: where an object has these values (a name and a value, or a list of values), its fields are these.',
    '看行的规则：对象中有这些值时（字段名与一个或多个取值），其字段按此处理。',
  ),
}

export function unlisted(en: string, zh: string): Schema {
  const keep = about('Why unlisted values may leave unread.', '为什么未列出的值可以不读就放行。')
  return {
    type: ['string', 'object'],
    ...about(en, zh),
    properties: { keep: { ...reason, ...keep } },
    required: ['keep'],
    additionalProperties: false,
    if: { type: 'string' },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
    then: {
      enum: ['scan', 'remove', 'hold'],
      'x-words': {
        zh: '可以写 scan、remove、hold，或 { keep: 理由 }',
        en: 'write scan, remove, hold or { keep: the reason }',
      },
    },
  }
}

export function review(en: string, zh: string): Schema {
  return { enum: ['three', 'none'], ...about(en, zh) }
}

export function moment(en: string, zh: string): Schema {
  return {
    type: 'string',
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$',
    'x-words': {
      zh: '写作带时区的时间，如 2027-01-31T00:00+08:00',
      en: 'a time with its zone, as in 2027-01-31T00:00+08:00',
    },
    ...about(en, zh),
  }
}

export function charset(en: string, zh: string): Schema {
  return { enum: ['utf-8', 'gbk', 'gb2312', 'gb18030', 'big5'], ...about(en, zh) }
}
