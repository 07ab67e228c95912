/** One of `routes` in systems/*.yaml. */

import { charset, fields, moment, reason, review, unlisted, when } from './schema-fields.ts'
import { about, cell, cellWords, object } from './schema-parts.ts'
import type { Schema } from './validate.ts'

const types = (en: string, zh: string) => ({
  type: 'object',
  ...about(en, zh),
  additionalProperties: { type: 'string' },
})

export const routeSchema: Schema = object(
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
      'The types of the query parameters, or `any`; `names` for one that only chooses fields by their names in the answer, `nested_names` where these stand inside one another. Others are refused once this key is there.',
      '查询参数的类型，或 `any`；只按应答中的字段名选取字段的写 `names`，字段名可以嵌套的写 `nested_names`。写了此键，其他参数一律拒绝。',
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
        'The columns of tables (CSV, XLSX, XLS) that come without a header, in order; all their rows are then data.',
        '没有表头的表格（CSV、XLSX、XLS）各列的名称，按顺序；写了此键，所有行都是数据。',
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
      enum: ['query', 'data', 'graphql'],
      ...about(
        'What is sent here: `query` asks, and is refused where it asks by a masked field; `data` is stored; `graphql` is documents of GraphQL, by GET too. `data` for PUT and PATCH, else `query`, if left out.',
        '发来的内容是什么：query 为查询，按已脱敏字段查询则拒绝；data 为要保存的内容；graphql 为 GraphQL 文档，GET 也是。不写则 PUT、PATCH 为 data，其余为 query。',
      ),
    },
    jsonp: {
      enum: ['allow'],
      ...about(
        'Answers that hand JSON to a function (JSONP): read as JSON. Withheld if left out.',
        '把 JSON 交给回调函数的应答（JSONP）：按 JSON 读取。不写则扣留。',
      ),
    },
    hands_out: {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: 512 },
      minItems: 1,
      maxItems: 16,
      ...about(
        'Fields in which this JSON answer hands callers their own token after they sign in, named from the top (`data.token`): it leaves sealed, and comes back opened. Masked if left out.',
        '登录后，此 JSON 应答把令牌交给本人的字段，从最外层写起（`data.token`）：密封后给出，送回时还原。不写则脱敏。',
      ),
    },
    from: moment('From when the route is served.', '从何时起提供此路由。'),
    until: moment('Until when; after it the answer is 410.', '到何时为止；此后回答 410。'),
    masked_values: {
      enum: ['refuse', 'drop'],
      ...about(
        'Masked values that come back and that the gateway cannot replace by the system’s own: the request is refused (if left out), or they are left out of forms and merge patches (drop). refuse: none are replaced.',
        '写回的脱敏内容，网关无法放回原值时：拒绝该请求（不写即此），或从表单与合并补丁中去掉（drop）。refuse：一律不放回原值。',
      ),
    },
    errors: {
      enum: ['mask', 'replace'],
      ...about(
        'Error bodies: mask what can be read (if left out), or replace all.',
        '错误应答：能读的脱敏（不写即此），或全部替换。',
      ),
    },
    charset: charset(
      'Of answers on this route that declare none, and of paths and queries that are not UTF-8.',
      '本路由中未声明字符集的应答、非 UTF-8 的路径和查询参数用此字符集。',
    ),
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
        'Files that cannot be read: images, PDF, archives, office documents but XLSX and XLS. Withheld if left out.',
        '无法读取的文件：图片、PDF、压缩包、XLSX、XLS 以外的办公文档。不写则扣留。',
      ),
    },
  },
  ['path'],
)
