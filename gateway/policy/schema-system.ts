import { charset, fields, review, unlisted, when } from './schema-fields.ts'
import { about, bilingual, object, plainName } from './schema-parts.ts'
import { routeSchema } from './schema-route.ts'
import { testCase } from './schema-test.ts'
import type { Schema } from './validate.ts'

/** The keys of systems/*.yaml. */
export function systemKeys(): Schema {
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
      items: routeSchema,
      minItems: 1,
      ...about('What may be asked; everything else is refused.', '允许的请求；其余一律拒绝。'),
    },
    charset: charset(
      'Of answers that declare none, and of paths and queries that are not UTF-8; a route may say otherwise. UTF-8 if left out.',
      '未声明字符集的应答、非 UTF-8 的路径和查询参数用此字符集；路由可另写。不写则为 UTF-8。',
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

const bilingualParts = { properties: bilingual['properties'], required: ['zh', 'en'], additionalProperties: false }
