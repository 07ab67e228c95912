import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'

const shipped = join(import.meta.dirname, '../../policies')
let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-diff-'))
  await cp(shipped, join(folder, 'new'), { recursive: true })
  const audiences = join(folder, 'new/audiences.yaml')
  const text = await readFile(audiences, 'utf8')
  await writeFile(audiences, text.replace('staff:      { 4: partial', 'staff:      { 4: clear'))
})
after(() => removeFolder(folder))

test('who sees more is said first and ends with 1; the other way round nobody does, and who sees less is said', async () => {
  const wider = await runCommand(['diff', shipped, join(folder, 'new')], { lang: 'zh' })
  assert.equal(wider.status, 1)
  assert.match(wider.stdout, /^显示更多，或无法证明同样严格：\d+ 处。启用前须由第二人批准.*\n {2}各系统\n/)
  assert.match(wider.stdout, /^ {4}counsellor、staff: 部分遮盖 → 明文：居民身份证号 cn_resident_id@A4；.* 等 \d+ 个$/m)
  const tighter = await runCommand(['diff', join(folder, 'new'), shipped])
  assert.equal(tighter.status, 0)
  assert.match(
    tighter.stdout,
    /^Shows less: \d+\.\n {2}all systems\n {4}counsellor, staff: in clear -> partly masked: cn_resident_id@A4; /,
  )
  assert.match(tighter.stderr, /Nothing is more visible/)
})

test('a field is told with its routes, its types and all who see the same of it', async () => {
  const write = async (name: string, fields: string) => {
    await mkdir(join(folder, name, 'systems'), { recursive: true })
    const text = `system: s\nfields: ${fields}\nroutes: [ { path: /a }, { path: /b, columns: [x, y] } ]\n`
    await writeFile(join(folder, name, 'systems/s.yaml'), text)
  }
  await write('before', '{ hbhm: cn_mobile, dw: B2 }')
  await write('after', '{ hbhm2: cn_mobile, dw: B3 }')
  const { stdout } = await runCommand(['diff', join(folder, 'before'), join(folder, 'after')], { lang: 'zh' })
  assert.match(
    stdout,
    /^ {2}s GET \/a、GET \/b {2}hbhm\n {4}public: 全部遮盖（手机号 cn_mobile@A3） → 由检测器读（未列出）\n/m,
  )
  assert.match(stdout, /^ {4}counsellor、staff: 部分遮盖（手机号 cn_mobile@A3） → 由检测器读（未列出）$/m)
  const [, less] = stdout.split('显示更少')
  assert.match(
    less!,
    /^ {2}s GET \/a、GET \/b {2}dw\n(?: {4}.*\n)*? {4}counsellor、staff: 明文（B2） → 全部遮盖（B3）$/m,
  )
})

test('settings of a route are told in words', async () => {
  const write = async (name: string, route: string) => {
    await mkdir(join(folder, name, 'systems'), { recursive: true })
    await writeFile(join(folder, name, 'systems/s.yaml'), `system: s\nroutes: [ { path: /a, ${route} } ]\n`)
  }
  await write('strict', 'columns: [xm, dh], bulk: { rows: 50 }')
  await write('loose', 'columns: [dh, xm], bulk: { rows: 500 }, jsonp: allow')
  const { stdout } = await runCommand(['diff', join(folder, 'strict'), join(folder, 'loose')], { lang: 'zh' })
  assert.match(stdout, /^ {4}所有人: 不需授权的行数（bulk） 50 → 500$/m)
  assert.match(stdout, /^ {4}所有人: JSONP 扣留 → 放行$/m)
  assert.match(stdout, /column 1\n {4}所有人: 列名（columns） xm → dh$/m)
  assert.doesNotMatch(stdout, /显示更少/)
})

test('--json is one object a line', async () => {
  const { stdout } = await runCommand(['diff', shipped, join(folder, 'new'), '--json'])
  const found = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  const id = found.find(({ audience, subject }) => audience === 'staff' && subject === 'cn_resident_id@A4')
  assert.deepEqual([id?.['from'], id?.['to'], id?.['with']], ['partial', 'clear', []])
})

test('a folder that cannot be read, or is broken, ends with 2', async () => {
  assert.equal((await runCommand(['diff', shipped, join(folder, 'none')])).status, 2)
  assert.equal((await runCommand(['diff', shipped])).status, 2)
})
