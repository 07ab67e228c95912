/** `records` and `control` of gateway.yaml: where records go, and what gateways share. */
import type { Schema } from '../policy/validate.ts'
import { group, list, path, shaped, text } from './schema-parts.ts'

const variablePattern = '^[A-Za-z_][A-Za-z0-9_]{0,127}$'
const variableWords = { zh: '写作环境变量名', en: 'write the name of an environment variable' }
/** Names of logs begin with it. */
const shortNamePattern = '^[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?$'
const shortNameWords = {
  zh: '由小写字母、数字和“-”组成，至多 31 个字符，如 east',
  en: 'lower-case letters, digits and `-`, at most 31, as in east',
}

function postgresSchema(description: string): Schema {
  const settings = group({
    url_file: path('A file with postgres://USER:PASSWORD@HOST:PORT/DATABASE on one line.'),
    url_env: shaped(variablePattern, variableWords, 'The environment variable that holds that address instead.'),
    name: shaped(shortNamePattern, shortNameWords, 'Of this gateway among those that share the database.'),
    tls: {
      ...group({
        ca: path('PEM; authorities that vouch for the database, in place of the usual ones.'),
        server_name: text("Name to expect in the database's certificate, in place of its host."),
        certificate: path('PEM; of this client.'),
        key: path('PEM; readable by the gateway only.'),
      }),
      type: ['boolean', 'object'],
      description: 'Encrypted and checked by default, but on this machine; false: not encrypted.',
    },
  })
  return { ...settings, description }
}

export const recordsSchema: Schema = {
  ...group({
    folder: path('Folder of access records, made at first start. Default ./records.'),
    postgres: postgresSchema(
      'A database that gets a copy of all records, behind the serving. Either url_file or url_env.',
    ),
  }),
  type: ['string', 'object'],
  minLength: 1,
  maxLength: 1024,
  description: 'The folder of access records, or `folder` and where they are copied to.',
}

export const controlSchema = group(
  {
    postgres: postgresSchema(
      'A database in which gateways with the same people, consumers and keys decide grants and lockdowns together.',
    ),
    gateways: list(
      shaped(shortNamePattern, shortNameWords, 'The name of one.'),
      'All of them: a grant is used once more than half have it on record, so that whoever rules the database cannot have it used again.',
    ),
  },
  ['postgres'],
)
