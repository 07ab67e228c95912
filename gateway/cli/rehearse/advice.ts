/** What would settle what a rehearsal found: the lines of YAML, or a sentence where none would. Names only, never a value. */
import type { Bilingual } from '../../contracts.ts'
import type { ProblemCode } from '../../errors.ts'
import { parseTarget } from '../../exchange/request/target.ts'
import type { SeenField } from './fields.ts'

export type Advice = { readonly words: Bilingual; readonly yaml?: readonly string[] }

const byCode: Partial<Record<ProblemCode, (targets: readonly string[]) => Advice | null>> = {
  ROUTE_UNKNOWN: targets => ({
    words: { zh: '在系统文件中加上路由：', en: 'Add the routes to the system’s file:' },
    yaml: ['routes:', ...[...new Set(targets.map(templateOf))].slice(0, 20).map(path => `  - path: ${path}`)],
  }),
  PARAMETER_UNDECLARED: targets => ({
    words: {
      zh: '在该路由中声明参数及其类型，或 any：',
      en: 'Declare the parameters of the route, by type or as any:',
    },
    yaml: [
      `query: { ${namesIn(targets)
        .map(name => `${name}: any`)
        .join(', ')} }`,
    ],
  }),
  PARAMETER_MASKED: () => ({
    words: {
      zh: '该受众看不到查询所用的字段：由能看到原文的受众来查询，改用其他参数，或让该类型显示为 token，凭令牌可以查询。参数若只是选取字段（fields、$select 等），在该路由的 query 中写成 names。',
      en: 'The audience does not see the field it asks by: have one ask that sees it clear, ask by another, or have it shown as a token, which can be asked by. A parameter that only chooses fields (fields, $select) is declared as `names` under the route’s query.',
    },
  }),
  FORMAT_UNKNOWN: targets => unreadAdvice[unreadKind(targets[0]!)](targets),
  CHARSET_UNKNOWN: () => ({
    words: {
      zh: '网关读 UTF-8、GBK、GB18030 与 Big5；系统须改用其中之一。',
      en: 'The gateway reads UTF-8, GBK, GB18030 and Big5: the system has to answer in one of them.',
    },
  }),
  CHARSET_MALFORMED: () => charset,
  TARGET_MALFORMED: targets => (targets.every(isOfOldPage) ? targetCharset : null),
  UPSTREAM_SIGN_IN: () => ({
    words: {
      zh: '在 gateway.yaml 的该系统下写明网关自己的 Basic 账号；Digest、NTLM、Kerberos 须由系统改用表单登录：',
      en: 'Give the gateway a Basic account of its own under the system in gateway.yaml; a system with Digest, NTLM or Kerberos alone has to sign people in by a form:',
    },
    yaml: ['credentials: { basic: { user: …, password_file: … } }'],
  }),
  ANSWER_TOO_LARGE: () => ({
    words: {
      zh: '若属实，在 gateway.yaml 中放宽其一：',
      en: 'If it is meant to be so, widen one of these in gateway.yaml:',
    },
    yaml: ['limits: { scalar: 4MiB, depth: 128, page: 4MiB, expansion: 200 }'],
  }),
  ROWS_NEED_GRANT: () => ({
    words: { zh: '行数超过该路由的上限；批量导出需要授权：', en: 'More rows than the route allows without a grant:' },
    yaml: ['bulk: { rows: 500 }'],
  }),
  REVIEW_UNAVAILABLE: () => ({
    words: {
      zh: '该应答会等待三人审核；预演中无人审核。字段列全后，unlisted: hold 的应答不再等待。',
      en: 'The answer would wait for three people to review it, and a rehearsal has none. Under unlisted: hold it no longer does once its fields are listed.',
    },
  }),
  LOCATION_WITHHELD: () => ({
    words: {
      zh: '重定向指向系统之外，或地址中有个人信息，均不能放行。若只是路径末尾带会话号（;jsessionid=…），在系统文件中写明：',
      en: 'The redirect leads out of the system, or tells something, and nothing lets it pass. Where it is only the session id at the end of its path (;jsessionid=…), say so in the system’s file:',
    },
    yaml: ['legacy_paths: true'],
  }),
  FORMAT_MALFORMED: () => ({
    words: {
      zh: '应答不合其格式的语法，须由系统一方修正，或更正其 content-type。',
      en: 'The answer breaks the grammar of its format: the system has to be put right, or its content-type.',
    },
  }),
}

type Unread = 'asset' | 'jsonp' | 'file'

/** What an answer that no format reads most likely is, as its target is called. */
function unreadKind(target: string): Unread {
  if (/[?&](?:_?(?:json|jsonp)?_?callback|jsonp|cb)=/i.test(target)) return 'jsonp'
  return /\.(?:css|js|mjs|woff2?|ttf|png|jpe?g|gif|svg|ico|webp)(?:\?|$)/i.test(target) ? 'asset' : 'file'
}

