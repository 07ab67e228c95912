/** One of `tests` in systems/*.yaml. */
import { about, object, presentables, text } from './schema-parts.ts'
import type { Schema } from './validate.ts'

export function testCase(): Schema {
  const sees = { type: 'string', maxLength: 1_000_000 }
  const expectation = {
    type: ['string', 'object'],
    'x-words': {
      zh: "此处可写 with、sees、refused；若是应答内容，请用单引号括成一段文字：'{…}'",
      en: "with, sees and refused stand here; a body is one text, in single quotes: '{…}'",
    },
    properties: {
      with: {
        type: 'array',
        items: { enum: [...presentables] },
        uniqueItems: true,
        ...about('What the request presents.', '请求所出示的。'),
      },
      sees: {
        ...sees,
        ...about(
          'The body this audience gets; compared as JSON, or as text where `type` is none of JSON.',
          '该受众得到的内容；按 JSON 比较，type 不是 JSON 时按文字比较。',
        ),
      },
      refused: { type: 'string', ...about('The code of the refusal instead.', '或者：拒绝的错误码。') },
    },
    additionalProperties: false,
  }
  return object(
    {
      name: { ...text, ...about('What the test shows, in a sentence.', '一句话说明测试什么。') },
      request: {
        type: 'string',
        maxLength: 2000,
        ...about('Method and target: GET /api/students/7.', '方法与地址：GET /api/students/7。'),
      },
      type: {
        type: 'string',
        maxLength: 200,
        ...about(
          'The media type of `given`; application/json if left out.',
          'given 的媒体类型；不写则为 application/json。',
        ),
      },
      given: { ...sees, ...about('The body the system answers with.', '系统应答的内容。') },
      as: {
        type: 'string',
        minLength: 1,
        maxLength: 128,
        ...about('The login of the operator, for rules with `own`.', '操作员的登录名，用于含 `own` 的规则。'),
      },
      on: {
        type: 'string',
        pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
        'x-words': { zh: '写作日期，如 2026-11-21', en: 'a day, as in 2026-11-21' },
        ...about(
          'The day it is, for rules with `subject_age`; today if left out.',
          '当天日期，用于含 `subject_age` 的规则；不写则为今天。',
        ),
      },
      expect: {
        type: 'object',
        ...about(
          'By audience: the body it gets, { with, sees } or { refused }.',
          '按受众：它得到的内容，或 { with, sees }，或 { refused }。',
        ),
        minProperties: 1,
        additionalProperties: expectation,
      },
    },
    ['name', 'request', 'expect'],
  )
}
