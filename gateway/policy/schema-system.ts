import { about, bilingual, cell, cellWords, object, plainName, presentables, text } from './schema-parts.ts'
import type { Schema } from './validate.ts'

const reason = { type: 'string', minLength: 1, maxLength: 400 }

/** The keys of systems/*.yaml. */
export function systemKeys(): Schema {
  const fields = (en: string, zh: string) => ({
    type: 'object',
    ...about(en, zh),
    additionalProperties: {
      type: ['string', 'object'],
      properties: {
        not_personal: { ...reason, ...about('Why this is not personal information.', '为什么这不是个人信息。') },
      },
      required: ['not_personal'],
      additionalProperties: false,
    },
  })
  const types = (en: string, zh: string) => ({
    type: 'object',
    ...about(en, zh),
    additionalProperties: { type: 'string' },
  })
  const told = { type: ['string', 'number', 'boolean'], maxLength: 400 }
  const when = {
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
      additionalProperties: { type: ['string', 'number', 'boolean', 'array'], items: told, minItems: 1, maxItems: 500 },
    },
    ...about(
      'Rules that look at the row: where an object has these values (a name and a value, or a list of values), its fields are these.',
      '看行的规则：对象中有这些值时（字段名与一个或多个取值），其字段按此处理。',
    ),
  }
  const route = object(
    {
      path: {
        type: 'string',
        minLength: 1,
        maxLength: 512,
        ...about(
          'Literal beats {x} beats **; {x} is one segment, ** the rest.',
          '字面优先于 {x}，{x} 优先于 **；{x} 是一段，** 是其余全部。',
        ),
      },
      methods: {
        type: 'array',
        items: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
        minItems: 1,
        uniqueItems: true,
        ...about('GET and HEAD if left out; GET brings HEAD.', '不写则为 GET 和 HEAD；写 GET 即含 HEAD。'),
      },
      params: types('The types of the path parameters.', '路径参数的类型。'),
      query: types(
        'The types of the query parameters, or `any`; others are refused once this key is there.',
        '查询参数的类型，或 `any`；写了此键，其他参数一律拒绝。',
      ),
      fields: fields('Fields of this route; they go before those of the system.', '本路由的字段；优先于系统的字段。'),
      when,
      unlisted: unlisted(
        'Values that no field names: `scan` (if left out), `remove`, `hold` (an answer that has any waits for review), or { keep: reason }.',
        '没有字段名指到的值：`scan`（不写即此）、`remove`、`hold`（含有此类值的应答须等待审核）或 { keep: 理由 }。',
      ),
      review: review(
        'three: every answer waits until three people have passed, checked and released it.',
        'three：每个应答都须经三人初审、复核、签发后才放行。',
      ),
      columns: {
        type: 'array',
        items: { type: 'string', minLength: 1, maxLength: 100 },
        minItems: 1,
        maxItems: 1024,
        ...about(
          'The columns of tables (CSV, XLSX) that come without a header, in order; all their rows are then data.',
          '没有表头的表格（CSV、XLSX）各列的名称，按顺序；写了此键，所有行都是数据。',
        ),
      },
      bulk: {
        ...object(
          {
            rows: {
              type: 'integer',
              minimum: 0,
              maximum: 1_000_000_000,
              ...about(
                'Rows in one answer; with 0 every answer that has any.',
                '一个应答中的行数；写 0 则凡有数据的应答。',
              ),
            },
            people: {
              type: 'integer',
              minimum: 0,
              maximum: 1_000_000,
              ...about('Different people in one answer.', '一个应答中不同的人数。'),
            },
          },
          [],
        ),
        minProperties: 1,
        ...about('More rows or people than this need a grant.', '超过此行数或人数须有授权。'),
      },
      body: {
        enum: ['query', 'data'],
        ...about(
          'What is sent here: `query` asks, and is refused where it asks by a masked field; `data` is stored. `data` for PUT and PATCH, else `query`, if left out.',
          '发来的内容是什么：query 为查询，按已脱敏字段查询则拒绝；data 为要保存的内容。不写则 PUT、PATCH 为 data，其余为 query。',
        ),
      },
      jsonp: {
        enum: ['allow'],
        ...about(
          'Answers that hand JSON to a function (JSONP): read as JSON. Withheld if left out.',
          '把 JSON 交给回调函数的应答（JSONP）：按 JSON 读取。不写则扣留。',
        ),
      },
      from: moment('From when the route is served.', '从何时起提供此路由。'),
      until: moment('Until when; after it the answer is 410.', '到何时为止；此后回答 410。'),
      masked_values: {
        enum: ['refuse', 'drop'],
        ...about(
          'Masked values that are sent back: refuse the request (if left out), or leave them out of forms and merge patches.',
          '写回的脱敏内容：拒绝该请求（不写即此），或从表单与合并补丁中去掉。',
        ),
      },
      errors: {
        enum: ['mask', 'replace'],
        ...about(
          'Error bodies: mask what can be read (if left out), or replace all.',
          '错误应答：能读的脱敏（不写即此），或全部替换。',
        ),
      },
      charset: charset('Of answers on this route that declare none.', '本路由中未声明字符集的应答用此字符集。'),
      opaque: {
        ...object(
          {
            allow: {
              type: 'string',
              pattern: `^${cell}$`,
              'x-words': cellWords,
              ...about(
                'The cell they are taken for: only who sees its level clear gets them.',
                '视同哪一格的信息：只有能看到该级原文的人可以取得。',
              ),
            },
            reason: { ...reason, ...about('Why files may leave unread.', '为什么文件可以不读就放行。') },
          },
          ['allow', 'reason'],
        ),
        ...about(
          'Files that cannot be read: images, PDF, archives, office documents but XLSX. Withheld if left out.',
          '无法读取的文件：图片、PDF、压缩包、XLSX 以外的办公文档。不写则扣留。',
        ),
      },
    },
    ['path'],
  )
  return {
    system: {
      ...plainName,
      type: 'string',
      ...about('The name, as gateway.yaml has it.', '名称，与 gateway.yaml 一致。'),
    },
    title: { type: ['string', 'object'], ...about('What people call it.', '人们怎么称呼它。'), ...bilingualParts },
    fields: fields('Fields by name, for every route of this system.', '本系统所有路由的字段。'),
    when,
    routes: {
      type: 'array',
      items: route,
      minItems: 1,
      ...about('What may be asked; everything else is refused.', '允许的请求；其余一律拒绝。'),
    },
    charset: charset(
      'Of answers that declare none; a route may say otherwise. UTF-8 if left out.',
      '未声明字符集的应答用此字符集；路由可另写。不写则为 UTF-8。',
    ),
    assets: {
      ...object(
        {
          paths: {
            type: 'array',
            items: { type: 'string', minLength: 1, maxLength: 512 },
            minItems: 1,
            maxItems: 200,
            uniqueItems: true,
            ...about(
              'Written as those of routes: /static/**. A route that takes a path goes first.',
              '写法同路由：/static/**。路由能匹配的路径归路由。',
            ),
          },
          kinds: {
            type: 'array',
            items: { enum: ['styles', 'scripts', 'fonts', 'images'] },
            minItems: 1,
            uniqueItems: true,
            ...about('All four if left out.', '不写则四种都可。'),
          },
        },
        ['paths'],
      ),
      ...about(
        'What a page needs besides data. Passed unread, GET and HEAD, where label and bytes are of these kinds.',
        '页面所需的非数据文件。仅 GET 和 HEAD，类型标注与内容相符才放行，不读内容。',
      ),
    },
    unlisted: unlisted(
      'Values that no field names, on every route that does not say otherwise.',
      '没有字段名指到的值；路由可另写。',
    ),
    review: review(
      'Whether answers wait for review, on every route that does not say otherwise.',
      '应答是否须等待审核；路由可另写。',
    ),
    legacy_paths: {
      type: 'boolean',
      ...about(
        'Whether a session id may stand at the end of a path: /list.do;jsessionid=1A2B. false if left out.',
        '路径末尾可否带会话号：/list.do;jsessionid=1A2B。不写则为 false。',
      ),
    },
    tests: {
      type: 'array',
      items: testCase(),
      ...about('Examples, run by `veilgate test` through the engine.', '样例，由 `veilgate test` 经同一引擎运行。'),
    },
  }
}

function unlisted(en: string, zh: string): Schema {
  const keep = about('Why unlisted values may leave unread.', '为什么未列出的值可以不读就放行。')
  return {
    type: ['string', 'object'],
    ...about(en, zh),
    properties: { keep: { ...reason, ...keep } },
    required: ['keep'],
    additionalProperties: false,
    if: { type: 'string' },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
    then: { enum: ['scan', 'remove', 'hold'] },
  }
}

function review(en: string, zh: string): Schema {
  return { enum: ['three', 'none'], ...about(en, zh) }
}

function moment(en: string, zh: string): Schema {
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

function charset(en: string, zh: string): Schema {
  return { enum: ['utf-8', 'gbk', 'gb2312', 'gb18030', 'big5'], ...about(en, zh) }
}

function testCase(): Schema {
  const sees = { type: 'string', maxLength: 1_000_000 }
  const expectation = {
    type: ['string', 'object'],
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

const bilingualParts = { properties: bilingual['properties'], required: ['zh', 'en'], additionalProperties: false }
