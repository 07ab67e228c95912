/** One of `systems` of gateway.yaml. */
import { poolRules, timeoutRules } from './limits.ts'
import { momentPattern, words } from './quantities.ts'
import { group, limitSchemas, list, path, shaped, text } from './schema-parts.ts'

const headerPattern = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$"
const hostPattern = '^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$'
const prefixPattern = '^(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$'
const headerWords = { zh: '写作请求头名称，如 X-Tenant', en: 'write the name of a header, as in X-Tenant' }

export const systemSchema = group(
  {
    upstream: {
      ...text('http:// or https:// URL of the system; a path is put before every request.'),
      'x-zh': '旧系统的 http:// 或 https:// 地址',
    },
    prefix: shaped(
      prefixPattern,
      { zh: '以“/”开头、不以“/”结尾，如 /xg', en: 'begin with a slash and do not end with one, as in /xg' },
      'Which paths belong to this system; stripped before forwarding.',
    ),
    host: shaped(
      hostPattern,
      { zh: '写作不带端口的主机名', en: 'write a host name without a port' },
      'Which host belongs to this system.',
    ),
    proof_header: shaped(
      headerPattern,
      headerWords,
      'A header with a secret by which the system can refuse callers that went around; see keys/proof-NAME.secret.',
    ),
    request_headers: list(shaped(headerPattern, headerWords, 'A header.'), 'Headers to forward beyond the allow-list.'),
    credentials: group({
      header: group({ name: shaped(headerPattern, headerWords, 'A header.'), value_file: path('Its value.') }, [
        'name',
        'value_file',
      ]),
      basic: group({ user: text('User name.'), password_file: path('The password.') }, ['user', 'password_file']),
      client_certificate: group({ certificate: path('PEM.'), key: path('PEM.') }, ['certificate', 'key']),
    }),
    ca: path('PEM; authorities that vouch for the upstream, in place of the usual ones.'),
    server_name: shaped(
      hostPattern,
      { zh: '写作主机名', en: 'write a host name' },
      "Name to expect in the upstream's certificate.",
    ),
    policy: { const: 'shipped', description: 'Serve every path by the shipped catalogue, GET and HEAD.' },
    compress: {
      type: 'boolean',
      description:
        'Compress answers for callers that ask. Default false: lengths of compressed text tell of secrets in it.',
    },
    watermark: {
      type: 'boolean',
      description:
        'Write over its pages, faintly, who looks at them and when, so that a photograph of the screen or a print tells. Default false.',
    },
    from: shaped(momentPattern, words.moment, 'From when it is served.'),
    until: shaped(momentPattern, words.moment, 'Until when; a day counts to its end. After it: 410.'),
    timeouts: group(limitSchemas(timeoutRules)),
    pool: group(limitSchemas(poolRules)),
  },
  ['upstream'],
)
