import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Draft } from '../../gateway/records/entry.ts'
import { runCommand } from '../support/run-command.ts'
import { accessDraft } from './drafts.ts'
import { folderFor, logIn } from './folder.ts'

const withheld = { outcome: 'withheld', code: 'FORMAT_UNKNOWN', status: 502, fields: {} } as const
const drafts: Draft[] = [
  accessDraft(),
  accessDraft(withheld),
  accessDraft(withheld),
  accessDraft({ ...withheld, code: 'CHARSET_UNKNOWN', route: '/old/{id}' }),
  accessDraft({ fields: { 'bank_card@A4': { redact: 3 }, 'cn_mobile@A3': { clear: 1 } } }),
  { kind: 'refused', address: '10.9.9.9', status: 401, code: 'CREDENTIALS_WRONG', count: 17 },
]

test('records are counted by route and code, or by whatever is asked, the most frequent first', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  for (const draft of drafts) await log.append([draft])
  await log.close()
  const query = (...args: string[]) => runCommand(['records', 'query', '--records', directory, ...args])
  const { route } = accessDraft()

  const { status, stdout } = await query('--outcome', 'withheld', '--by', 'route,code')
  assert.equal(status, 0)
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map(line => line.split(/ {2,}/))
  assert.deepEqual(lines, [
    ['route', 'code', 'count'],
    [route, 'FORMAT_UNKNOWN', '2'],
    ['/old/{id}', 'CHARSET_UNKNOWN', '1'],
  ])

  const chinese = await query('--by', 'operator,outcome', '--lang', 'zh')
  assert.match(chinese.stdout, /^操作人 +结果 +次数\n/)

  const json = await query('--by', 'kind,code', '--kind', 'refused', '--json')
  assert.deepEqual(JSON.parse(json.stdout), { kind: 'refused', code: 'CREDENTIALS_WRONG', count: 17 })

  const csv = await query('--by', 'data-type', '--data-type', 'bank_card', '--csv')
  assert.equal(csv.stdout, '\ufeffdata-type,count\r\nbank_card@A4,1\r\ncn_mobile@A3,1\r\n')

  const wrong = await query('--by', 'value')
  assert.equal(wrong.status, 2)
  assert.match(wrong.stderr, /route, code, outcome/)
  const again = await query('--by', 'kind', '--kind', 'query')
  assert.match(again.stdout, /query +4\n/)
})
