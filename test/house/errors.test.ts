import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { problems } from '../../gateway/errors.ts'
import { errorTable } from './error-codes.ts'
import { sourcesIn, withoutComments } from './imports.ts'

const map = join(import.meta.dirname, '../../gateway/README.md')
const part = /(<!-- made from errors\.ts; UPDATE=1 npm test makes it again -->\n)[\s\S]*?(\n<!-- end -->)/

test('every error code is raised somewhere in the gateway', async () => {
  const sources = (await sourcesIn('gateway')).filter(source => source.file !== 'gateway/errors.ts')
  const text = sources.map(source => withoutComments(source.text)).join('\n')
  assert.deepEqual(
    Object.keys(problems).filter(code => !text.includes(`'${code}'`)),
    [],
  )
})

test('the map documents every error code, and no other', async () => {
  const text = await readFile(map, 'utf8')
  if (process.env['UPDATE'] === '1') {
    await writeFile(
      map,
      text.replace(part, (_, open, close) => `${open}\n${errorTable()}\n${close}`),
    )
    return
  }
  assert.match(text, part)
  assert.ok(part.exec(text)![0].includes(`\n${errorTable()}\n`), 'stale: run UPDATE=1 npm test')
})

test('every title is there in both languages, and every status is one of the table of statuses', () => {
  const statuses = [303, 400, 401, 403, 404, 405, 410, 413, 415, 421, 422, 429, 431, 500, 501, 502, 503, 504]
  for (const [code, { status, title }] of Object.entries(problems)) {
    assert.ok(statuses.includes(status), code)
    assert.match(title.zh, /\p{Script=Han}/u, code)
    assert.match(title.en, /^[\x20-\x7e]+$/, code)
  }
})
