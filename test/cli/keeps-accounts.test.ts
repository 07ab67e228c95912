import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openTotp, sealTotp, totpPurpose } from '../../gateway/access/accounts/account.ts'
import { makeTotpSecret } from '../../gateway/access/accounts/one-time-code.ts'
import { openKeys } from '../../gateway/access/keys.ts'
import { createSeal } from '../../gateway/access/seal.ts'
import { accountStore, changeAccounts, readAccounts } from '../../gateway/cli/accounts/file.ts'
import { readRecords } from '../../gateway/records/files/read.ts'
import { addAccount, writeConfig } from '../support/accounts.ts'
import { type ApprovingPeople, makePeople } from '../support/approving-people.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'

const password = 'wide river, old stone 47'
let folder: string
let people: ApprovingPeople

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  people = await makePeople(join(folder, 'people'))
  await writeConfig(folder, `timezone: Asia/Shanghai\n${people.yaml}`)
})
after(() => removeFolder(folder))

const file = () => join(folder, 'accounts.yaml')
const run = (args: string[], stdin = `${password}\n`, lang: 'zh' | 'en' = 'en') =>
  runCommand(['accounts', ...args], { cwd: folder, stdin, lang })

test('an account is added with a hash and a sealed secret, for nobody else to read, and is on record', async () => {
  const { status, stdout, stderr } = await run([
    'add',
    'sun',
    '--duty',
    'audit',
    '--email',
    'sun@x.cn',
    '--until',
    '2027-01-31',
  ])
  assert.equal(status, 0, stderr)
  const [secret, uri] = stdout.trim().split('\n')
  assert.match(secret!, /^[A-Z2-7]{32}$/)
  assert.equal(uri, `otpauth://totp/Veilgate:sun?issuer=Veilgate&secret=${secret}&algorithm=SHA1&digits=6&period=30`)
  assert.equal((await stat(file())).mode & 0o777, 0o600)
  const text = await readFile(file(), 'utf8')
  assert.match(text, /"password":"\$scrypt\$ln=17,r=8,p=1\$/)
  const kept: string[] = []
  for await (const entry of readRecords(join(folder, 'records'))) kept.push(JSON.stringify(entry))
  for (const held of [text, kept.join()]) for (const one of [password, secret!]) assert.ok(!held.includes(one))
  assert.match(kept.at(-1)!, /"kind":"account","action":"added","account":"sun","duty":"audit","address":null/)
  assert.match((await run(['list'])).stdout, /^sun +audit +sun@x\.cn +- +2027-02-01 00:00 +has to change/m)
  assert.match((await run(['list'], '', 'zh')).stdout, /须更换口令/)
})

test('one person has one account, however that is hidden', async () => {
  const refused: [string[], RegExp][] = [
    [['add', 'sun', '--duty', 'system'], /there is an account of that name/],
    [['add', 'Sun', '--duty', 'system'], /but for how it is written/],
    [['add', 'ｓｕｎ', '--duty', 'system'], /but for how it is written/],
    [['add', 'moon', '--duty', 'system', '--email', 'SUN@x.cn'], /nobody has two duties/],
    [['add', 'wang', '--duty', 'audit'], /security only/],
    [['add', 'WANG', '--duty', 'audit'], /security only/],
    [['add', 'login-of-wang', '--duty', 'audit'], /security only/],
    [['add', 'li', '--duty', 'system'], /security only/],
  ]
  const before = await readFile(file(), 'utf8')
  for (const [args, said] of refused) {
    const { status, stderr } = await run(args)
    assert.equal(status, 1, args.join(' '))
    assert.match(stderr, said)
  }
  assert.equal(await readFile(file(), 'utf8'), before)
  const entries: unknown[] = []
  for await (const entry of readRecords(join(folder, 'records'))) if (entry.kind === 'account') entries.push(entry)
  assert.equal(entries.length, 1, 'what is refused is not said to have been done')
})

test('a file in which one person has two duties is not used, and says where', async () => {
  await addAccount(folder, 'moon', 'system')
  const text = await readFile(file(), 'utf8')
  const totp = /"sun":.*"totp":"([^"]+)"/.exec(text)![1]!
  const seal = createSeal([(await openKeys(join(folder, 'keys'))).ring.secret(totpPurpose)])
  const same = sealTotp(seal, 'moon', openTotp(seal, { name: 'sun', totp })!)
  try {
    for (const [changed, said] of [
      [text.replace(/("moon":.*"totp":")[^"]+/, `$1${totp}`), /4:\d+ CONFIG_ACCOUNTS .*not sealed by this gateway/],
      [
        text.replace(/("moon":.*"totp":")[^"]+/, `$1${same}`),
        /4:\d+ CONFIG_ACCOUNTS the same person as the account 'sun'/,
      ],
      [text.replace('"duty":"audit"', '"duty":"both"'), /3:\d+ CONFIG_/],
      [text.replace('"moon":', '"sun":'), /4:3 YAML_/],
      [text.replace('"moon":', '"wang":'), /4:\d+ CONFIG_ACCOUNTS .*security only/],
    ] as const) {
      await writeFile(file(), changed)
      const { status, stderr } = await run(['list'])
      assert.equal(status, 1)
      assert.match(stderr, said)
    }
    await writeFile(file(), text)
    await chmod(file(), 0o644)
    assert.match((await run(['list'])).stderr, /other users can read the accounts.*chmod 600/)
  } finally {
    await writeFile(file(), text)
    await chmod(file(), 0o600)
  }
})

