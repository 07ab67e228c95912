import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typeTitles } from '../../gateway/cli/records/type-titles.ts'
import { accessDraft } from '../records/drafts.ts'
import { folderFor, logIn } from '../records/folder.ts'
import { runCommand } from '../support/run-command.ts'

test('an outcome or a code that there is not is said so: no records would read as an answer', async t => {
  const records = await folderFor(t)
  const log = await logIn(t, records)
  await log.append([accessDraft()])
  await log.close()
  const query = (filter: string[], lang: 'zh' | 'en' = 'en') =>
    runCommand(['records', 'query', '--records', records, ...filter], { lang })
  const outcome = await query(['--outcome', 'releasd'])
  assert.equal(outcome.status, 2)
  assert.match(outcome.stderr, /^--outcome takes one of released, withheld, refused, aborted, held, loaded\./)
  assert.match((await query(['--outcome', 'releasd'], 'zh')).stderr, /^--outcome 只能是：released、/)
  for (const code of ['13800138000', 'route_unknown', 'toString']) {
    const ran = await query(['--code', code])
    assert.equal(ran.status, 2)
    assert.match(ran.stderr, /^There is no such code\./)
    assert.ok(!ran.stderr.includes(code), ran.stderr)
  }
  for (const filter of [
    ['--outcome', 'released'],
    ['--outcome', 'loaded'],
    ['--code', 'ROUTE_UNKNOWN'],
  ])
    assert.equal((await query(filter)).status, 0, filter.join(' '))
})

test('a field with a cell in place of a type is told in words, as free text is', () => {
  const titleOf = typeTitles()
  assert.deepEqual(titleOf('cell'), { zh: '未定类型的字段', en: 'Field of no named type' })
  assert.deepEqual(titleOf('free_text'), { zh: '自由文本', en: 'Free text' })
  assert.equal(titleOf('cn_resident_id')?.zh, '居民身份证号')
  assert.equal(titleOf('no_such_type'), null)
})