/** Which targets of one route and code the same advice is for. */
export function adviceKind(code: ProblemCode | null, target: string): string {
  return code === 'FORMAT_UNKNOWN' ? unreadKind(target) : ''
}

function assetsOf(targets: readonly string[]): Advice {
  return {
    words: {
      zh: '网关读不了这些文件。页面自用的文件可放行；路由优先于 assets，因此现在匹配它们的路由（如 **）要改为列出所需路径：',
      en: 'The gateway cannot read these files. Let a page’s own files pass; a route goes before them, so a route that takes their paths, as ** does, has to list what may be asked instead:',
    },
    yaml: ['assets:', `  paths: [${foldersOf(targets).join(', ')}]`],
  }
}

const unreadAdvice: Readonly<Record<Unread, (targets: readonly string[]) => Advice>> = {
  asset: assetsOf,
  jsonp: () => jsonp,
  file: () => opaque,
}

const jsonp: Advice = {
  words: {
    zh: '若是 JSONP（把 JSON 交给函数的脚本），任何网页都能借访问者的会话引用它。确需保留的，在路由中写明，即按其中的 JSON 读：',
    en: 'If it is JSONP, a script that hands JSON to a function, any page may include it with its visitor’s session. Where it is to stay, say so on the route, and it is read as the JSON in it:',
  },
  yaml: ['jsonp: allow'],
}

const opaque: Advice = {
  words: {
    zh: '网关读不了这些文件。确需放行的，在路由中写明级别与理由：',
    en: 'The gateway cannot read these files. Where they are to pass, state a cell and a reason on the route:',
  },
  yaml: ['opaque: { allow: A4, reason: … }'],
}

/** Whether a target is fine for a system that reads GBK and `%uXXXX`. */
function isOfOldPage(target: string): boolean {
  try {
    const { charset, pathCharset } = parseTarget(target, undefined, true)
    return (charset ?? pathCharset) !== undefined
  } catch {
    return false
  }
}

const targetCharset: Advice = {
  words: {
    zh: '地址按 GBK 或由 escape 转义，而系统文件没有写明该系统使用国标编码。若确是如此，请写：',
    en: 'The address is escaped in GBK, or by escape, and the system’s file does not say that the system reads that. If it does:',
  },
  yaml: ['charset: gb18030'],
}

const charset: Advice = {
  words: {
    zh: '系统没有声明字符集，或声明有误。若是国标编码，在系统文件中写明；文件中已写明而此路由用 UTF-8 的，在路由中写 charset: utf-8：',
    en: 'The system declares no charset, or a wrong one. If it is a Chinese national one, say so in the system’s file; where that says so, and this route is in UTF-8, write charset: utf-8 on the route:',
  },
  yaml: ['charset: gb18030'],
}

/** `targets`: of one kind; null: nothing to be said beyond the code's own words. */
export function adviceFor(code: ProblemCode, targets: readonly string[]): Advice | null {
  return byCode[code]?.(targets) ?? null
}

/** A line of `fields:` for a field that nothing names. */
export function lineFor({ name, values, found, long, wholly }: SeenField): string {
  const key = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : JSON.stringify(name)
  const [likely] = [...wholly].sort((one, other) => other[1] - one[1])
  if (likely !== undefined && likely[1] * 2 > values) return `${key}: ${likely[0]}`
  if (found > 0 || long * 2 > values) return `${key}: free_text`
  return `${key}: { not_personal: … }`
}

/** A path with what could be a value in it made a parameter: a segment with a digit, or beyond plain ASCII. */
export function templateOf(target: string): string {
  const [path = ''] = target.split('?')
  let count = 0
  return path
    .split('/')
    .map(segment => {
      const plain = /^[A-Za-z_.~-]{0,40}(?:v\d{1,2})?$/.test(segment)
      if (plain) return segment
      count++
      return count === 1 ? '{id}' : `{id${count}}`
    })
    .join('/')
}

/** Names of parameters as they are written; odd ones could be values, and are left out. */
function namesIn(targets: readonly string[]): string[] {
  const names = targets.flatMap(target => [...new URLSearchParams(target.split('?')[1] ?? '').keys()])
  return [...new Set(names)].filter(name => /^[A-Za-z_][A-Za-z_.-]{0,40}$/.test(name))
}

/** A file at the root stands for itself: all below the root would be everything. */
function foldersOf(targets: readonly string[]): string[] {
  const folderOf = (path: string) => (path.lastIndexOf('/') > 0 ? path.replace(/\/[^/]*$/, '/**') : path)
  return [...new Set(targets.map(target => folderOf(templateOf(target))))]
}