test('what is no name, duty, day or password is refused with what to write instead', async () => {
  const wrong: [string[], string][] = [
    [['add'], password],
    [['add', 'a', 'b', '--duty', 'audit'], password],
    [['add', 'x/y', '--duty', 'audit'], password],
    [['add', '13800138000', '--duty', 'audit'], password],
    [['add', 'star', '--duty', 'all'], password],
    [['add', 'star'], password],
    [['add', 'star', '--duty', 'audit', '--until', '2026-02-30'], password],
    [['add', 'star', '--duty', 'audit', '--email', 'x'], password],
    [['add', 'star', '--duty', 'audit'], 'short'],
    [['add', 'star', '--duty', 'audit'], 'Password123456'],
    [['add', 'star', '--duty', 'audit'], 'the star of the north'],
    [['password', 'sun'], 'short'],
    [['list', 'sun'], ''],
  ]
  for (const [args, stdin] of wrong) assert.equal((await run(args, `${stdin}\n`)).status, 2, args.join(' '))
  assert.equal((await run(['unlock', 'nobody'])).status, 1)
})

test('another password, other codes, and an end, each on record', async () => {
  const before = await readFile(file(), 'utf8')
  assert.equal((await run(['password', 'moon'])).status, 0)
  const { stdout } = await run(['totp', 'moon'])
  assert.match(stdout, /^[A-Z2-7]{32}\notpauth:/)
  const after = await readFile(file(), 'utf8')
  const partsOf = (text: string) => /"moon":.*"password":"([^"]+)","totp":"([^"]+)"/.exec(text)!.slice(1)
  for (const [at, part] of partsOf(after).entries()) assert.notEqual(part, partsOf(before)[at])
  assert.match(after, /"moon":.*"initial":true/)
  assert.equal((await run(['remove', 'moon'])).status, 0)
  assert.doesNotMatch(await readFile(file(), 'utf8'), /moon/)
  const actions: unknown[] = []
  for await (const entry of readRecords(join(folder, 'records')))
    if (entry['account'] === 'moon') actions.push(entry['action'])
  assert.deepEqual(actions, ['added', 'password', 'totp', 'removed'])
})

test('of changes at one moment none is lost', async () => {
  const seal = createSeal([(await openKeys(join(folder, 'keys'))).ring.secret(totpPurpose)])
  const place = { path: file(), seal, people: new Set<string>() }
  const sun = (await readAccounts(place)).get('sun')!
  const names = Array.from({ length: 12 }, (_, nth) => `many-${nth}`)
  const added = (name: string) => ({ ...sun, name, email: null, totp: sealTotp(seal, name, makeTotpSecret()) })
  await Promise.all(names.map(name => changeAccounts(place, all => new Map([...all, [name, added(name)]]))))
  assert.deepEqual([...(await readAccounts(place)).keys()].sort(), ['sun', ...names].sort())
  const store = accountStore(place)
  await Promise.all(names.map(name => store.change(name, one => ({ ...one, initial: false }))))
  assert.deepEqual(
    [...(await store.read()).values()].filter(({ initial }) => initial).map(({ name }) => name),
    ['sun'],
  )
  assert.equal(await store.change('nobody', one => one), false)
})

test('where it cannot be recorded nothing is done', async () => {
  const before = await readFile(file(), 'utf8')
  await rm(join(folder, 'records'), { recursive: true })
  await writeFile(join(folder, 'records'), '')
  assert.equal((await run(['remove', 'sun'])).status, 2)
  assert.equal(await readFile(file(), 'utf8'), before)
})
