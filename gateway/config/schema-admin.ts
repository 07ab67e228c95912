/** The key `admin` of gateway.yaml: an address, false, or with who signs in there. */
import type { Schema } from '../policy/validate.ts'
import { duties } from './config.ts'
import { listenPattern, words } from './quantities.ts'
import { group, list, path, proxiesSchema, shaped, text } from './schema-parts.ts'

const issuer = shaped(
  '^(?:https://[^\\s/?#@]{1,253}|http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::\\d{1,5})?)(?:/[^\\s?#]{0,500})?$',
  { zh: '写作 https://主机/路径', en: 'write https://host/path' },
  'The OpenID provider; PUBLIC_URL/api/login/callback is registered there.',
)
const values = (description: string) => list(text('A value.'), description)

export const adminSchema: Schema = {
  ...group({
    listen: shaped(listenPattern, words.listen, 'Default 127.0.0.1:8081.'),
    tls: group({ certificate: path('PEM, with the chain.'), key: path('PEM; readable by the gateway only.') }, [
      'certificate',
      'key',
    ]),
    public_url: text(
      'Under which people reach it: where a proxy encrypts, and where an OpenID provider sends them back.',
    ),
    ...proxiesSchema,
    accounts: path('Accounts, made by veilgate accounts. Default ./accounts.yaml.'),
    oidc: {
      ...group(
        {
          issuer,
          client_id: text('Of the admin listener at the provider.'),
          client_secret_file: path('Left out: a public client.'),
          scope: text('Default openid.'),
          account: text('The claim that names the account. Default sub.'),
          roles: text('The claim that holds roles or groups.'),
          duties: group(Object.fromEntries(duties.map(duty => [duty, values(`Roles that have the duty ${duty}.`)]))),
          strong: group({
            acr: values('Values of `acr`, one of which a sign-in must have.'),
            amr: values('Values of `amr`, one of which a sign-in must have: mfa, otp, hwk.'),
          }),
        },
        ['issuer', 'client_id', 'roles', 'duties'],
      ),
      description: 'Who knows people in place of accounts. Whose roles come to two duties is refused.',
    },
  }),
  type: ['string', 'boolean', 'object'],
  pattern: listenPattern,
  'x-words': words.listen,
  description: 'Health, metrics and the admin API. Default 127.0.0.1:8081; false: none.',
}
