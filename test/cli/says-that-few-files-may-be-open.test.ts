import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { tellOfFewFiles } from '../../gateway/cli/serve/open-files.ts'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import { createLog } from '../../gateway/log.ts'
import { removeFolder } from '../support/remove-folder.ts'

test('where the machine lets a process open fewer files than gateway.yaml has connections, it is said', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const config = upstreamOnly('http://127.0.0.1:9', { directory: folder })!
  const said = async (limit: string, workers: number | null = null): Promise<string> => {
    const lines: string[] = []
    const log = createLog({ lang: 'en', write: line => void lines.push(line), forPeople: false })
    const file = join(folder, 'limits')
    await writeFile(
      file,
      `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${limit}         ${limit}     files\n`,
    )
    await tellOfFewFiles({ ...config, workers }, log, file)
    return lines.join('')
  }
  assert.match(
    await said('4096'),
    /"count":4096,"message":"this process may open fewer files than `limits\.connections`/,
  )
  for (const enough of ['65536', 'unlimited']) assert.equal(await said(enough), '')
  assert.equal(await said('4500', 2), '')
})
